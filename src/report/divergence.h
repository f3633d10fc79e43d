// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/rnn_trace.h"

#include <cstddef>
#include <optional>

namespace quantloupe {

/// Time to divergence: the first time step whose rmse passes `threshold` steps of the quantity's scale; nothing when none
/// does. For quantities of one bit width only: steps of an int16 scale are 256 times finer than those of int8.
std::optional<std::size_t> divergenceStep(const RnnQuantity &quantity, const RnnError &error, double threshold);

} // namespace quantloupe
