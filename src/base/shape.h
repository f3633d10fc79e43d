// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace quantloupe {

/// Dimensions of a tensor, outermost first. A scalar has rank 0 and one element.
class Shape {
public:
    static constexpr int kMaxRank = 8;

    Shape() = default;
    Shape(std::initializer_list<std::int32_t> dims);

    /// Refuses more than kMaxRank dimensions, negative ones, and more than 2^31-1 elements.
    static Result<Shape> make(std::span<const std::int32_t> dims);

    int rank() const { return m_rank; }
    std::int32_t dim(int axis) const { return m_dims[static_cast<std::size_t>(axis)]; }
    std::int32_t operator[](int axis) const { return dim(axis); }
    std::int32_t &operator[](int axis) { return m_dims[static_cast<std::size_t>(axis)]; }
    std::span<const std::int32_t> dims() const { return {m_dims.data(), static_cast<std::size_t>(m_rank)}; }

    /// Product of all dimensions; 1 for a scalar.
    std::int64_t elementCount() const { return product(0, m_rank); }
    /// Product of the dimensions first..last-1.
    std::int64_t product(int first, int last) const;

    void append(std::int32_t dim);
    bool operator==(const Shape &other) const;

    /// "1x49x1x40"; "scalar" for rank 0.
    std::string text() const;

private:
    std::array<std::int32_t, kMaxRank> m_dims{};
    int m_rank = 0;
};

} // namespace quantloupe
