// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches of an image as rows that nobody copies: a patch is a few runs of the image with its padding around it.
#pragma once

#include "kernels/simd/products.h"
#include "kernels/window.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace quantloupe {

class Patches {
public:
    /// Patches of `channels` of the `imageChannels` of an image. Nothing where padding would make it many times larger.
    static std::optional<Patches> of(const Window2d &window, std::size_t imageChannels, std::size_t channels);

    /// Where the patch of each output position starts, and the runs it consists of.
    std::span<const std::int32_t> starts() const { return m_starts; }
    const simd::RowRuns &runs() const { return m_runs; }

    bool isPadded() const { return m_isPadded; }
    /// Of the image with its padding.
    std::size_t elements() const { return m_height * m_width; }

    /// Writes the image with its padding around it; `convert` maps an element.
    template <typename From, typename To, typename Convert> void pad(const From *image, To padding, const Convert &convert, To *out) const
    {
        out = std::fill_n(out, m_top * m_width + m_left, padding);
        for (std::size_t y = 0; y < m_imageHeight; ++y, image += m_imageWidth) {
            if (y > 0)
                out = std::fill_n(out, m_width - m_imageWidth, padding); // the end of one row and the start of the next
            if constexpr (std::is_same_v<Convert, std::identity>)
                out = std::copy_n(image, m_imageWidth, out);
            else
                out = std::transform(image, image + m_imageWidth, out, convert);
        }
        std::fill_n(out, elements() - (m_top + m_imageHeight - 1) * m_width - m_left - m_imageWidth, padding);
    }

private:
    std::vector<std::int32_t> m_starts;
    simd::RowRuns m_runs;
    bool m_isPadded = false;
    std::size_t m_top = 0;         ///< rows of padding
    std::size_t m_left = 0;        ///< elements of padding
    std::size_t m_height = 0;      ///< rows, padding included
    std::size_t m_width = 0;       ///< elements of a row, padding included
    std::size_t m_imageHeight = 0;
    std::size_t m_imageWidth = 0;
};

} // namespace quantloupe
