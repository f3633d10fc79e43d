// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keras/layer.h"

namespace quantloupe {

/// A weight in another order of axes: element [i0, i1, ...] of the result is element of the weight whose axis perm[k] is
/// at ik. `dims` are those of the result, which may join or split axes of the rearranged weight.
TensorIndex rearranged(LayerCall &call, const KerasWeight &weight, const std::vector<int> &perm, const Dims &dims, std::string_view tensor);
/// A layer's bias, or zeros where it has none.
TensorIndex bias(LayerCall &call, const KerasWeight *weight, std::int64_t units);

/// Sizes and steps of a layer's window over the axes it moves along.
struct WindowOptions {
    std::int64_t height = 1, width = 1;
    std::int64_t strideY = 1, strideX = 1;
    std::int64_t dilationY = 1, dilationX = 1;
    enum class Padding { Same, Valid, Causal } padding = Padding::Valid;

    Options options(bool isPool) const;
    /// Positions along an axis of `input` cells.
    static std::int64_t positions(std::int64_t input, std::int64_t size, std::int64_t stride, std::int64_t dilation, Padding padding);
};

/// Reads kernel_size (or pool_size), strides, padding, dilation_rate of a layer that moves along `axes` axes. Of one axis it
/// is the height; the width is then 1.
Result<WindowOptions> windowOptions(LayerCall &call, std::size_t axes, std::string_view size);

/// x as [batch, height, width, channels], whatever the layer's data format and number of axes; and the way back.
class ImageView {
public:
    static Result<ImageView> of(LayerCall &call, std::size_t axes);

    TensorIndex x() const { return m_x; }
    std::int64_t batch() const { return m_batch; }
    std::int64_t height() const { return m_height; }
    std::int64_t width() const { return m_width; }
    std::int64_t channels() const { return m_channels; }

    /// Back to the layer's own format.
    Result<TensorIndex> back(LayerCall &call, TensorIndex image, const std::string &tensor) const;

private:
    TensorIndex m_x;
    std::size_t m_axes = 2;
    bool m_isChannelsFirst = false;
    std::int64_t m_batch = 1, m_height = 1, m_width = 1, m_channels = 1;
};

/// Adds zeros around height and width.
Result<TensorIndex> padImage(LayerCall &call, TensorIndex image, std::int64_t top, std::int64_t bottom, std::int64_t left, std::int64_t right, const std::string &tensor);

} // namespace quantloupe
