// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/tensors_page.h"

#include "charts/operator_chart.h"
#include "charts/tensor_chart.h"
#include "pages/tensor_table_page.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace quantloupe::ui {

TensorsPage::TensorsPage(const Session &session, Selection &selection, TensorTableModel &table, TensorFilterModel &filter, QWidget *parent)
    : Page(parent), m_table(new TensorTablePage(table, filter, selection, this)), m_operators(new OperatorChart(session, selection, this)),
      m_rows(new QSplitter(Qt::Vertical, this)), m_columns(new QSplitter(Qt::Horizontal, this))
{
    setObjectName(QStringLiteral("tensorsPage"));
    m_charts = {m_operators, new ValueHistogram(QStringLiteral("values"), session, selection, this),
                new ErrorHistogram(QStringLiteral("errors"), session, selection, this)};
    m_rows->setObjectName(QStringLiteral("tensorsRows"));
    m_columns->setObjectName(QStringLiteral("tensorsColumns"));
    for (QSplitter *splitter : {m_rows, m_columns})
        splitter->setChildrenCollapsible(false);
    for (ChartPanel *chart : m_charts)
        m_columns->addWidget(chart);
    m_rows->addWidget(m_table);
    m_rows->addWidget(m_columns);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_rows);
    connect(m_table, &TensorTablePage::changed, this, &Page::changed);
    resetLayout();
}

QList<QWidget *> TensorsPage::panes() const
{
    return QList<QWidget *>{m_table} + Page::panes();
}

void TensorsPage::resetLayout()
{
    m_rows->setSizes({400, 380});
    m_columns->setSizes({460, 300, 300});
}

QList<QSplitter *> TensorsPage::splitters() const
{
    return {m_rows, m_columns};
}

extern const PageSpec tensors_page{"tensors", Glyph::Table, [] { return TensorsPage::tr("Tensors"); },
                                   [] { return TensorsPage::tr("All tensors in a table, with charts of the selected one"); },
                                   [](const PageContext &context, QWidget *parent) -> Page * {
                                       return new TensorsPage(context.session, context.selection, context.table, context.filter, parent);
                                   }};

} // namespace quantloupe::ui
