// SPDX-License-Identifier: GPL-3.0-or-later
//
// The functions of gates over runs of elements, on the widest vectors the machine has.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quantloupe::simd {

/// fixed_point::logistic and tanh of Q(integerBits) values of 16 bits, as Q0.15, to the bit; integerBits 0 to 6.
void logistic(const std::int16_t *in, int integerBits, std::size_t count, std::int16_t *out);
void tanh(const std::int16_t *in, int integerBits, std::size_t count, std::int16_t *out);

/// Of floats, within 4 units in the last place; NaN comes through.
void logistic(const float *in, std::size_t count, float *out);
void tanh(const float *in, std::size_t count, float *out);

} // namespace quantloupe::simd
