// SPDX-License-Identifier: GPL-3.0-or-later
//
// The heavy inner products, on the widest vectors the machine has. Weights are packed once, when an operator is prepared.
// Integers are exact on every machine; float sums run in order of depth, a lane an output channel, and differ between
// machines only by the fused multiply-add that some have.
#pragma once

#include "base/aligned_buffer.h"
#include "base/data_type.h"
#include "kernels/activation.h"
#include "kernels/requantize.h"
#include "kernels/window.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace quantloupe::simd {

/// How sums of integer products become codes of the output.
struct CodeScaling {
    enum class Rounding { FixedPoint, InDouble }; ///< as Requantizer, or one rounding half away from zero of a product in double

    Rounding rounding = Rounding::FixedPoint;
    std::vector<fixed_point::Multiplier> multipliers; ///< one, or one a channel
    std::vector<double> factors;                      ///< for InDouble
    std::int32_t zeroPoint = 0;
    CodeClamp clamp{};
    DataType type = DataType::Int8; ///< of the codes: int8, uint8 or int16

    static CodeScaling of(const Requantizer &requantizer, DataType type);
};

/// What the kernels read per output channel, filled up to whole vectors.
struct ChannelTable {
    CodeScaling::Rounding rounding = CodeScaling::Rounding::FixedPoint;
    DataType type = DataType::Int8;
    std::int32_t zeroPoint = 0;
    CodeClamp clamp{};
    bool hasLeftShift = false;
    std::vector<std::int32_t> constant; ///< added to the sum, which wraps
    std::vector<std::int32_t> mantissa;
    std::vector<std::int32_t> left;
    std::vector<std::int32_t> right;
    std::vector<double> factor;

    ChannelTable() = default;
    ChannelTable(const CodeScaling &scaling, std::span<const std::int32_t> constants);
};

/// Right-hand side of float products.
class FloatWeights {
public:
    /// `weights` is [columns][depth].
    FloatWeights(std::span<const float> weights, std::size_t columns, std::size_t depth, std::span<const float> bias, FloatClamp clamp);

    /// out[r * outStride + c] = clamp(bias[c] + sum over k of rows[r * rowStride + k] * weights[c][k]).
    void multiply(const float *rows, std::size_t count, std::size_t rowStride, float *out, std::size_t outStride) const;

private:
    friend struct Products;
    std::size_t m_columns;
    std::size_t m_depth;
    std::vector<float> m_bias;
    FloatClamp m_clamp;
    std::shared_ptr<const AlignedBuffer> m_panels;
};

/// Right-hand side of integer products with 32-bit sums, which wrap.
class CodeWeights {
public:
    /// `weights` is [columns][depth] without its zero point. `isWide` keeps 64-bit sums: sums() instead of multiply().
    CodeWeights(std::span<const std::int16_t> weights, std::size_t columns, std::size_t depth, DataType input, std::int32_t inputZeroPoint,
                std::span<const std::int64_t> bias, const CodeScaling &scaling, bool isWide);

    /// Whether rows are the int8 codes as they are; else they are int16 codes less their zero point.
    bool readsCodes() const { return m_readsCodes; }
    std::size_t rowElementSize() const { return m_readsCodes ? 1 : 2; }

    /// Codes of `count` rows; strides in elements.
    void multiply(const void *rows, std::size_t count, std::size_t rowStride, void *out, std::size_t outStride) const;
    /// The exact sums, without bias: out[r * columns + c].
    void sums(const std::int16_t *rows, std::size_t count, std::size_t rowStride, std::int64_t *out) const;

private:
    friend struct Products;
    std::size_t m_columns;
    std::size_t m_depth;
    bool m_readsCodes;
    std::shared_ptr<const AlignedBuffer> m_panels;
    std::shared_ptr<const ChannelTable> m_table;
};

/// Windows of more elements are not for the depthwise classes: with int16 codes their sums might not fit 32 bits.
inline constexpr std::size_t kMostTaps = 256;

/// A depthwise convolution of one image: [h, w, c] to [h', w', outputs], outputs = c, or any number where c is 1.
struct DepthwiseShape {
    Window2d window;
    std::size_t channels = 0; ///< of the input: 1 or `outputs`
    std::size_t outputs = 0;

    bool isSupported() const { return (channels == outputs || channels == 1) && taps() <= kMostTaps; }
    std::size_t taps() const { return static_cast<std::size_t>(window.y.filter) * static_cast<std::size_t>(window.x.filter); }
};

class FloatDepthwise {
public:
    /// `weights` is [fh][fw][outputs].
    FloatDepthwise(const DepthwiseShape &shape, std::span<const float> weights, std::span<const float> bias, FloatClamp clamp);
    void convolve(const float *image, float *out) const;

private:
    friend struct Products;
    DepthwiseShape m_shape;
    std::vector<float> m_weights; ///< filled up by a vector
    std::vector<float> m_bias;
    FloatClamp m_clamp;
    std::vector<float> m_padding; ///< what a tap outside of the image reads
};

class CodeDepthwise {
public:
    /// `weights` is [fh][fw][outputs] without its zero point; `input` int8, uint8 or int16.
    CodeDepthwise(const DepthwiseShape &shape, std::span<const std::int16_t> weights, DataType input, std::int32_t inputZeroPoint,
                  std::span<const std::int64_t> bias, const CodeScaling &scaling);
    void convolve(const void *image, void *out) const;

private:
    friend struct Products;
    DepthwiseShape m_shape;
    DataType m_input;
    std::vector<std::int16_t> m_weights; ///< [tap pair][outputs][2], filled up by a vector
    std::vector<std::int16_t> m_padding;
    std::shared_ptr<const ChannelTable> m_table;
};

/// out[r * columns + c] = sum over k of a[r * depth + k] * b[c * depth + k], wrapping at 32 bits.
void dotProducts(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int32_t *out);
/// out[r * columns + c] = sum over k, in order, of a[r * depth + k] * b[k * columns + c].
void floatProducts(const float *a, std::size_t rows, const float *b, std::size_t columns, std::size_t depth, float *out);

} // namespace quantloupe::simd
