// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/evaluation.h"

#include <string>

namespace quantloupe {

/// What `evaluate --json` writes: the field `evaluation` of a JSON report, with a schemaVersion of its own.
std::string evaluationJson(const Evaluation &evaluation);
/// One row a class: class, support, then each figure of both models and the archive's accuracy beside.
std::string evaluationCsv(const Evaluation &evaluation);
/// One row a sample that the two models answer differently.
std::string changedCsv(const Evaluation &evaluation);
/// A few lines for a terminal.
std::string evaluationSummary(const Evaluation &evaluation);

} // namespace quantloupe
