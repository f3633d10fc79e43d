// SPDX-License-Identifier: GPL-3.0-or-later
//
// GATHER_ND and SCATTER_ND: every row of an index tensor [..., depth] names a slice of another tensor by its first `depth`
// coordinates.
#pragma once

#include "kernels/kernel.h"

#include <array>
#include <fmt/format.h>

namespace quantloupe {

struct IndexRows {
    std::size_t rows = 0;
    std::size_t depth = 0;
    std::size_t sliceElements = 0;                    ///< behind one row
    std::array<std::int64_t, Shape::kMaxRank> dims{}; ///< of the tensor that is addressed
    std::array<std::int64_t, Shape::kMaxRank> steps{};

    /// Element at which the slice of `row` starts; fails the run and returns -1 when it lies outside.
    template <typename Index> std::ptrdiff_t sliceAt(EvalContext &run, const Index *row) const
    {
        std::int64_t at = 0;
        for (std::size_t i = 0; i < depth; ++i) {
            if (row[i] < 0 || row[i] >= dims[i]) {
                run.fail(Error{ErrorCode::RuntimeFault, {.expected = fmt::format("indices of 0 to {}", dims[i] - 1), .got = fmt::format("{}", row[i])}});
                return -1;
            }
            at += row[i] * steps[i];
        }
        return static_cast<std::ptrdiff_t>(at);
    }
};

Result<IndexRows> indexRows(const PrepareContext &context, const Shape &indices, const Shape &addressed);

} // namespace quantloupe
