// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

namespace quantloupe {

/// An operand as rows along its last axis.
struct Rows {
    std::size_t count = 0;
    std::size_t depth = 0;

    /// Of input 0, whose shape the output takes. Fails when there is no last axis, or an empty one.
    static Result<Rows> make(PrepareContext &context);
};

/// f(in, out, depth) for every row.
template <typename In, typename Out, typename F> EvalFunction forEachRow(Rows rows, F f)
{
    return [rows, f](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t r = 0; r < rows.count; ++r)
                f(run.input<In>(0, sample) + r * rows.depth, run.output<Out>(0, sample) + r * rows.depth, rows.depth);
        });
    };
}

} // namespace quantloupe
