// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace quantloupe {

/// A Markdown table of operators and the types their kernels take, from the registry. docs/operators.md is this text.
std::string operatorMatrix();

} // namespace quantloupe
