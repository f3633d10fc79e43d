// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/broadcast.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Dimension counted from the right; 1 beyond the shape's rank.
std::int32_t dimFromRight(const Shape &shape, int fromRight)
{
    return fromRight < shape.rank() ? shape[shape.rank() - 1 - fromRight] : 1;
}

} // namespace

Result<Broadcast> Broadcast::make(const PrepareContext &context, const Shape &a, const Shape &b)
{
    Broadcast plan;
    const int rank = std::max(a.rank(), b.rank());
    std::vector<std::int32_t> dims(static_cast<std::size_t>(rank));
    for (int r = 0; r < rank; ++r) {
        const std::int32_t da = dimFromRight(a, r);
        const std::int32_t db = dimFromRight(b, r);
        if (da != db && da != 1 && db != 1)
            return fail(context.invalid("shapes that broadcast together", fmt::format("{} and {}", a.text(), b.text())));
        dims[static_cast<std::size_t>(rank - 1 - r)] = da == 1 ? db : da;
    }
    QL_TRY(plan.m_shape, Shape::make(dims));

    // From the innermost axis outwards; an axis joins the one inside it when both operands step on without a gap.
    std::vector<std::array<std::size_t, 3>> levels; // count, step of a, step of b
    std::size_t aSize = 1;
    std::size_t bSize = 1;
    for (int r = 0; r < rank; ++r) {
        const auto da = static_cast<std::size_t>(dimFromRight(a, r));
        const auto db = static_cast<std::size_t>(dimFromRight(b, r));
        const std::size_t count = da == 1 ? db : da;
        if (count != 1) {
            const std::size_t aStep = da == 1 ? 0 : aSize;
            const std::size_t bStep = db == 1 ? 0 : bSize;
            if (!levels.empty() && aStep == levels.back()[1] * levels.back()[0] && bStep == levels.back()[2] * levels.back()[0])
                levels.back()[0] *= count;
            else
                levels.push_back({count, aStep, bStep});
        }
        aSize *= da;
        bSize *= db;
    }
    if (levels.empty())
        levels.push_back({1, 0, 0});
    plan.m_levels = levels.size();
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const auto &[count, aStep, bStep] = levels[levels.size() - 1 - i];
        plan.m_counts[i] = count;
        plan.m_aSteps[i] = aStep;
        plan.m_bSteps[i] = bStep;
    }
    return plan;
}

} // namespace quantloupe
