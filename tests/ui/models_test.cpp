// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/filter_expression.h"
#include "models/tensor_filter_model.h"
#include "models/tensor_table_model.h"
#include "models/verdict.h"
#include "report_builder.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include "metrics/metric.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>

using namespace quantloupe;
using namespace quantloupe::ui;

namespace {

std::shared_ptr<const Subject> subjectWith(const ReportTable &table)
{
    auto subject = std::make_shared<Subject>();
    subject->archivedReport = std::make_shared<const ReportTable>(table);
    return subject;
}

QStringList operatorsIn(const QAbstractItemModel &model, int column)
{
    QStringList names;
    for (int row = 0; row < model.rowCount(); ++row)
        names << model.index(row, column).data().toString();
    return names;
}

} // namespace

class ModelsTest : public QObject {
    Q_OBJECT

private slots:
    void tableModelKeepsItsContractThroughEveryChange()
    {
        Session session;
        TensorTableModel table(session);
        TensorFilterModel filter(table);
        QAbstractItemModelTester tableTester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        session.setSubject(subjectWith(makeTable(threeRows())));
        QCOMPARE(table.rowCount(), 3);
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        QCOMPARE(session.source(), ReportSource::Measured);
        session.setKinds(ShownKinds::Accumulated);
        session.show(ReportSource::Archived);
        session.setSubject(nullptr);
        QCOMPARE(table.rowCount(), 0);
    }

    void partialReportWithTheSameRowsOnlyChangesCells()
    {
        Session session;
        TensorTableModel table(session);
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        QSignalSpy resets(&table, &QAbstractItemModel::modelReset);
        QSignalSpy changes(&table, &QAbstractItemModel::dataChanged);
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        QCOMPARE(resets.count(), 0);
        QCOMPARE(changes.count(), 1);
    }

    void everyErrorColumnNamesItsKind()
    {
        Session session;
        TensorTableModel table(session);
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        for (int section = 0; section < table.columnCount(); ++section) {
            const ColumnSpec &spec = table.column(section);
            const QString title = table.headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
            QVERIFY2(!table.headerData(section, Qt::Horizontal, Qt::ToolTipRole).toString().isEmpty(), qPrintable(title));
            if (spec.column == Column::Metric && !isOfTensor(spec.metric))
                QVERIFY2(title.contains(spec.kind == ErrorKind::Local ? QStringLiteral("local") : QStringLiteral("accumulated")), qPrintable(title));
        }
    }

    void everyColumnOfAForeignReportIsShown()
    {
        Session session;
        TensorTableModel table(session);
        session.setSubject(subjectWith(makeTable(threeRows())));
        QStringList titles;
        for (int section = 0; section < table.columnCount(); ++section)
            titles << table.headerData(section, Qt::Horizontal, ExactRole).toString();
        for (const char *name : {"op", "tensor", "elements", "scale", "zero_point", "rmse/scale", "my_note"})
            QVERIFY2(titles.contains(QString::fromLatin1(name)), name);
    }

    void archivedFiguresAreJoinedByOperatorOrderAndCheckedByScale()
    {
        auto rows = threeRows();
        rows.push_back({"CONV_2D", "second", 0.5, 0.5});
        ReportTable table = makeTable(rows);
        table.rows[3][2] = "0.07"; // another scale: not the same tensor
        const ShownReport shown(std::make_shared<const Report>(makeReport(rows)), std::make_shared<const ReportTable>(table));
        QCOMPARE(shown.archivedFigure(0, verdictMetric()), 0.24);
        QVERIFY(std::isnan(shown.archivedFigure(3, verdictMetric())));
    }

