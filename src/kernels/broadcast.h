// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

#include <array>

namespace quantloupe {

/// How the elements of two operands meet under the usual broadcasting rules, as runs of equal steps.
class Broadcast {
public:
    /// Fails when the shapes do not broadcast together.
    static Result<Broadcast> make(const PrepareContext &context, const Shape &a, const Shape &b);

    const Shape &shape() const { return m_shape; }

    /// Calls f(outIndex, aIndex, bIndex) for every output element in order.
    template <typename F> void forEach(F &&f) const
    {
        std::size_t out = 0;
        walk(0, 0, 0, out, f);
    }

private:
    template <typename F> void walk(std::size_t level, std::size_t a, std::size_t b, std::size_t &out, F &f) const
    {
        const std::size_t count = m_counts[level];
        const std::size_t aStep = m_aSteps[level];
        const std::size_t bStep = m_bSteps[level];
        if (level + 1 == m_levels) {
            for (std::size_t i = 0; i < count; ++i)
                f(out + i, a + i * aStep, b + i * bStep);
            out += count;
            return;
        }
        for (std::size_t i = 0; i < count; ++i)
            walk(level + 1, a + i * aStep, b + i * bStep, out, f);
    }

    Shape m_shape;
    std::size_t m_levels = 1; ///< axes left after those that step alike are joined
    std::array<std::size_t, Shape::kMaxRank> m_counts{};
    std::array<std::size_t, Shape::kMaxRank> m_aSteps{};
    std::array<std::size_t, Shape::kMaxRank> m_bSteps{};
};

} // namespace quantloupe
