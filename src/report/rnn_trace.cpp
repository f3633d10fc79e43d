// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/rnn_trace.h"

#include <algorithm>
#include <array>

namespace quantloupe {
namespace {

constexpr std::array<std::string_view, 6> kRoleNames{"gate_sum", "gate", "cell", "cell_activation", "hidden", "memory"};

} // namespace

std::string_view name(RnnRole role)
{
    return kRoleNames[static_cast<std::size_t>(role)];
}

std::optional<RnnRole> rnnRole(std::string_view name)
{
    const auto found = std::ranges::find(kRoleNames, name);
    if (found == kRoleNames.end())
        return std::nullopt;
    return static_cast<RnnRole>(found - kRoleNames.begin());
}

const RnnQuantity *RnnTrace::find(std::string_view quantityName) const
{
    const auto found = std::ranges::find(quantities, quantityName, &RnnQuantity::name);
    return found == quantities.end() ? nullptr : &*found;
}

} // namespace quantloupe
