// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/shape.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {

Shape::Shape(std::initializer_list<std::int32_t> dims)
{
    for (const std::int32_t dim : dims)
        append(dim);
}

Result<Shape> Shape::make(std::span<const std::int32_t> dims)
{
    if (dims.size() > kMaxRank)
        return fail(ErrorCode::ShapeInvalid, {.expected = fmt::format("at most {} dimensions", kMaxRank), .got = fmt::format("{}", dims.size())});
    Shape shape;
    std::int64_t count = 1;
    for (const std::int32_t dim : dims) {
        if (dim < 0)
            return fail(ErrorCode::ShapeInvalid, {.expected = "dimensions of 0 or more", .got = fmt::format("{}", dim)});
        count *= std::max(dim, 1);
        if (count > std::numeric_limits<std::int32_t>::max())
            return fail(ErrorCode::ShapeInvalid, {.expected = "fewer than 2^31 elements", .got = fmt::format("{}", fmt::join(dims, "x"))});
        shape.append(dim);
    }
    return shape;
}

std::int64_t Shape::product(int first, int last) const
{
    std::int64_t count = 1;
    for (int axis = first; axis < last; ++axis)
        count *= dim(axis);
    return count;
}

void Shape::append(std::int32_t dim)
{
    assert(m_rank < kMaxRank);
    m_dims[static_cast<std::size_t>(m_rank++)] = dim;
}

bool Shape::operator==(const Shape &other) const
{
    return std::ranges::equal(dims(), other.dims());
}

std::string Shape::text() const
{
    return m_rank == 0 ? "scalar" : fmt::format("{}", fmt::join(dims(), "x"));
}

} // namespace quantloupe
