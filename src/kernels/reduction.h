// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the reductions over axes share (MEAN, SUM, REDUCE_*): the input is read once, in order, and every element goes
// into the accumulator of its output element, as in the reference.
#pragma once

#include "kernels/kernel.h"
#include "kernels/strided_walk.h"

#include <algorithm>

namespace quantloupe {

struct Reduction {
    StridedWalk walk;        ///< from input elements to output elements
    std::size_t outputs = 0;
    std::size_t reduced = 0; ///< input elements behind one output element

    /// accumulators[o] = add(accumulators[o], in[i]) for every input element in order, each starting at `start`.
    template <typename In, typename Accumulator, typename Add> void run(const In *in, Accumulator *accumulators, Accumulator start, const Add &add) const
    {
        std::fill_n(accumulators, outputs, start);
        const StridedWalk::Axis run = walk.run();
        walk.forEachRun([&](std::ptrdiff_t from, std::ptrdiff_t to) {
            const In *const x = in + from;
            Accumulator *const sums = accumulators + to;
            if (run.out == 0) {
                Accumulator sum = *sums;
                for (std::size_t i = 0; i < run.count; ++i)
                    sum = add(sum, x[i]);
                *sums = sum;
            } else {
                for (std::size_t i = 0; i < run.count; ++i)
                    sums[i] = add(sums[i], x[i]);
            }
        });
    }
};

/// Checks the operands, resolves axes (input 1) and keep_dims, and sets the output's shape.
Result<Reduction> reduction(PrepareContext &context);

/// a + b that wraps.
template <typename T> T wrappingSum(T a, T b)
{
    return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

/// The operator whose output is finish(accumulator) of each reduced set of elements.
template <typename Element, typename Accumulator, typename Add, typename Finish>
EvalFunction reduced(PrepareContext &context, Reduction plan, Accumulator start, Add add, Finish finish)
{
    context.scratchBytes = plan.outputs * sizeof(Accumulator);
    return [plan = std::move(plan), start, add, finish](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            auto *const accumulators = run.scratch<Accumulator>();
            plan.run(run.input<Element>(0, sample), accumulators, start, add);
            Element *const out = run.output<Element>(0, sample);
            for (std::size_t i = 0; i < plan.outputs; ++i)
                out[i] = finish(accumulators[i]);
        });
    };
}

} // namespace quantloupe
