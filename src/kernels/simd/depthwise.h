// SPDX-License-Identifier: GPL-3.0-or-later
//
// Depthwise convolutions on the widest vectors the machine has. A row of the output is one long row of lanes, position
// after position; each tap adds the row of the input that lies under it times its weights.
#pragma once

#include "kernels/activation.h"
#include "kernels/simd/channel_table.h"
#include "kernels/window.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace quantloupe::simd {

/// Windows of more elements are not for the depthwise classes: with int16 codes their sums might not fit 32 bits.
inline constexpr std::size_t kMostTaps = 256;

/// A depthwise convolution of one image: [h, w, c] to [h', w', c * multiplier].
struct DepthwiseShape {
    Window2d window;
    std::size_t channels = 0;
    std::size_t outputs = 0; ///< a multiple of the channels

    bool isSupported() const;
    std::size_t taps() const { return static_cast<std::size_t>(window.y.filter) * static_cast<std::size_t>(window.x.filter); }
};

/// How a depthwise convolution goes about it. Lanes are floats or 32-bit sums.
struct DepthwisePlan {
    DepthwiseShape shape;
    bool copies = false;        ///< rows are copied, with padding at both ends and for every output its channel
    std::size_t padLeft = 0;    ///< positions
    std::size_t slots = 0;      ///< rows kept: all that a window covers
    std::size_t rowLength = 0;  ///< lanes of a row kept
    std::size_t inStep = 0;     ///< lanes from one vector of a channel block to the next of the same channels
    std::size_t outStep = 0;
    std::size_t blockWidth = 0; ///< lanes of a block: all channels once, or as often as whole vectors take
    std::size_t rowWidth = 0;   ///< lanes of an output row
    std::vector<std::size_t> channelOf; ///< of the lanes of a block, filled up to whole vectors

    /// `mustCopy`: rows are converted as they are copied.
    DepthwisePlan(const DepthwiseShape &shape, bool mustCopy);
    /// A row of padding and the rows kept.
    std::size_t scratchBytes() const { return (slots + 1) * rowLength * sizeof(std::int32_t); }
};

class FloatDepthwise {
public:
    /// `weights` is [fh][fw][outputs].
    FloatDepthwise(const DepthwiseShape &shape, std::span<const float> weights, std::span<const float> bias, FloatClamp clamp);
    std::size_t scratchBytes() const { return m_plan.scratchBytes(); }
    /// `count` images one behind the other; `scratch` is aligned as vectors are.
    void convolve(const float *images, std::size_t count, float *out, std::byte *scratch) const;

private:
    friend struct Depthwise;
    DepthwisePlan m_plan;
    std::vector<float> m_weights; ///< [tap][lane of a block]
    std::vector<float> m_bias;
    FloatClamp m_clamp;
};

class CodeDepthwise {
public:
    /// `weights` is [fh][fw][outputs] without its zero point; `input` int8, uint8 or int16.
    CodeDepthwise(const DepthwiseShape &shape, std::span<const std::int16_t> weights, DataType input, std::int32_t inputZeroPoint,
                  std::span<const std::int64_t> bias, const CodeScaling &scaling);
    std::size_t scratchBytes() const { return m_plan.scratchBytes(); }
    void convolve(const void *images, std::size_t count, void *out, std::byte *scratch) const;

private:
    friend struct Depthwise;
    DepthwisePlan m_plan;
    DataType m_input;
    bool m_usesBytes;                    ///< lanes hold bytes for the products that VNNI has, else 16 bits
    std::int32_t m_padding;              ///< what a tap outside of the image reads, as lanes hold it
    std::vector<std::int32_t> m_weights; ///< [tap][lane of a block]
    std::shared_ptr<const ChannelTable> m_table;
};

} // namespace quantloupe::simd
