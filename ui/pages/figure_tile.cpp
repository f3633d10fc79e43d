// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/figure_tile.h"

#include "style/theme.h"
#include "text/plain_text.h"

#include <QPainter>

#include <algorithm>

namespace quantloupe::ui {
namespace {

constexpr int kMargin = 10;
constexpr int kIcon = 16;
constexpr double kSmallest = 0.65; ///< of its size, that a figure is drawn in where there is little room

QFont scaled(const QFont &font, double factor, QFont::Weight weight = QFont::Normal)
{
    QFont result = font;
    result.setPointSizeF(font.pointSizeF() * factor);
    result.setWeight(weight);
    return result;
}

} // namespace

FigureTile::FigureTile(const QString &objectName, QWidget *parent) : QAbstractButton(parent)
{
    setObjectName(objectName);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FigureTile::setContent(const Content &content)
{
    m_content = content;
    const QString spoken = tr("%1: %2").arg(content.name, content.value);
    setAccessibleName(spoken);
    setAccessibleDescription(content.detail);
    setToolTip(plainToolTip(content.detail.isEmpty() ? spoken : spoken + QLatin1Char('\n') + content.detail));
    setFocusPolicy(content.isLink ? Qt::StrongFocus : Qt::NoFocus);
    setCursor(content.isLink ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

QSize FigureTile::sizeHint() const
{
    const int height = QFontMetrics(scaled(font(), 0.9)).height() * 2 + QFontMetrics(scaled(font(), 1.5)).height() + 2 * kMargin + 2;
    return {190, height};
}

QSize FigureTile::minimumSizeHint() const
{
    return {120, sizeHint().height()};
}

void FigureTile::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool isHot = m_content.isLink && (underMouse() || hasFocus());
    painter.setPen(QPen(palette().color(isHot ? QPalette::Highlight : QPalette::Mid), isHot ? 2.0 : 1.0));
    painter.setBrush(palette().color(isDown() && m_content.isLink ? QPalette::AlternateBase : QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
    const QRect inside = rect().adjusted(kMargin, kMargin - 2, -kMargin, 2 - kMargin);
    int top = inside.top();
    const auto line = [&](const QString &text, const QFont &font, const QColor &color, int indent) {
        const QFontMetrics metrics(font);
        painter.setFont(font);
        painter.setPen(color);
        painter.drawText(QRect(inside.left() + indent, top, inside.width() - indent, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(text, Qt::ElideRight, inside.width() - indent));
        top += metrics.height() + 1;
    };
    const QColor faint = meaningColors(palette()).faintText;
    line(m_content.name, scaled(font(), 0.9), faint, 0);
    const QFont large = scaled(font(), 1.4, QFont::DemiBold);
    if (m_content.glyph)
        ui::icon(*m_content.glyph, m_content.color).paint(&painter, QRect(inside.left(), top + (QFontMetrics(large).height() - kIcon) / 2, kIcon, kIcon));
    // The figure is what the tile is for: it becomes smaller before it is cut.
    const int indent = m_content.glyph ? kIcon + 6 : 0;
    const double share = (inside.width() - indent) / std::max(1.0, static_cast<double>(QFontMetrics(large).horizontalAdvance(m_content.value)));
    const QFont fitting = scaled(font(), 1.4 * std::clamp(share, kSmallest, 1.0), QFont::DemiBold);
    top += (QFontMetrics(large).height() - QFontMetrics(fitting).height()) / 2;
    const int next = top + QFontMetrics(fitting).height() + 1 + (QFontMetrics(large).height() - QFontMetrics(fitting).height() + 1) / 2;
    line(m_content.value, fitting, palette().color(QPalette::Text), indent);
    top = next;
    line(m_content.detail, scaled(font(), 0.9), faint, 0);
}

void FigureTile::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void FigureTile::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace quantloupe::ui
