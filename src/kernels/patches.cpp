// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/patches.h"

namespace quantloupe {
namespace {

/// Elements of a padded image: this many however small it is, and as often as the image that many times.
constexpr std::int64_t kSmallImage = 1 << 20;
constexpr std::int64_t kMostGrowth = 4;

/// From the first position that is read, or the image's own, to the last.
std::int64_t paddedSize(const WindowAxis &axis)
{
    const std::int64_t covered = std::int64_t{axis.output - 1} * axis.stride + std::int64_t{axis.filter - 1} * axis.dilation + 1;
    return std::max<std::int64_t>(covered, std::int64_t{axis.padBefore} + axis.input);
}

} // namespace

std::optional<Patches> Patches::of(const Window2d &window, std::size_t imageChannels, std::size_t channels)
{
    const auto &[y, x] = window;
    const auto pixel = static_cast<std::int64_t>(imageChannels);
    const std::int64_t height = paddedSize(y);
    const std::int64_t width = paddedSize(x);
    const std::int64_t image = std::int64_t{y.input} * x.input * pixel;
    const std::int64_t most = std::max(kSmallImage, kMostGrowth * image);
    if (height > most || width > most || height * width > most / pixel || most > INT32_MAX)
        return std::nullopt;

    Patches patches;
    patches.m_isPadded = height > y.input || width > x.input;
    patches.m_top = static_cast<std::size_t>(y.padBefore);
    patches.m_left = static_cast<std::size_t>(x.padBefore) * imageChannels;
    patches.m_height = static_cast<std::size_t>(height);
    patches.m_width = static_cast<std::size_t>(width) * imageChannels;
    patches.m_imageHeight = static_cast<std::size_t>(y.input);
    patches.m_imageWidth = static_cast<std::size_t>(x.input) * imageChannels;

    const auto place = [&](std::int64_t row, std::int64_t column) { return static_cast<std::int32_t>((row * width + column) * pixel); };
    for (int outY = 0; outY < y.output; ++outY)
        for (int outX = 0; outX < x.output; ++outX)
            patches.m_starts.push_back(place(std::int64_t{outY} * y.stride, std::int64_t{outX} * x.stride));
    // As long as runs can be: pixels, rows of the window, or all of it where it is as wide as the padded image.
    const bool areRowsRuns = x.dilation == 1 && channels == imageChannels;
    const bool isOneRun = areRowsRuns && (y.filter == 1 || (y.dilation == 1 && x.filter == width));
    const int rows = isOneRun ? 1 : y.filter;
    const int columns = areRowsRuns ? 1 : x.filter;
    patches.m_runs.length = static_cast<std::size_t>(y.filter / rows) * static_cast<std::size_t>(x.filter / columns) * channels;
    for (int fy = 0; fy < rows; ++fy)
        for (int fx = 0; fx < columns; ++fx)
            patches.m_runs.offsets.push_back(place(std::int64_t{fy} * y.dilation, std::int64_t{fx} * x.dilation));
    return patches;
}

} // namespace quantloupe
