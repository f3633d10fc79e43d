// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

namespace quantloupe {

/// What the two resizes read: the input [n, h, w, c], the new size and how pixels are placed.
struct ResizeOptions {
    std::int32_t inHeight = 0;
    std::int32_t inWidth = 0;
    std::int32_t outHeight = 0;
    std::int32_t outWidth = 0;
    std::size_t images = 0;
    std::size_t channels = 0;
    bool alignsCorners = false;   ///< first and last pixels meet
    bool hasHalfPixels = false;   ///< pixels are sampled at their centres

    std::size_t inputSize() const { return static_cast<std::size_t>(inHeight) * static_cast<std::size_t>(inWidth) * channels; }
    std::size_t outputSize() const { return static_cast<std::size_t>(outHeight) * static_cast<std::size_t>(outWidth) * channels; }
};

/// Checks operands and types, and sets the output's shape.
Result<ResizeOptions> resizeOptions(PrepareContext &context);

} // namespace quantloupe
