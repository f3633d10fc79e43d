// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/card_delegate.h"

#include "style/theme.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QTextLayout>

namespace quantloupe::ui {
namespace {

constexpr int kMargin = 8;
constexpr int kIcon = 16;

struct Fonts {
    QFont title;
    QFont detail;
};

Fonts fontsOf(const QFont &font)
{
    Fonts fonts{font, font};
    fonts.title.setWeight(QFont::DemiBold);
    fonts.detail.setPointSizeF(font.pointSizeF() * 0.92);
    return fonts;
}

/// Lines break between words, and inside one only where it is longer than the line. Returns the height; draws when asked.
int layoutText(const QString &text, const QFont &font, const QRect &place, QPainter *painter)
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    double height = 0.0;
    const QStringList paragraphs = text.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const QString &paragraph : paragraphs) {
        QTextLayout layout(paragraph, font);
        layout.setTextOption(option);
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
            line.setLineWidth(place.width());
            line.setPosition({0.0, height});
            height += line.height();
        }
        layout.endLayout();
        if (painter)
            layout.draw(painter, place.topLeft());
        height += 2.0;
    }
    return static_cast<int>(height);
}

struct Places {
    QRect title;
    QRect detail;
    int bottom;
};

Places placesIn(const QRect &rect, const QFont &font, const QModelIndex &index)
{
    const Fonts fonts = fontsOf(font);
    const int left = rect.left() + kMargin + kIcon + 8;
    const int width = std::max(40, rect.right() - kMargin - left);
    const auto place = [&](const QFont &of, int role, int top) {
        const QRect rough(left, top, width, 0);
        return QRect(left, top, width, layoutText(index.data(role).toString(), of, rough, nullptr));
    };
    Places places;
    places.title = place(fonts.title, Qt::DisplayRole, rect.top() + kMargin);
    places.detail = place(fonts.detail, CardDelegate::DetailRole, places.title.bottom() + 3);
    places.bottom = std::max(places.detail.bottom(), rect.top() + kMargin + kIcon) + kMargin;
    return places;
}

int viewWidth(const QStyleOptionViewItem &option)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    return view ? view->viewport()->width() : option.rect.width();
}

} // namespace

void CardDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Places places = placesIn(option.rect, option.font, index);
    const Fonts fonts = fontsOf(option.font);
    const bool isSelected = option.state & QStyle::State_Selected;
    painter->save();
    if (isSelected)
        painter->fillRect(option.rect, option.palette.brush(QPalette::Highlight));
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, option.palette.brush(QPalette::AlternateBase));
    index.data(Qt::DecorationRole).value<QIcon>().paint(painter, QRect(option.rect.left() + kMargin, places.title.top(), kIcon, kIcon), Qt::AlignCenter, isSelected ? QIcon::Selected : QIcon::Normal);
    painter->setPen(option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text));
    layoutText(index.data(Qt::DisplayRole).toString(), fonts.title, places.title, painter);
    if (!isSelected)
        painter->setPen(meaningColors(option.palette).faintText);
    layoutText(index.data(DetailRole).toString(), fonts.detail, places.detail, painter);
    painter->setPen(meaningColors(option.palette).grid);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    painter->restore();
}

QSize CardDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QRect rect(0, 0, viewWidth(option), 0);
    return {rect.width(), placesIn(rect, option.font, index).bottom};
}

} // namespace quantloupe::ui
