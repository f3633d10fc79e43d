// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/action_card.h"

#include "style/theme.h"

#include <QAction>
#include <QPainter>

namespace quantloupe::ui {

ActionCard::ActionCard(QAction &action, const QString &explanation, QWidget *parent) : QAbstractButton(parent), m_explanation(explanation)
{
    setObjectName(action.objectName() + QStringLiteral("Card"));
    setIcon(action.icon());
    setText(action.iconText());
    setToolTip(action.toolTip());
    setAccessibleName(action.iconText());
    setAccessibleDescription(explanation);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(this, &QAbstractButton::clicked, &action, &QAction::trigger);
    connect(&action, &QAction::enabledChanged, this, &QWidget::setEnabled);
    setEnabled(action.isEnabled());
}

QSize ActionCard::sizeHint() const
{
    return {220, 44 + 32 + 4 * fontMetrics().height()};
}

void ActionCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool isHot = isEnabled() && (underMouse() || hasFocus());
    painter.setPen(QPen(palette().color(isHot ? QPalette::Highlight : QPalette::Mid), isHot ? 2.0 : 1.0));
    painter.setBrush(palette().color(isDown() ? QPalette::AlternateBase : QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
    const QRect inside = rect().adjusted(14, 14, -14, -12);
    icon().paint(&painter, QRect(inside.left(), inside.top(), 32, 32), Qt::AlignCenter, isEnabled() ? QIcon::Normal : QIcon::Disabled);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    bold.setPointSizeF(font().pointSizeF() * 1.1);
    painter.setFont(bold);
    const QPalette::ColorGroup group = isEnabled() ? QPalette::Active : QPalette::Disabled;
    painter.setPen(palette().color(group, QPalette::Text));
    const QRect title(inside.left(), inside.top() + 40, inside.width(), QFontMetrics(bold).height() + 2);
    painter.drawText(title, Qt::AlignLeft | Qt::AlignVCenter, text());
    painter.setFont(font());
    painter.setPen(isEnabled() ? meaningColors(palette()).faintText : palette().color(QPalette::Disabled, QPalette::Text));
    painter.drawText(QRect(inside.left(), title.bottom() + 4, inside.width(), inside.bottom() - title.bottom() - 4), Qt::AlignLeft | Qt::TextWordWrap, m_explanation);
}

void ActionCard::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void ActionCard::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace quantloupe::ui
