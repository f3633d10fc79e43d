// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/gemm.h"

#include <algorithm>

namespace quantloupe::gemm {
namespace {

template <typename Sum> Sum dot(const std::int16_t *a, const std::int16_t *b, std::size_t depth)
{
    Sum sum = 0;
    for (std::size_t k = 0; k < depth; ++k)
        sum += static_cast<Sum>(std::int32_t{a[k]} * std::int32_t{b[k]});
    return sum;
}

template <typename Sum, typename Out>
void multiplyRows(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, Out *out)
{
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
            out[r * columns + c] = static_cast<Out>(dot<Sum>(a + r * depth, b + c * depth, depth));
}

} // namespace

void multiply(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int32_t *out)
{
    multiplyRows<std::uint32_t>(a, rows, b, columns, depth, out); // unsigned: wraps without undefined behaviour
}

void multiply(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int64_t *out)
{
    multiplyRows<std::int64_t>(a, rows, b, columns, depth, out);
}

void multiply(const float *a, std::size_t rows, const float *b, std::size_t columns, std::size_t depth, float *out)
{
    for (std::size_t r = 0; r < rows; ++r) {
        float *const row = out + r * columns;
        std::fill_n(row, columns, 0.0f);
        for (std::size_t k = 0; k < depth; ++k) {
            const float factor = a[r * depth + k];
            const float *const weights = b + k * columns;
            for (std::size_t c = 0; c < columns; ++c)
                row[c] += factor * weights[c];
        }
    }
}

void transpose(const float *in, std::size_t columns, std::size_t depth, float *out)
{
    for (std::size_t c = 0; c < columns; ++c)
        for (std::size_t k = 0; k < depth; ++k)
            out[k * columns + c] = in[c * depth + k];
}

} // namespace quantloupe::gemm
