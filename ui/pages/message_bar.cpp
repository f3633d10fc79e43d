// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/message_bar.h"

#include "style/icons.h"
#include "style/theme.h"

#include <QAccessible>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace quantloupe::ui {
namespace {

QColor colorOf(Severity severity, const QPalette &palette)
{
    const MeaningColors colors = meaningColors(palette);
    return severity == Severity::Note ? colors.floatSide : severity == Severity::Warning ? colors.raised : colors.outlier;
}

} // namespace

MessageBar::MessageBar(QWidget *parent) : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this))
{
    setObjectName(QStringLiteral("messageBar"));
    m_text->setObjectName(QStringLiteral("messageText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setFocusPolicy(Qt::TabFocus);
    m_text->setAccessibleName(tr("Message"));
    auto *copy = new QToolButton(this);
    copy->setObjectName(QStringLiteral("messageCopy"));
    copy->setAutoRaise(true);
    copy->setIcon(icon(Glyph::Copy));
    copy->setToolTip(tr("Copy this message"));
    copy->setAccessibleName(tr("Copy the message"));
    auto *close = new QToolButton(this);
    close->setObjectName(QStringLiteral("messageClose"));
    close->setAutoRaise(true);
    close->setIcon(icon(Glyph::Close));
    close->setToolTip(tr("Close"));
    close->setAccessibleName(tr("Close the message"));
    connect(copy, &QToolButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_text->text()); });
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 8, 8, 8);
    layout->setSpacing(10);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(copy, 0, Qt::AlignTop);
    layout->addWidget(close, 0, Qt::AlignTop);
    hide();
}

void MessageBar::showMessage(Severity severity, const QString &text)
{
    m_severity = severity;
    m_text->setText(text);
    applyIcon();
    show();
    QAccessibleEvent event(m_text, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

QString MessageBar::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void MessageBar::applyIcon()
{
    const Glyph glyph = m_severity == Severity::Note ? Glyph::Note : m_severity == Severity::Warning ? Glyph::Warning : Glyph::Problem;
    m_icon->setPixmap(icon(glyph, colorOf(m_severity, palette())).pixmap(QSize(20, 20), devicePixelRatioF()));
}

void MessageBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor color = colorOf(m_severity, palette());
    QColor fill = color;
    fill.setAlphaF(0.13f);
    painter.fillRect(rect(), fill);
    painter.fillRect(QRect(0, 0, 4, height()), color);
}

void MessageBar::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !isHidden())
        applyIcon();
}

} // namespace quantloupe::ui
