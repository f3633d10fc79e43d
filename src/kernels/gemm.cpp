// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/gemm.h"

#include "kernels/simd/products.h"

namespace quantloupe::gemm {
void multiply(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int32_t *out)
{
    simd::dotProducts(a, rows, b, columns, depth, out);
}

void multiply(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int64_t *out)
{
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) {
            std::int64_t sum = 0;
            for (std::size_t k = 0; k < depth; ++k)
                sum += std::int32_t{a[r * depth + k]} * std::int32_t{b[c * depth + k]};
            out[r * columns + c] = sum;
        }
    }
}

void multiply(const float *a, std::size_t rows, const float *b, std::size_t columns, std::size_t depth, float *out)
{
    simd::floatProducts(a, rows, b, columns, depth, out);
}

void transpose(const float *in, std::size_t columns, std::size_t depth, float *out)
{
    for (std::size_t c = 0; c < columns; ++c)
        for (std::size_t k = 0; k < depth; ++k)
            out[k * columns + c] = in[c * depth + k];
}

} // namespace quantloupe::gemm
