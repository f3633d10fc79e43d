// SPDX-License-Identifier: GPL-3.0-or-later
//
// Axis numbers and dimensions as files give them: any 64-bit number, negative axes counted from the end.
#pragma once

#include "kernels/kernel.h"

#include <cstddef>
#include <vector>

namespace quantloupe {

/// An axis of 0..rank-1; fails outside of -rank..rank-1.
Result<int> normalizedAxis(const PrepareContext &context, std::int64_t axis, int rank);
/// Input `input` as one axis number: a scalar or a single element.
Result<int> axisOperand(const PrepareContext &context, std::size_t input, int rank);
/// Input `input` as a set of axes, true where an axis is named, as often as it likes.
Result<std::vector<bool>> axesOperand(const PrepareContext &context, std::size_t input, int rank);

/// Fails on dimensions below 0, above int32, too many of them, or too many elements.
Result<Shape> shapeOf(const PrepareContext &context, std::span<const std::int64_t> dims);
/// Input `input` as a shape.
Result<Shape> shapeOperand(const PrepareContext &context, std::size_t input);
/// Input `input` as exactly `count` integers.
Result<std::vector<std::int64_t>> integersOperand(const PrepareContext &context, std::size_t input, std::size_t count);

/// Elements from one index to the next along each axis of a tensor stored row by row.
std::vector<std::ptrdiff_t> rowMajorSteps(const Shape &shape);

} // namespace quantloupe
