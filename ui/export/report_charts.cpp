// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/report_charts.h"

#include "charts/operator_chart.h"
#include "charts/tensor_chart.h"
#include "export/chart_file.h"
#include "metrics/metric.h"
#include "report/read_report.h"
#include "models/report_text.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace quantloupe::ui {
namespace {

constexpr QSize kChartSize(900, 420);
constexpr std::size_t kTensorsDrawn = 5;

/// Rows by rmse/scale of the kind shown, the largest first; those without a figure left out.
std::vector<std::size_t> worstRows(const Report &report, ErrorKind kind)
{
    const auto metric = static_cast<std::size_t>(metricIndex("rmse/scale"));
    const auto figure = [&](std::size_t row) {
        const auto &statistics = report.rows[row].statistics(kind);
        return statistics && !std::isnan(statistics->metrics[metric]) ? statistics->metrics[metric] : -1.0;
    };
    std::vector<std::size_t> rows(report.rows.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::erase_if(rows, [&](std::size_t row) { return figure(row) < 0.0; });
    std::ranges::stable_sort(rows, std::greater<>(), figure);
    rows.resize(std::min(rows.size(), kTensorsDrawn));
    return rows;
}

/// Lays the panel out off screen and writes it under its own name. A panel is drawn once: Qt Charts moves the labels of
/// axes that are replaced only later.
QString write(ChartPanel &panel, const QString &basis, const QString &folder)
{
    panel.setAttribute(Qt::WA_DontShowOnScreen);
    panel.resize(kChartSize);
    panel.show();
    panel.grab();
    QCoreApplication::sendPostedEvents();
    return writeChart(panel, basis, QDir(folder).filePath(panel.fileStem() + QStringLiteral(".png")));
}

} // namespace

QString writeReportCharts(const QString &jsonFile, const QString &folder)
{
    QFile file(jsonFile);
    if (!file.open(QIODevice::ReadOnly))
        return QStringLiteral("%1: %2").arg(jsonFile, file.errorString());
    const auto report = readReportJson(file.readAll().toStdString(), jsonFile.toStdString());
    if (!report)
        return QString::fromStdString(report.error().message());

    Session session;
    session.setMeasured(std::make_shared<const Report>(*report));
    Selection selection;
    const QString basis = basisText(session.shown(), nullptr);
    QString failure;
    for (std::size_t metric = 0; metric < metrics().size() && failure.isEmpty(); ++metric) {
        OperatorChart operators(session, selection);
        operators.setMetric(static_cast<int>(metric));
        failure = write(operators, basis, folder);
    }
    for (const std::size_t row : worstRows(*report, session.kind())) {
        selection.select(session.shown().key(static_cast<int>(row)));
        ValueHistogram values(QStringLiteral("values"), session, selection);
        ErrorHistogram errors(QStringLiteral("errors"), session, selection);
        for (ChartPanel *panel : {static_cast<ChartPanel *>(&values), static_cast<ChartPanel *>(&errors)})
            if (failure.isEmpty())
                failure = write(*panel, basis, folder);
    }
    return failure;
}

} // namespace quantloupe::ui
