// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tensors side by side along an axis: CONCATENATION and PACK lay them together, SPLIT, SPLIT_V and UNPACK take one apart.
#pragma once

#include "kernels/kernel.h"

#include <vector>

namespace quantloupe {

/// Output 0 is, `rows` times over, the next pieceBytes[i] bytes of every input i in turn.
EvalFunction laidTogether(std::size_t rows, std::vector<std::size_t> pieceBytes);
/// The same taken apart: input `input` holds, `rows` times over, pieceBytes[i] bytes of every output i in turn.
EvalFunction takenApart(std::size_t rows, std::vector<std::size_t> pieceBytes, std::size_t input);

} // namespace quantloupe
