// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parts of a JSON report that are also files of their own; docs/report-json.md lists the fields. The ...From() functions
// throw the library's exceptions on what is not of that form: for files of this folder only.
#pragma once

#include "report/causes.h"
#include "report/evaluation.h"

#include <nlohmann/json.hpp>

namespace quantloupe {

nlohmann::ordered_json toJson(const Evaluation &evaluation);
Evaluation evaluationFrom(const nlohmann::ordered_json &json);

nlohmann::ordered_json toJson(const CauseAnalysis &causes);
CauseAnalysis causesFrom(const nlohmann::ordered_json &json);

} // namespace quantloupe
