// SPDX-License-Identifier: GPL-3.0-or-later
//
// The heavy inner products, on the widest vectors the machine has. Weights are packed once, when an operator is prepared.
// Integers are exact on every machine; float sums differ between machines by the fused multiply-add that some have, and by
// the order in which two halves of a vector are added up.
#pragma once

#include "base/aligned_buffer.h"
#include "base/data_type.h"
#include "kernels/activation.h"
#include "kernels/simd/channel_table.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace quantloupe::simd {

/// Where the elements of a row lie: in runs of `length`, run i starting offsets[i] elements behind the row's start. A
/// patch of an image is read in place like that: a run is what one row of the filter covers.
struct RowRuns {
    std::vector<std::int32_t> offsets;
    std::size_t length = 0;

    static RowRuns whole(std::size_t depth) { return {{0}, depth}; }
    std::size_t depth() const { return offsets.size() * length; }
};

/// Right-hand side of float products.
class FloatWeights {
public:
    /// `weights` is [columns][depth].
    FloatWeights(std::span<const float> weights, std::size_t columns, std::size_t depth, std::span<const float> bias, FloatClamp clamp)
        : FloatWeights(weights, columns, RowRuns::whole(depth), bias, clamp)
    {
    }
    FloatWeights(std::span<const float> weights, std::size_t columns, RowRuns runs, std::span<const float> bias, FloatClamp clamp);

    /// out[r * outStride + c] = clamp(bias[c] + sum over k of rows[r * rowStride + k] * weights[c][k]), for rows in one run.
    void multiply(const float *rows, std::size_t count, std::size_t rowStride, float *out, std::size_t outStride) const;
    /// The same of rows that start at rows + starts[r], in any runs.
    void multiply(const float *rows, std::span<const std::int32_t> starts, float *out, std::size_t outStride) const;

private:
    friend struct FloatProducts;
    std::size_t m_columns;
    RowRuns m_runs;
    std::vector<float> m_bias;
    FloatClamp m_clamp;
    std::shared_ptr<const AlignedBuffer> m_panels;
};

/// Right-hand side of integer products with 32-bit sums, which wrap.
class CodeWeights {
public:
    /// `weights` is [columns][depth] without its zero point. `isWide` keeps 64-bit sums: sums() instead of multiply().
    CodeWeights(std::span<const std::int16_t> weights, std::size_t columns, std::size_t depth, DataType input, std::int32_t inputZeroPoint,
                std::span<const std::int64_t> bias, const CodeScaling &scaling, bool isWide)
        : CodeWeights(weights, columns, RowRuns::whole(depth), input, inputZeroPoint, bias, scaling, isWide)
    {
    }
    CodeWeights(std::span<const std::int16_t> weights, std::size_t columns, RowRuns runs, DataType input, std::int32_t inputZeroPoint, std::span<const std::int64_t> bias,
                const CodeScaling &scaling, bool isWide);

    /// Whether rows are the int8 codes as they are; else they are int16 codes less their zero point.
    bool readsCodes() const { return m_readsCodes; }
    std::size_t rowElementSize() const { return m_readsCodes ? 1 : 2; }

    /// Codes of `count` rows, each in one run; strides in elements.
    void multiply(const void *rows, std::size_t count, std::size_t rowStride, void *out, std::size_t outStride) const;
    /// The same of rows that start starts[r] elements behind `rows`, in any runs.
    void multiply(const void *rows, std::span<const std::int32_t> starts, void *out, std::size_t outStride) const;
    /// The exact sums, without bias: out[r * columns + c]. Of rows in one run.
    void sums(const std::int16_t *rows, std::size_t count, std::size_t rowStride, std::int64_t *out) const;

private:
    friend struct CodeProducts;
    std::size_t m_columns;
    RowRuns m_runs;
    bool m_readsCodes;
    std::shared_ptr<const AlignedBuffer> m_panels;
    std::shared_ptr<const ChannelTable> m_table;
};

/// out[r * columns + c] = sum over k of a[r * depth + k] * b[c * depth + k], wrapping at 32 bits.
void dotProducts(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int32_t *out);
/// out[r * columns + c] = sum over k, in order, of a[r * depth + k] * b[k * columns + c].
void floatProducts(const float *a, std::size_t rows, const float *b, std::size_t columns, std::size_t depth, float *out);

} // namespace quantloupe::simd
