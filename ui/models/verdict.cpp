// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/verdict.h"

#include "metrics/metric.h"
#include "models/shown_report.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {

Verdict verdictOf(const Metric &metric, double figure)
{
    if (std::isnan(figure) || !metric.hasIdeal)
        return Verdict::Unknown;
    if (metric.warnAbove > 0.0 && figure > metric.warnAbove)
        return Verdict::Outlier;
    // Half a percent of slack: a tensor at the ideal by theory lands on either side of it by chance.
    return figure <= metric.ideal * 1.005 ? Verdict::Ideal : Verdict::Raised;
}

double severityOf(const Metric &metric, double figure)
{
    if (std::isnan(figure) || !metric.hasIdeal || metric.warnAbove <= metric.ideal)
        return 0.0;
    return std::clamp((figure - metric.ideal) / (metric.warnAbove - metric.ideal), 0.0, 1.0);
}

QString verdictText(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ideal: return QCoreApplication::translate("quantloupe::ui::Verdict", "at the ideal");
    case Verdict::Raised: return QCoreApplication::translate("quantloupe::ui::Verdict", "above the ideal");
    case Verdict::Outlier: return QCoreApplication::translate("quantloupe::ui::Verdict", "outlier");
    case Verdict::Unknown: break;
    }
    return QCoreApplication::translate("quantloupe::ui::Verdict", "not compared");
}

int verdictMetric()
{
    return metricIndex("rmse/scale");
}

Verdict rowVerdict(const ShownReport &report, int row)
{
    const int metric = verdictMetric();
    if (metric < 0)
        return Verdict::Unknown;
    // The local error is what this operator adds; only without it does the accumulated one have to speak.
    const ErrorKind kind = report.has(ErrorKind::Local) ? ErrorKind::Local : ErrorKind::Accumulated;
    return verdictOf(*metrics()[static_cast<std::size_t>(metric)], report.figure(row, metric, kind));
}

bool hasFewElements(const ShownReport &report, int row)
{
    return report.elements(row) < kFewElements;
}

QString rowVerdictText(const ShownReport &report, int row)
{
    const Verdict verdict = rowVerdict(report, row);
    if (verdict == Verdict::Unknown || !hasFewElements(report, row))
        return verdictText(verdict);
    return QCoreApplication::translate("quantloupe::ui::Verdict", "%1, few elements").arg(verdictText(verdict));
}

} // namespace quantloupe::ui
