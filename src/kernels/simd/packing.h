// SPDX-License-Identifier: GPL-3.0-or-later
//
// Weights in the order in which vectors read them.
#pragma once

#include "base/aligned_buffer.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

namespace quantloupe::simd {

/// Floats, or 32-bit sums, of one vector of the instruction set that runs.
std::size_t lanes();
/// Whether that one multiplies four bytes at a time and adds them up in 32 bits (VNNI).
bool hasByteProducts();

inline std::size_t roundedUp(std::size_t count, std::size_t step)
{
    return (count + step - 1) / step * step;
}

/// The channel of every lane of all panels: of a half panel both halves show the same, so that two rows fill a vector.
std::vector<std::size_t> panelChannels(std::size_t columns, bool hasHalves);

/// values[channelOf[i]], and a vector of zeros behind.
std::vector<float> spread(std::span<const float> values, std::span<const std::size_t> channelOf);

/// Columns of one panel, and how many elements of a row meet them in one step.
struct PanelShape {
    std::size_t width = 0;
    std::size_t group = 0;

    /// Two vectors of columns as long as there are as many, one for the rest. Where half a vector would hold the rest
    /// and halves are allowed, each column has two lanes: a step takes two groups.
    static PanelShape of(std::size_t columnsLeft, std::size_t group, bool hasHalves);
};

/// [columns][runs][length] to panels [runs][ceil(length / group)][width][group], filled up with 0.
template <typename To, typename From>
std::shared_ptr<const AlignedBuffer> packed(std::span<const From> weights, std::size_t columns, std::size_t depth, std::size_t length, std::size_t group, bool hasHalves)
{
    const std::size_t runs = length == 0 ? 0 : depth / length;
    const std::size_t panelColumns = 2 * lanes();
    std::size_t size = 0;
    for (std::size_t first = 0; first < columns; first += panelColumns) {
        const PanelShape shape = PanelShape::of(columns - first, group, hasHalves);
        size += runs * roundedUp(length, shape.group) * shape.width;
    }
    auto buffer = std::make_shared<AlignedBuffer>(size * sizeof(To));
    std::memset(buffer->data(), 0, buffer->size());
    auto *panel = reinterpret_cast<To *>(buffer->data());
    for (std::size_t first = 0; first < columns; first += panelColumns) {
        const PanelShape shape = PanelShape::of(columns - first, group, hasHalves);
        const std::size_t runSize = roundedUp(length, shape.group) * shape.width;
        for (std::size_t c = first; c < columns && c < first + panelColumns; ++c)
            for (std::size_t k = 0; k < depth; ++k) {
                const std::size_t inRun = k % length;
                panel[k / length * runSize + (inRun / shape.group * shape.width + (c - first)) * shape.group + inRun % shape.group] = static_cast<To>(weights[c * depth + k]);
            }
        panel += runs * runSize;
    }
    return buffer;
}

} // namespace quantloupe::simd
