// SPDX-License-Identifier: GPL-3.0-or-later
//
// PAD and PADV2: the input in the middle of a constant.
#pragma once

#include "kernels/kernel.h"

#include <array>

namespace quantloupe {

/// How many elements are added before and after, per axis.
struct Padding {
    std::vector<std::int64_t> before;
    std::vector<std::int64_t> after;
};
/// Input `input` as the table [rank, 2] of paddings, none below 0.
Result<Padding> paddingOperand(const PrepareContext &context, std::size_t input, int rank);
/// The input's shape grown by the padding.
Result<Shape> paddedShape(const PrepareContext &context, const Shape &shape, const Padding &padding);

/// Real 0 in codes of an output, of which the first elementSize() bytes count.
std::array<std::byte, 8> zeroElement(const OperandDesc &output);

/// The operator that fills its output from input 2, or with the zero point when it has none.
Result<EvalFunction> preparePad(PrepareContext &context);

} // namespace quantloupe
