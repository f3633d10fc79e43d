// SPDX-License-Identifier: GPL-3.0-or-later
//
// L2_NORMALIZATION: every row along the last axis divided by its Euclidean norm.
#include "kernels/fixed_point.h"
#include "kernels/rows.h"

namespace quantloupe {
namespace {

EvalFunction prepareFloat(Rows rows)
{
    return forEachRow<float, float>(rows, [](const float *in, float *out, std::size_t depth) {
        constexpr float kEpsilon = 1e-6f; // of rows that are all 0
        float squares = 0.0f;
        for (std::size_t c = 0; c < depth; ++c)
            squares += in[c] * in[c];
        const float norm = std::max(std::sqrt(squares), kEpsilon);
        for (std::size_t c = 0; c < depth; ++c)
            out[c] = in[c] / norm;
    });
}

/// The output's quantization is fixed: scale 1 / 128, zero point 0 (int8) or 128 (uint8).
template <typename Code> EvalFunction prepareQuantized(const PrepareContext &context, Rows rows)
{
    return forEachRow<Code, Code>(rows, [inputZero = context.input(0).zeroPoint()](const Code *in, Code *out, std::size_t depth) {
        constexpr int kOutputShift = 7;
        std::int32_t squares = 0;
        for (std::size_t c = 0; c < depth; ++c)
            squares = static_cast<std::int32_t>(static_cast<std::uint32_t>(squares) + static_cast<std::uint32_t>((in[c] - inputZero) * (in[c] - inputZero)));
        const fixed_point::Multiplier root = fixed_point::inverseSquareRoot(squares, -1);
        for (std::size_t c = 0; c < depth; ++c) {
            const std::int32_t value = in[c] - inputZero;
            if constexpr (std::is_same_v<Code, std::int8_t>)
                out[c] = fixed_point::saturate<Code>(fixed_point::multiply(value, {root.mantissa, root.exponent + kOutputShift}));
            else // scaled before the root instead of after it
                out[c] = fixed_point::saturate<Code>(fixed_point::multiply(value * (1 << kOutputShift), root) + 128);
        }
    });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Rows rows, Rows::make(context));
    const DataType type = context.input(0).type();
    if (context.output().type() != type)
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    switch (type) {
    case DataType::Float32: return prepareFloat(rows);
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, rows);
    case DataType::UInt8: return prepareQuantized<std::uint8_t>(context, rows);
    default: return fail(context.unsupported("float32, int8 or uint8", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel l2_normalization_kernel{"L2_NORMALIZATION", prepare, kFloat32 | kInt8 | kUInt8};

} // namespace quantloupe
