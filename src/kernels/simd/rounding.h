// SPDX-License-Identifier: GPL-3.0-or-later
//
// From reals to codes over runs of elements, on the widest vectors the machine has.
#pragma once

#include "kernels/activation.h"

#include <cstddef>
#include <cstdint>

namespace quantloupe::simd {

/// clamp(round(x / scale) + zeroPoint) in float, ties away from zero. What no int32 holds is the lowest int32, to which the
/// zero point is added with a wrap. Code is int8, uint8, int16 or int32.
template <typename Code> void quantize(const float *in, std::size_t count, float scale, std::int32_t zeroPoint, CodeClamp clamp, Code *out);

} // namespace quantloupe::simd
