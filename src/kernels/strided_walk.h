// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace quantloupe {

/// Two tensors walked together: nested axes, each with its own step in either of them. Axes that step on without a gap
/// are joined, so that the innermost run is as long as it can be.
class StridedWalk {
public:
    struct Axis {
        std::size_t count = 1;
        std::ptrdiff_t in = 0;  ///< elements from one index to the next; 0 repeats, below 0 goes backwards
        std::ptrdiff_t out = 0;
    };

    StridedWalk() = default;
    /// Outermost axis first; the offsets are where the walk starts.
    explicit StridedWalk(std::span<const Axis> axes, std::ptrdiff_t inOffset = 0, std::ptrdiff_t outOffset = 0);

    const Axis &run() const { return m_run; }

    /// Calls f(in, out) with the start of every run, outermost axis slowest.
    template <typename F> void forEachRun(F &&f) const
    {
        if (m_run.count > 0)
            walk(0, m_inOffset, m_outOffset, f);
    }

private:
    template <typename F> void walk(std::size_t level, std::ptrdiff_t in, std::ptrdiff_t out, F &f) const
    {
        if (level == m_outer.size()) {
            f(in, out);
            return;
        }
        const Axis &axis = m_outer[level];
        for (std::size_t i = 0; i < axis.count; ++i, in += axis.in, out += axis.out)
            walk(level + 1, in, out, f);
    }

    std::vector<Axis> m_outer;
    Axis m_run;
    std::ptrdiff_t m_inOffset = 0;
    std::ptrdiff_t m_outOffset = 0;
};

} // namespace quantloupe
