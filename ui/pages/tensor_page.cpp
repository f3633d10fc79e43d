// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/tensor_page.h"

#include "charts/tensor_chart.h"
#include "models/table_columns.h"
#include "models/column_text.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QTableWidget>

namespace quantloupe::ui {
namespace {

constexpr int kWorstSamplesShown = 5;

struct Fact {
    QString name;
    QString value;
    QString explanation;
};

QList<Fact> factsOf(const ShownReport &report, ShownKinds kinds, int row)
{
    QList<Fact> facts;
    for (const ColumnSpec &spec : columnsOf(report, kinds)) {
        const QString value = cellText(report, row, spec);
        if (!value.isEmpty())
            facts << Fact{columnTitle(spec, report).replace(QLatin1Char('\n'), spec.metric >= 0 ? QLatin1String(", ") : QLatin1String(" ")), value, columnExplanation(spec, report)};
    }
    return facts;
}

QList<Fact> worstSamplesOf(const TensorComparison *row, ErrorKind kind)
{
    QList<Fact> facts;
    if (!row || !row->statistics(kind))
        return facts;
    for (const RankedSample &ranked : row->statistics(kind)->worstSamples) {
        if (facts.size() == kWorstSamplesShown)
            break;
        facts << Fact{TensorPage::tr("Sample %1, RMSE, %2").arg(ranked.sample).arg(kindText(kind)), figureText(ranked.rmse), TensorPage::tr("One of the samples with the largest error, counted from 0.")};
    }
    return facts;
}

} // namespace

TensorPage::TensorPage(const Session &session, const Selection &selection, QWidget *parent)
    : Page(parent), m_session(session), m_selection(selection), m_facts(new QTableWidget(this))
{
    setObjectName(QStringLiteral("tensorPage"));
    m_facts->setObjectName(QStringLiteral("tensorFacts"));
    m_facts->setAccessibleName(tr("Facts about the selected tensor"));
    m_facts->setColumnCount(2);
    m_facts->horizontalHeader()->setStretchLastSection(true);
    m_facts->setHorizontalHeaderLabels({tr("Figure"), tr("Value")});
    m_facts->verticalHeader()->hide();
    m_facts->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_facts->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_facts->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_facts->setAlternatingRowColors(true);
    m_facts->setShowGrid(false);
    m_facts->setTabKeyNavigation(false);
    m_facts->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_facts->setFrameShape(QFrame::NoFrame);
    m_charts = {new ValueHistogram(QStringLiteral("tensorValues"), session, selection, this), new ErrorHistogram(QStringLiteral("tensorErrors"), session, selection, this),
                new SampleChart(QStringLiteral("tensorSamples"), session, selection, this)};
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_facts, 0, 0, 2, 1);
    layout->addWidget(m_charts[0], 0, 1, 1, 2);
    layout->addWidget(m_charts[1], 1, 1);
    layout->addWidget(m_charts[2], 1, 2);
    layout->setColumnStretch(0, 5);
    layout->setColumnStretch(1, 5);
    layout->setColumnStretch(2, 5);
    connect(&session, &Session::shownChanged, this, &TensorPage::refresh);
    connect(&selection, &Selection::changed, this, &TensorPage::refresh);
    refresh();
}

void TensorPage::refresh()
{
    const ShownReport &report = m_session.shown();
    const int row = report.find(m_selection.current());
    const QList<Fact> facts = row < 0 ? QList<Fact>{} : factsOf(report, m_session.kinds(), row) + worstSamplesOf(report.comparison(row), m_session.kind());
    m_facts->setRowCount(static_cast<int>(facts.size()));
    for (int i = 0; i < m_facts->rowCount(); ++i) {
        for (const auto &[column, text] : {std::pair{0, facts[i].name}, std::pair{1, facts[i].value}}) {
            auto *item = new QTableWidgetItem(text);
            item->setToolTip(plainToolTip(column == 0 ? facts[i].explanation : text));
            m_facts->setItem(i, column, item);
        }
    }
    m_facts->resizeColumnToContents(0);
}

extern const PageSpec tensor_page{"tensor", Glyph::Chart, [] { return TensorPage::tr("Tensor"); },
                                  [] { return TensorPage::tr("The selected tensor: values, error, channels, samples, weights"); },
                                  [](const PageContext &context, QWidget *parent) -> Page * { return new TensorPage(context.session, context.selection, parent); }};

} // namespace quantloupe::ui
