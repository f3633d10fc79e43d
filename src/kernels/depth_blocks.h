// SPDX-License-Identifier: GPL-3.0-or-later
//
// DEPTH_TO_SPACE and SPACE_TO_DEPTH: blocks of block x block cells on one side, their cells' channels one after another on
// the other.
#pragma once

#include "kernels/kernel.h"

namespace quantloupe {

enum class DepthBlocks { ToSpace, ToDepth };
Result<EvalFunction> prepareDepthBlocks(PrepareContext &context, DepthBlocks direction);

} // namespace quantloupe
