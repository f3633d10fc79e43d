// SPDX-License-Identifier: GPL-3.0-or-later
//
// SELECT and SELECT_V2: of two tensors, element by element, the one a condition picks.
#pragma once

#include "kernels/kernel.h"

#include <array>
#include <vector>

namespace quantloupe {

/// How the three inputs (condition, first, second) meet: nested axes with a step of each.
struct SelectionAxis {
    std::size_t count = 1;
    std::array<std::ptrdiff_t, 3> steps{};
};

/// Checks the operands' number and types.
Result<void> requireSelection(const PrepareContext &context);
EvalFunction selected(DataType type, std::vector<SelectionAxis> axes);

} // namespace quantloupe
