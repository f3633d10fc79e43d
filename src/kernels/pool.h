// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the 2-D pools share: a window slides over [n, h, w, c], and cells outside of the input do not count.
#pragma once

#include "kernels/window.h"

#include <algorithm>

namespace quantloupe {

struct PoolGeometry {
    Window2d window;
    std::size_t images = 0;
    std::size_t channels = 0;

    std::size_t inputSize() const { return static_cast<std::size_t>(window.y.input) * static_cast<std::size_t>(window.x.input) * channels; }
    std::size_t outputSize() const { return static_cast<std::size_t>(window.positions()) * channels; }
};

/// Checks operands, types and options of a pool, and sets the output's shape.
Result<PoolGeometry> poolGeometry(PrepareContext &context);

/// The pool as a function: per window every channel's accumulator starts at `start`, becomes add(accumulator, element)
/// for every cell inside the input, and the output is finish(accumulator, cells). Needs a scratch of one accumulator per
/// channel, which it asks for.
template <typename Element, typename Accumulator, typename Add, typename Finish>
EvalFunction pooled(PrepareContext &context, const PoolGeometry &g, Accumulator start, Add add, Finish finish)
{
    context.scratchBytes = g.channels * sizeof(Accumulator);
    return [g, start, add, finish](EvalContext &run) {
        auto *const sums = run.scratch<Accumulator>();
        for (std::size_t i = 0; i < run.batch() * g.images; ++i) {
            const Element *const image = run.input<Element>(0, i / g.images) + i % g.images * g.inputSize();
            Element *out = run.output<Element>(0, i / g.images) + i % g.images * g.outputSize();
            for (int outY = 0; outY < g.window.y.output; ++outY) {
                const int yFirst = std::max(0, g.window.y.origin(outY));
                const int yEnd = std::min(g.window.y.input, g.window.y.origin(outY) + g.window.y.filter);
                for (int outX = 0; outX < g.window.x.output; ++outX, out += g.channels) {
                    const int xFirst = std::max(0, g.window.x.origin(outX));
                    const int xEnd = std::min(g.window.x.input, g.window.x.origin(outX) + g.window.x.filter);
                    std::fill_n(sums, g.channels, start);
                    for (int y = yFirst; y < yEnd; ++y) {
                        for (int x = xFirst; x < xEnd; ++x) {
                            const Element *const cell = image + static_cast<std::size_t>(y * g.window.x.input + x) * g.channels;
                            for (std::size_t c = 0; c < g.channels; ++c)
                                sums[c] = add(sums[c], cell[c]);
                        }
                    }
                    const int cells = (yEnd - yFirst) * (xEnd - xFirst);
                    for (std::size_t c = 0; c < g.channels; ++c)
                        out[c] = finish(sums[c], cells);
                }
            }
        }
    };
}

} // namespace quantloupe
