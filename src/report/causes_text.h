// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/causes.h"

#include <functional>
#include <string>
#include <utility>

namespace quantloupe {

/// An operator's op_name and its output's name.
using CauseNames = std::function<std::pair<std::string, std::string>(const OperatorCauses &)>;

/// One row an operator, worst at the model's outputs first.
std::string causesCsv(const CauseAnalysis &causes, const CauseNames &names);

} // namespace quantloupe
