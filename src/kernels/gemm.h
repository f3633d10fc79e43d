// SPDX-License-Identifier: GPL-3.0-or-later
//
// Inner products of operands as they lie: neither side is packed. Integers are exact for every order of summation; the
// float one adds in order of depth, one product at a time. Packed weights are in simd/products.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quantloupe::gemm {

/// out[r][c] = sum over k of a[r][k] * b[c][k]; rows of a are `depth` apart, out rows `columns` apart. Sums wrap at 32 bits.
void multiply(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int32_t *out);
/// The same with 64-bit sums, for int16 activations.
void multiply(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int64_t *out);
/// out[r][c] = sum over k, in order, of a[r][k] * b[k][c].
void multiply(const float *a, std::size_t rows, const float *b, std::size_t columns, std::size_t depth, float *out);

/// [columns][depth] to [depth][columns], the order the float product wants its right side in.
void transpose(const float *in, std::size_t columns, std::size_t depth, float *out);

} // namespace quantloupe::gemm
