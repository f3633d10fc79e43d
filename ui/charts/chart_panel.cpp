// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_panel.h"

#include "charts/chart_style.h"
#include "charts/legend.h"
#include "charts/plot_view.h"
#include "style/icons.h"
#include "style/elided_label.h"

#include <QChart>
#include <QEvent>
#include <QGraphicsScene>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QStackedLayout>
#include <QToolButton>

namespace quantloupe::ui {

ChartPanel::ChartPanel(const QString &objectName, const QString &title, QWidget *parent)
    : QWidget(parent), m_title(new ElidedLabel(this)), m_controls(new QHBoxLayout), m_legend(new Legend(this)), m_stack(new QStackedLayout), m_plot(new PlotView(this)),
      m_content(m_plot), m_instead(new QLabel(this)), m_summary(new ElidedLabel(this)), m_fileStem(objectName)
{
    setObjectName(objectName);
    m_title->setObjectName(objectName + QStringLiteral("Title"));
    m_plot->setObjectName(objectName + QStringLiteral("Plot"));
    m_summary->setObjectName(objectName + QStringLiteral("Summary"));
    m_instead->setObjectName(objectName + QStringLiteral("Instead"));
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_instead->setTextFormat(Qt::PlainText);
    m_instead->setWordWrap(true);
    m_instead->setAlignment(Qt::AlignCenter);
    m_instead->setMargin(24);
    m_instead->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    m_instead->setForegroundRole(QPalette::PlaceholderText);
    m_summary->setForegroundRole(QPalette::PlaceholderText);

    m_controls->setSpacing(6);
    m_controls->addWidget(m_title, 1);
    m_stack->addWidget(m_instead);
    m_stack->addWidget(m_plot);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(2);
    layout->addLayout(m_controls);
    layout->addWidget(m_legend);
    layout->addLayout(m_stack, 1);
    layout->addWidget(m_summary);
    setTitle(title, title);
    addMenu();
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    connect(m_plot, &PlotView::resized, this, [this] {
        if (m_plot->width() != m_builtForWidth && isPlotShown()) {
            m_builtForWidth = m_plot->width();
            refresh();
        }
    });
}

void ChartPanel::addMenu()
{
    auto *button = new QToolButton(this);
    auto *menu = new QMenu(button);
    button->setObjectName(objectName() + QStringLiteral("Menu"));
    button->setIcon(icon(Glyph::Export));
    button->setAutoRaise(true);
    button->setToolTip(tr("Save or copy this chart"));
    button->setAccessibleName(tr("Save or copy the chart “%1”").arg(title()));
    button->setPopupMode(QToolButton::InstantPopup);
    QAction *save = menu->addAction(icon(Glyph::Export), tr("&Save chart…"), this, [this] { emit saveRequested(this); });
    QAction *copy = menu->addAction(icon(Glyph::Copy), tr("&Copy chart"), this, [this] { emit copyRequested(this); });
    menu->setObjectName(objectName() + QStringLiteral("PopupMenu"));
    save->setObjectName(objectName() + QStringLiteral("Save"));
    copy->setObjectName(objectName() + QStringLiteral("Copy"));
    button->setMenu(menu);
    m_controls->addWidget(button);
}

const QList<LegendEntry> &ChartPanel::legend() const
{
    return m_legend->entries();
}

void ChartPanel::setLegend(const QList<LegendEntry> &entries)
{
    m_legend->setEntries(entries);
}

QString ChartPanel::summary() const
{
    return m_summary->text();
}

bool ChartPanel::isPlotShown() const
{
    return m_stack->currentWidget() == m_content;
}

QSizeF ChartPanel::pictureSize() const
{
    return m_plot->chart()->size();
}

void ChartPanel::paintPicture(QPainter &painter, const QRectF &target) const
{
    m_plot->scene()->render(&painter, target, QRectF(m_plot->chart()->pos(), pictureSize()));
}

void ChartPanel::setContent(QWidget *content)
{
    m_content = content;
    m_stack->addWidget(content);
}

QString ChartPanel::sentenceInstead() const
{
    return isPlotShown() ? QString() : m_instead->text();
}

void ChartPanel::setTitle(const QString &whole, const QString &shown)
{
    m_wholeTitle = whole;
    m_title->setText(shown);
    m_plot->setAccessibleName(whole);
    m_plot->viewport()->setAccessibleName(whole); // what has the focus for a screen reader
}

void ChartPanel::setTitleOf(const QString &name, const QString &kind, const QString &place)
{
    setTitle(kind.isEmpty() ? tr("%1: %2").arg(name, place) : tr("%1, %2: %3").arg(name, kind, place), kind.isEmpty() ? name : tr("%1 · %2").arg(name, kind));
    setFileStem(QStringLiteral("%1-%2").arg(objectName(), QString(place).remove(QLatin1Char('#')).replace(QLatin1Char(' '), QLatin1Char('-'))));
}

void ChartPanel::drawPlot(const std::function<QString(QString &why)> &draw)
{
    QChart &chart = *m_plot->chart();
    clearChart(chart);
    QString why;
    const QString summary = draw(why);
    if (!why.isEmpty()) {
        showInstead(why);
        return;
    }
    attachAll(chart);
    styleChart(chart, palette(), font());
    showPlot(summary);
}

void ChartPanel::showPlot(const QString &summary)
{
    m_summary->setText(summary);
    m_content->setAccessibleDescription(summary);
    m_stack->setCurrentWidget(m_content);
}

void ChartPanel::showInstead(const QString &sentence)
{
    m_instead->setText(sentence);
    m_summary->clear();
    m_legend->setEntries({});
    m_content->setAccessibleDescription(sentence);
    m_stack->setCurrentWidget(m_instead);
}

void ChartPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        refresh();
}

void ChartPanel::refresh()
{
    // A panel that is a window of its own is drawn at once: exports and tests never show it.
    m_isStale = !isVisible() && !isWindow();
    if (!m_isStale)
        rebuild();
}

void ChartPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_isStale)
        refresh();
}

} // namespace quantloupe::ui
