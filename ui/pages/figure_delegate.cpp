// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/figure_delegate.h"

#include "charts/verdict_look.h"
#include "models/tensor_table_model.h"
#include "models/verdict.h"

#include <QPainter>

namespace quantloupe::ui {
namespace {

constexpr int kIcon = 12;

QColor tint(const VerdictLook &look, Verdict verdict, const QVariant &severity)
{
    QColor color = look.color;
    if (verdict == Verdict::Raised)
        color.setAlphaF(0.04f + 0.22f * static_cast<float>(severity.toDouble()));
    else
        color.setAlphaF(verdict == Verdict::Outlier ? 0.30f : 0.0f);
    return color;
}

} // namespace

void FigureDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QVariant value = index.data(TensorTableModel::VerdictRole);
    if (!value.isValid()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    const auto verdict = static_cast<Verdict>(value.toInt());
    const VerdictLook look = lookOf(verdict, option.palette);
    const QVariant severity = index.data(TensorTableModel::SeverityRole);
    const bool isSelected = option.state & QStyle::State_Selected;
    QStyleOptionViewItem shifted = option;
    if (severity.isValid() && !isSelected)
        painter->fillRect(option.rect, tint(look, verdict, severity));
    const QRect place(option.rect.left() + 6, option.rect.center().y() - kIcon / 2 + 1, kIcon, kIcon);
    if (!severity.isValid())
        shifted.rect.setLeft(place.right() + 1);
    if (isSelected)
        painter->fillRect(option.rect, option.palette.brush(option.state & QStyle::State_Active ? QPalette::Active : QPalette::Inactive, QPalette::Highlight));
    QStyledItemDelegate::paint(painter, shifted, index);
    icon(look.glyph, look.color).paint(painter, place, Qt::AlignCenter, isSelected ? QIcon::Selected : QIcon::Normal);
}

QSize FigureDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (index.data(TensorTableModel::VerdictRole).isValid())
        size.rwidth() += kIcon + 10;
    return size;
}

} // namespace quantloupe::ui
