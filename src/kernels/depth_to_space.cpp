// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/depth_blocks.h"
#include "kernels/element_copy.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareDepthBlocks(context, DepthBlocks::ToSpace);
}

} // namespace

extern const OperatorKernel depth_to_space_kernel{"DEPTH_TO_SPACE", prepare, kMovableTypes};

} // namespace quantloupe
