// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/strided_walk.h"

namespace quantloupe {

StridedWalk::StridedWalk(std::span<const Axis> axes, std::ptrdiff_t inOffset, std::ptrdiff_t outOffset) : m_inOffset(inOffset), m_outOffset(outOffset)
{
    for (const Axis &axis : axes) {
        if (axis.count == 1)
            continue;
        const auto count = static_cast<std::ptrdiff_t>(axis.count);
        if (!m_outer.empty() && m_outer.back().in == axis.in * count && m_outer.back().out == axis.out * count)
            m_outer.back() = {m_outer.back().count * axis.count, axis.in, axis.out};
        else
            m_outer.push_back(axis);
    }
    if (!m_outer.empty()) {
        m_run = m_outer.back();
        m_outer.pop_back();
    }
    for (const Axis &axis : m_outer)
        if (axis.count == 0)
            m_run.count = 0; // nothing to walk, however long the other axes are
}

} // namespace quantloupe
