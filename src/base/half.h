// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace quantloupe {

/// IEEE half precision by its bits; subnormals, infinities and NaN included.
float halfToFloat(std::uint16_t half);
/// Rounds to nearest, ties to even.
std::uint16_t floatToHalf(float value);

} // namespace quantloupe
