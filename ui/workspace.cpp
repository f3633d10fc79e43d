// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace.h"

#include "actions.h"
#include "charts/chart_panel.h"
#include "charts/operator_chart.h"
#include "pages/report_bar.h"
#include "pages/run_bar.h"
#include "pages/tensors_page.h"
#include "settings.h"

#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace quantloupe::ui {
namespace {

QFrame *rule(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setFrameShape(QFrame::HLine);
    line->setForegroundRole(QPalette::Mid);
    line->setFrameShadow(QFrame::Plain);
    line->setFixedHeight(1);
    return line;
}

QString layoutName(qsizetype page)
{
    return QStringLiteral("page-") + QLatin1String(pageSpecs()[static_cast<std::size_t>(page)]->name);
}

} // namespace

Workspace::Workspace(const PageContext &context, Actions &actions, QWidget *parent)
    : QWidget(parent), m_runBar(new RunBar(*actions.run, *actions.cancel, *actions.openDataset, this)), m_reportBar(new ReportBar(context.session, this)),
      m_tabs(new QTabWidget(this))
{
    setObjectName(QStringLiteral("workspace"));
    m_tabs->setObjectName(QStringLiteral("workspacePages"));
    m_tabs->setAccessibleName(tr("Pages"));
    m_tabs->setDocumentMode(true);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->tabBar()->setObjectName(QStringLiteral("workspaceTabs"));
    m_tabs->tabBar()->setAccessibleName(tr("Pages"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_runBar);
    layout->addWidget(rule(this));
    layout->addWidget(m_reportBar);
    layout->addWidget(m_tabs, 1);
    addPages(context, actions);
    shareLogarithm(actions);
    connect(actions.nextPage, &QAction::triggered, this, [this] { step(1); });
    connect(actions.previousPage, &QAction::triggered, this, [this] { step(-1); });
}

void Workspace::addPages(const PageContext &context, Actions &actions)
{
    for (const PageSpec *spec : pageSpecs()) {
        Page *page = spec->make(context, this);
        page->setAccessibleName(spec->title());
        page->setAccessibleDescription(spec->explanation());
        m_pages << page;
        const int tab = m_tabs->addTab(page, icon(spec->glyph), spec->title());
        QAction *action = actions.pages.value(tab);
        m_tabs->setTabToolTip(tab, action->toolTip());
        connect(action, &QAction::triggered, this, [this, tab] { m_tabs->setCurrentIndex(tab); });
        connect(page, &Page::said, this, &Workspace::said);
        connect(page, &Page::changed, this, &Workspace::changed);
        connect(page, &Page::textToSave, this, &Workspace::textToSave);
        connect(page, &Page::pageRequested, this, &Workspace::showPage);
        const auto charts = page->charts();
        for (ChartPanel *chart : charts) {
            connect(chart, &ChartPanel::saveRequested, this, &Workspace::saveChartRequested);
            connect(chart, &ChartPanel::copyRequested, this, &Workspace::copyChartRequested);
        }
    }
    connect(m_tabs, &QTabWidget::currentChanged, this, [&actions](int tab) { actions.pages[tab]->setChecked(true); });
    actions.pages.front()->setChecked(true);
}

/// One logarithm for all charts over operators, in the menu and beside each of them.
void Workspace::shareLogarithm(Actions &actions)
{
    const auto all = charts();
    for (ChartPanel *chart : all) {
        auto *operators = qobject_cast<OperatorChart *>(chart);
        if (!operators)
            continue;
        connect(actions.logarithmic, &QAction::toggled, operators, &OperatorChart::setLogarithmic);
        connect(operators->logButton(), &QToolButton::toggled, actions.logarithmic, &QAction::setChecked);
    }
}

Page &Workspace::currentPage() const
{
    return *m_pages[m_tabs->currentIndex()];
}

void Workspace::showPage(const QString &name)
{
    for (int tab = 0; tab < m_tabs->count(); ++tab)
        if (name == QLatin1String(pageSpecs()[static_cast<std::size_t>(tab)]->name))
            m_tabs->setCurrentIndex(tab);
}

void Workspace::step(int direction)
{
    const int count = m_tabs->count();
    m_tabs->setCurrentIndex((m_tabs->currentIndex() + direction + count) % count);
}

QList<ChartPanel *> Workspace::charts() const
{
    QList<ChartPanel *> charts;
    for (const Page *page : m_pages)
        charts << page->charts();
    return charts;
}

ChartPanel &Workspace::chartInFocus() const
{
    const auto all = charts();
    for (ChartPanel *chart : all)
        if (chart->isAncestorOf(QApplication::focusWidget()))
            return *chart;
    const auto ofPage = currentPage().charts();
    return ofPage.isEmpty() ? page<TensorsPage>().operatorChart() : *ofPage.front();
}

QList<QWidget *> Workspace::panes() const
{
    return QList<QWidget *>{m_runBar, &m_reportBar->filter()} + currentPage().panes();
}

void Workspace::saveLayout(Settings &settings) const
{
    for (qsizetype page = 0; page < m_pages.size(); ++page)
        if (const QByteArray state = m_pages[page]->layoutState(); !state.isEmpty())
            settings.setLayout(layoutName(page), state);
}

void Workspace::restoreLayout(const Settings &settings)
{
    for (qsizetype page = 0; page < m_pages.size(); ++page)
        if (const QByteArray state = settings.layout(layoutName(page)); !state.isEmpty())
            m_pages[page]->restoreLayout(state);
}

void Workspace::resetLayout()
{
    for (Page *page : std::as_const(m_pages))
        page->resetLayout();
}

} // namespace quantloupe::ui
