// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/patches.h"

#include <functional>
#include <gtest/gtest.h>
#include <numeric>

using namespace quantloupe;

namespace {

WindowAxis axis(int input, int filter, int stride, int dilation, int padBefore, int output)
{
    return {.input = input, .output = output, .filter = filter, .stride = stride, .dilation = dilation, .padBefore = padBefore};
}

std::vector<int> someImage(const Window2d &window, std::size_t channels)
{
    std::vector<int> image(static_cast<std::size_t>(window.y.input * window.x.input) * channels);
    std::iota(image.begin(), image.end(), 1);
    return image;
}

/// Patch after patch of some channels, -1 outside of the image.
std::vector<int> expectedPatches(const Window2d &window, const std::vector<int> &image, std::size_t imageChannels, std::size_t first, std::size_t channels)
{
    std::vector<int> result;
    for (int outY = 0; outY < window.y.output; ++outY)
        for (int outX = 0; outX < window.x.output; ++outX)
            for (int fy = 0; fy < window.y.filter; ++fy)
                for (int fx = 0; fx < window.x.filter; ++fx)
                    for (std::size_t c = first; c < first + channels; ++c) {
                        const int y = window.y.origin(outY) + fy * window.y.dilation;
                        const int x = window.x.origin(outX) + fx * window.x.dilation;
                        const bool isInside = y >= 0 && y < window.y.input && x >= 0 && x < window.x.input;
                        result.push_back(isInside ? image[static_cast<std::size_t>(y * window.x.input + x) * imageChannels + c] : -1);
                    }
    return result;
}

/// The same through starts and runs.
std::vector<int> placedPatches(const Patches &patches, const std::vector<int> &image, std::size_t first)
{
    std::vector<int> padded = image;
    if (patches.isPadded()) {
        padded.resize(patches.elements());
        patches.pad(image.data(), -1, std::identity(), padded.data());
    }
    std::vector<int> result;
    for (const std::int32_t start : patches.starts())
        for (const std::int32_t offset : patches.runs().offsets)
            for (std::size_t i = 0; i < patches.runs().length; ++i)
                result.push_back(padded.at(static_cast<std::size_t>(start + offset) + first + i));
    return result;
}

void expectPatches(const Window2d &window, std::size_t imageChannels, std::size_t groups)
{
    const auto patches = Patches::of(window, imageChannels, imageChannels / groups);
    ASSERT_TRUE(patches);
    const auto image = someImage(window, imageChannels);
    for (std::size_t first = 0; first < imageChannels; first += imageChannels / groups)
        EXPECT_EQ(placedPatches(*patches, image, first), expectedPatches(window, image, imageChannels, first, imageChannels / groups));
}

} // namespace

TEST(Patches, windowsWithPaddingReadItAround)
{
    expectPatches({axis(5, 3, 1, 1, 1, 5), axis(7, 3, 2, 1, 1, 4)}, 3, 1);
}

TEST(Patches, dilatedWindowsReadEveryTapApart)
{
    expectPatches({axis(6, 3, 1, 2, 2, 6), axis(5, 2, 1, 3, 1, 4)}, 2, 1);
}

TEST(Patches, groupsReadTheirChannelsOnly)
{
    expectPatches({axis(4, 3, 1, 1, 1, 4), axis(4, 3, 1, 1, 1, 4)}, 6, 3);
}

TEST(Patches, windowsInsideOfTheImageNeedNoCopy)
{
    const Window2d window{axis(6, 3, 2, 1, 0, 2), axis(6, 1, 2, 1, 0, 3)};
    EXPECT_FALSE(Patches::of(window, 4, 4)->isPadded());
    expectPatches(window, 4, 1);
}

TEST(Patches, windowAsWideAsTheImageIsOneRun)
{
    const Window2d window{axis(9, 3, 1, 1, 1, 9), axis(1, 1, 1, 1, 0, 1)};
    EXPECT_EQ(Patches::of(window, 5, 5)->runs().offsets.size(), 1u);
    expectPatches(window, 5, 1);
}

TEST(Patches, elementsAreConvertedAsTheyAreCopied)
{
    const Window2d window{axis(2, 3, 1, 1, 1, 2), axis(2, 3, 1, 1, 1, 2)};
    const auto patches = Patches::of(window, 1, 1);
    const std::vector<int> image{1, 2, 3, 4};
    std::vector<double> padded(patches->elements());
    patches->pad(image.data(), 0.5, [](int x) { return x * 10.0; }, padded.data());
    EXPECT_EQ(padded, (std::vector<double>{0.5, 0.5, 0.5, 0.5, 0.5, 10, 20, 0.5, 0.5, 30, 40, 0.5, 0.5, 0.5, 0.5, 0.5}));
}

TEST(Patches, paddingFarBeyondTheImageIsLeftToOthers)
{
    const WindowAxis far = axis(2, 3, 1, 1 << 20, 1 << 20, 2);
    EXPECT_FALSE(Patches::of({far, far}, 3, 3));
    EXPECT_FALSE(Patches::of({axis(2, 3, 1, 3000, 3000, 2), axis(2, 3, 1, 3000, 3000, 2)}, 3, 3));
}
