// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

namespace quantloupe {

/// One spatial axis of a convolution or pool.
struct WindowAxis {
    int input = 0;
    int output = 0;
    int filter = 0;
    int stride = 1;
    int dilation = 1;
    int padBefore = 0;

    /// First input position of the window at `out`; may be negative.
    int origin(int out) const { return out * stride - padBefore; }
};

/// Output size and padding of the format's SAME (0) and VALID (1). Fails on strides or dilations below 1, filters of
/// size 0 and windows that do not fit.
Result<WindowAxis> windowAxis(const PrepareContext &context, int input, int filter, std::int64_t stride, std::int64_t dilation, bool isSame);

struct Window2d {
    WindowAxis y;
    WindowAxis x;
    int positions() const { return y.output * x.output; }
};
/// Both axes from the options stride_h/w and dilation_h/w_factor (1 when the operator has none) and padding.
Result<Window2d> window2d(const PrepareContext &context, const Shape &input, int filterHeight, int filterWidth);

} // namespace quantloupe