    void filterAcceptsRows_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("expected");
        const QString conv = QStringLiteral("CONV_2D");
        const QString lstm = QStringLiteral("UNIDIRECTIONAL_SEQUENCE_LSTM");
        const QString dense = QStringLiteral("FULLY_CONNECTED");
        QTest::newRow("nothing") << "" << QStringList{conv, lstm, dense};
        QTest::newRow("a word of the tensor's name") << "features" << QStringList{conv};
        QTest::newRow("words in any order") << "lstm UNI" << QStringList{lstm};
        QTest::newRow("number") << "rmse/scale > 0.3" << QStringList{lstm, dense};
        QTest::newRow("and") << "rmse/scale > 0.3 && op == FULLY_CONNECTED" << QStringList{dense};
        QTest::newRow("or, contains") << "op ~ conv || op ~ lstm" << QStringList{conv, lstm};
        QTest::newRow("brackets") << "(op ~ conv || op ~ lstm) && rmse/scale < 0.5" << QStringList{conv};
        QTest::newRow("other kind") << "accumulated.rmse/scale >= 1" << QStringList{lstm};
        QTest::newRow("named kind") << "local.rmse/scale>0.8" << QStringList{lstm};
        QTest::newRow("quoted") << "tensor == \"features/conv\"" << QStringList{conv};
        QTest::newRow("not equal") << "op != CONV_2D" << QStringList{lstm, dense};
        QTest::newRow("elements") << "elements <= 4" << QStringList{dense};
    }

    void filterAcceptsRows()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, expected);
        Session session;
        TensorTableModel table(session);
        TensorFilterModel filter(table);
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        QCOMPARE(filter.setFilterText(text), QString());
        QCOMPARE(operatorsIn(filter, table.section(Column::Operator)), expected);
    }

    void misunderstoodFilterSaysWhyAndHidesNothing_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"rmse > ", "nonsense > 1", "(rmse/scale > 1", "rmse/scale > 1 &&", "> 3", "rmse/scale > 1 rmse/scale", "((((((((((((((((((((((((((((((((((((((((op == a"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }

    void misunderstoodFilterSaysWhyAndHidesNothing()
    {
        QFETCH(QString, text);
        Session session;
        TensorTableModel table(session);
        TensorFilterModel filter(table);
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        QVERIFY(!filter.setFilterText(text).isEmpty());
        QCOMPARE(filter.rowCount(), 3);
    }

    void absentFiguresSortLastInBothDirections()
    {
        Report report = makeReport(threeRows());
        report.rows[0].local.reset();
        report.rows[0].whyNotCompared = "no float twin";
        Session session;
        TensorTableModel table(session);
        TensorFilterModel filter(table);
        session.setMeasured(std::make_shared<const Report>(report));
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            filter.sort(table.section(Column::Metric), order);
            QCOMPARE(filter.index(2, table.section(Column::Operator)).data().toString(), QStringLiteral("CONV_2D"));
        }
    }

    void verdictFollowsIdealAndThreshold()
    {
        const Metric &metric = *metrics()[static_cast<std::size_t>(verdictMetric())];
        QCOMPARE(verdictOf(metric, 0.20), Verdict::Ideal);
        QCOMPARE(verdictOf(metric, 0.40), Verdict::Raised);
        QCOMPARE(verdictOf(metric, 0.71), Verdict::Outlier);
        QCOMPARE(verdictOf(metric, std::numeric_limits<double>::quiet_NaN()), Verdict::Unknown);
    }

    void fewElementsAreSaid()
    {
        const ShownReport shown(std::make_shared<const Report>(makeReport(threeRows())));
        QVERIFY(rowVerdictText(shown, 2).contains(QStringLiteral("few elements")));
        QVERIFY(!rowVerdictText(shown, 0).contains(QStringLiteral("few elements")));
    }

    void namesFromFilesAreNeverMarkup()
    {
        QVERIFY(plainToolTip(plainText("<img src='file:///etc/passwd'>")).contains(QStringLiteral("&lt;img")));
        QVERIFY(!plainText("a\u202eb").contains(QChar(0x202e)));
    }

    void figuresForFilesAreExactAndInTheCLocale()
    {
        QCOMPARE(exactText(0.1), QStringLiteral("0.1"));
        QCOMPARE(exactText(1.0 / 3.0).toDouble(), 1.0 / 3.0);
        QCOMPARE(exactText(std::numeric_limits<double>::quiet_NaN()), QString());
    }
};

QTEST_GUILESS_MAIN(ModelsTest)
#include "models_test.moc"
