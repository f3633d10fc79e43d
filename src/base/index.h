// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace quantloupe {

/// An index that cannot be mixed up with an index of another kind. -1 means "none", as in the .tflite format.
template <typename Tag>
struct Index {
    std::int32_t value = -1;

    constexpr Index() = default;
    constexpr explicit Index(std::int32_t v) : value(v) {}
    constexpr explicit Index(std::size_t v) : value(static_cast<std::int32_t>(v)) {}

    constexpr bool isValid() const { return value >= 0; }
    constexpr std::size_t position() const { return static_cast<std::size_t>(value); }
    constexpr auto operator<=>(const Index &) const = default;
};

using TensorIndex = Index<struct TensorTag>;
using OperatorIndex = Index<struct OperatorTag>;
using SubgraphIndex = Index<struct SubgraphTag>;

} // namespace quantloupe
