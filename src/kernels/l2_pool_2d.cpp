// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/activation.h"
#include "kernels/pool.h"

#include <cmath>

namespace quantloupe {
namespace {

/// L2_POOL_2D: the root of the mean square.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const PoolGeometry g, poolGeometry(context));
    if (context.input(0).type() != DataType::Float32)
        return fail(context.typeError(0, "float32"));
    return pooled<float, float>(
        context, g, 0.0f, [](float sum, float x) { return sum + x * x; },
        [clamp = floatClamp(fusedActivation(context))](float sum, int cells) { return clamp(std::sqrt(sum / static_cast<float>(cells))); });
}

} // namespace

extern const OperatorKernel l2_pool_2d_kernel{"L2_POOL_2D", prepare, kFloat32};

} // namespace quantloupe
