// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model.h"

#include <cstddef>
#include <optional>

namespace quantloupe {

struct RowPlan;

/// A row whose operator only moves elements, and perhaps adds zeros: its local error is nothing, and its accumulated one that of
/// what is moved. Such a row is not measured but follows from another one.
struct MovedFrom {
    std::size_t row = 0;   ///< of what is moved: a row before it
    std::size_t added = 0; ///< zeros a sample
};

/// Nothing where that is not so, or not sure: both operators must move alike, and codes keep their meaning.
std::optional<MovedFrom> movedFrom(const RowPlan &plan, std::size_t row);

} // namespace quantloupe
