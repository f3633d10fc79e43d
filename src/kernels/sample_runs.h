// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

namespace quantloupe {

/// f(in, out, samples): once for the whole batch where its samples lie one behind the other in both operands, else once
/// a sample. Elements are of one sample.
template <typename In, typename Out, typename F> void forEachRun(const EvalContext &run, std::size_t inElements, std::size_t outElements, F &&f)
{
    if (run.inputOperand(0).stride == inElements * sizeof(In) && run.outputOperand(0).stride == outElements * sizeof(Out))
        return f(run.input<In>(0), run.output<Out>(0), run.batch());
    for (std::size_t sample = 0; sample < run.batch(); ++sample)
        f(run.input<In>(0, sample), run.output<Out>(0, sample), std::size_t{1});
}

} // namespace quantloupe
