// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace quantloupe {
struct Metric;
}

namespace quantloupe::ui {

class ShownReport;

/// How a figure stands against its metric's ideal and its warning threshold.
enum class Verdict { Unknown, Ideal, Raised, Outlier };

Verdict verdictOf(const Metric &metric, double figure);
/// Between the ideal (0) and the threshold (1), for tints.
double severityOf(const Metric &metric, double figure);

/// "at the ideal", "above the ideal", "outlier".
QString verdictText(Verdict verdict);
/// The verdict of a row by its local error (the accumulated one where there is no other); the text adds a word of
/// caution where the tensor has few elements.
Verdict rowVerdict(const ShownReport &report, int row);
QString rowVerdictText(const ShownReport &report, int row);

/// Below this many elements a tensor's rmse/scale says little: it is the error of a handful of roundings.
inline constexpr double kFewElements = 16;
bool hasFewElements(const ShownReport &report, int row);

/// The metric that verdicts rest on: rmse/scale.
int verdictMetric();

} // namespace quantloupe::ui
