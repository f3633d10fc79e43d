// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parts of the HTML report, one a section. Everything that comes from a file goes through escaped().
#pragma once

#include "report/causes.h"
#include "report/evaluation.h"
#include "report/report.h"

#include <string>
#include <string_view>

namespace quantloupe {

std::string escaped(std::string_view raw);
/// Four digits, or "n/a".
std::string figure(double value);

/// Bars from the first bin that holds anything to the last.
std::string histogramSvg(const Histogram &histogram, std::string_view label);

/// Headline figures, confusion matrices side by side, ROC curves, classes, changed answers.
std::string evaluationHtml(const Evaluation &evaluation);
/// A stacked bar and a table row an operator, worst at the model's outputs first.
std::string causesHtml(const Report &report);

} // namespace quantloupe
