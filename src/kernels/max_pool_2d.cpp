// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/activation.h"
#include "kernels/pool.h"

#include <limits>

namespace quantloupe {
namespace {

template <typename Element, typename Clamp> EvalFunction largest(PrepareContext &context, const PoolGeometry &g, Clamp clamp)
{
    return pooled<Element, Element>(
        context, g, std::numeric_limits<Element>::lowest(), [](Element most, Element x) { return std::max(most, x); },
        [clamp](Element most, int) { return static_cast<Element>(clamp(most)); });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const PoolGeometry g, poolGeometry(context));
    const Activation activation = fusedActivation(context);
    switch (context.input(0).type()) {
    case DataType::Float32: return largest<float>(context, g, floatClamp(activation));
    case DataType::Int8: return largest<std::int8_t>(context, g, codeClamp(activation, context.output()));
    case DataType::UInt8: return largest<std::uint8_t>(context, g, codeClamp(activation, context.output()));
    case DataType::Int16: return largest<std::int16_t>(context, g, codeClamp(activation, context.output()));
    default: return fail(context.unsupported("float32, int8, uint8 or int16", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel max_pool_2d_kernel{"MAX_POOL_2D", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
