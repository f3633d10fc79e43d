// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/depth_blocks.h"
#include "kernels/element_copy.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareDepthBlocks(context, DepthBlocks::ToDepth);
}

} // namespace

extern const OperatorKernel space_to_depth_kernel{"SPACE_TO_DEPTH", prepare, kMovableTypes};

} // namespace quantloupe
