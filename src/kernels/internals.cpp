// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/internals.h"

#include <array>

namespace quantloupe {

std::string_view name(InternalQuantity quantity)
{
    static constexpr std::array<std::string_view, kInternalQuantityCount> kNames{
        "input_gate_sum", "forget_gate_sum", "cell_gate_sum", "output_gate_sum", "input_gate", "forget_gate",
        "cell_gate",      "output_gate",     "cell",          "cell_activation", "hidden",     "svdf_state",
        "update_gate_sum", "reset_gate_sum", "candidate_gate_sum", "update_gate", "reset_gate", "candidate_gate"};
    return kNames[static_cast<std::size_t>(quantity)];
}

} // namespace quantloupe
