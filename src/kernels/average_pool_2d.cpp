// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/activation.h"
#include "kernels/pool.h"

namespace quantloupe {
namespace {

/// Codes are averaged as they are, rounding half away from 0: input and output have one scale and zero point.
template <typename Code> EvalFunction averageOfCodes(PrepareContext &context, const PoolGeometry &g)
{
    const CodeClamp clamp = codeClamp(fusedActivation(context), context.output());
    return pooled<Code, std::int32_t>(
        context, g, 0, [](std::int32_t sum, Code x) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) + static_cast<std::uint32_t>(x)); }, // wraps
        [clamp](std::int32_t sum, int cells) { return static_cast<Code>(clamp(static_cast<std::int32_t>((std::int64_t{sum} + (sum > 0 ? cells / 2 : -(cells / 2))) / cells))); });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const PoolGeometry g, poolGeometry(context));
    switch (context.input(0).type()) {
    case DataType::Float32:
        return pooled<float, float>(
            context, g, 0.0f, [](float sum, float x) { return sum + x; },
            [clamp = floatClamp(fusedActivation(context))](float sum, int cells) { return clamp(sum / static_cast<float>(cells)); });
    case DataType::Int8: return averageOfCodes<std::int8_t>(context, g);
    case DataType::UInt8: return averageOfCodes<std::uint8_t>(context, g);
    case DataType::Int16: return averageOfCodes<std::int16_t>(context, g);
    default: return fail(context.unsupported("float32, int8, uint8 or int16", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel average_pool_2d_kernel{"AVERAGE_POOL_2D", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
