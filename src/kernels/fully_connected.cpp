// SPDX-License-Identifier: GPL-3.0-or-later
//
// FULLY_CONNECTED: input of any shape read as rows of `depth`, weights [units, depth], bias [units].
#include "base/aligned_buffer.h"
#include "kernels/activation.h"
#include "kernels/gemm.h"
#include "kernels/hybrid.h"
#include "kernels/requantize.h"
#include "kernels/sample_runs.h"
#include "kernels/simd/products.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <type_traits>

namespace quantloupe {
namespace {

struct Geometry {
    std::size_t rows = 0;
    std::size_t depth = 0;
    std::size_t units = 0;
};

Result<Geometry> geometry(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 3, 1));
    const Shape &input = context.input(0).shape;
    const Shape &weights = context.input(1).shape;
    if (weights.rank() != 2 || weights[1] < 1 || input.elementCount() % weights[1] != 0)
        return fail(context.invalid("weights [units, depth] whose depth divides the input", fmt::format("{} and {}", weights.text(), input.text())));
    if (context.options().integer("weights_format") != 0)
        return fail(context.unsupported("weights in their plain order", "weights_format SHUFFLED4x16INT8"));
    const Geometry g{static_cast<std::size_t>(input.elementCount() / weights[1]), static_cast<std::size_t>(weights[1]), static_cast<std::size_t>(weights[0])};
    Shape output{static_cast<std::int32_t>(g.rows), weights[0]};
    if (context.options().boolean("keep_num_dims")) {
        if (input.rank() < 1 || input[input.rank() - 1] != weights[1])
            return fail(context.invalid(fmt::format("an input whose last dimension is {}", weights[1]), input.text()));
        output = input;
        output[input.rank() - 1] = weights[0];
    }
    context.setOutputShape(0, output);
    return g;
}

Result<EvalFunction> prepareFloat(PrepareContext &context, const Geometry &g)
{
    QL_TRY(const auto weights, context.values<float>(1));
    QL_TRY(const auto bias, floatBias(context, 2, g.units));
    return [g, packed = simd::FloatWeights(weights, g.units, g.depth, bias, floatClamp(fusedActivation(context)))](EvalContext &run) {
        forEachRun<float, float>(run, g.rows * g.depth, g.rows * g.units,
                                 [&](const float *in, float *out, std::size_t samples) { packed.multiply(in, samples * g.rows, g.depth, out, g.units); });
    };
}

/// LiteRT's way from accumulator to code: one rounding, half away from zero, of a product in double.
struct DoubleRequantizer {
    std::vector<double> factors;
    std::int32_t zeroPoint = 0;
    CodeClamp clamp{};

    template <typename Sum> std::int32_t operator()(Sum sum, std::size_t channel) const
    {
        const double steps = std::round(static_cast<double>(sum) * factors[factors.size() == 1 ? 0 : channel]);
        return clamp(static_cast<std::int32_t>(std::clamp(steps + zeroPoint, -2147483648.0, 2147483647.0)));
    }
};

/// int16 codes with 64-bit sums.
template <typename Requantize> Result<EvalFunction> prepareWide(PrepareContext &context, const Geometry &g, Requantize requantize)
{
    QL_TRY(const auto weights, centeredWeights(context, 1));
    QL_TRY(auto bias, integerBias(context, 2, g.units));
    const auto zeroPoint = static_cast<std::int16_t>(context.input(0).zeroPoint());
    const simd::CodeWeights packed(weights, g.units, g.depth, DataType::Int16, zeroPoint, bias, simd::CodeScaling(), true);
    const std::size_t sumsAt = AlignedBuffer::padded(g.rows * g.depth * sizeof(std::int16_t));
    context.scratchBytes = sumsAt + g.rows * g.units * sizeof(std::int64_t);
    return [g, sumsAt, packed, bias = std::move(bias), requantize = std::move(requantize), zeroPoint](EvalContext &run) {
        auto *const rows = run.scratch<std::int16_t>();
        auto *const sums = reinterpret_cast<std::int64_t *>(run.scratch() + sumsAt);
        forEachSample(run, [&](std::size_t sample) {
            const auto *const in = run.input<std::int16_t>(0, sample);
            std::transform(in, in + g.rows * g.depth, rows, [zeroPoint](std::int16_t x) { return static_cast<std::int16_t>(x - zeroPoint); });
            packed.sums(rows, g.rows, g.depth, sums);
            auto *const out = run.output<std::int16_t>(0, sample);
            for (std::size_t r = 0; r < g.rows; ++r)
                for (std::size_t c = 0; c < g.units; ++c)
                    out[r * g.units + c] = static_cast<std::int16_t>(requantize(sums[r * g.units + c] + bias[c], c));
        });
    };
}

/// 32-bit sums, which become codes as they leave the registers.
template <typename Code> Result<EvalFunction> prepareNarrow(PrepareContext &context, const Geometry &g, const simd::CodeScaling &scaling)
{
    QL_TRY(const auto weights, centeredWeights(context, 1));
    QL_TRY(const auto bias, integerBias(context, 2, g.units));
    const std::int32_t zeroPoint = context.input(0).zeroPoint();
    const simd::CodeWeights packed(weights, g.units, g.depth, context.input(0).type(), zeroPoint, bias, scaling, false);
    if (packed.readsCodes())
        return [g, packed](EvalContext &run) {
            forEachRun<Code, Code>(run, g.rows * g.depth, g.rows * g.units,
                                   [&](const Code *in, Code *out, std::size_t samples) { packed.multiply(in, samples * g.rows, g.depth, out, g.units); });
        };
    context.scratchBytes = g.rows * g.depth * sizeof(std::int16_t);
    return [g, packed, zeroPoint](EvalContext &run) {
        auto *const rows = run.scratch<std::int16_t>();
        forEachSample(run, [&](std::size_t sample) {
            const Code *const in = run.input<Code>(0, sample);
            std::transform(in, in + g.rows * g.depth, rows, [zeroPoint](Code x) { return static_cast<std::int16_t>(x - zeroPoint); });
            packed.multiply(rows, g.rows, g.depth, run.output<Code>(0, sample), g.units);
        });
    };
}

template <typename Code, typename Sum, typename Requantize> Result<EvalFunction> prepareInteger(PrepareContext &context, const Geometry &g, Requantize requantize)
{
    if constexpr (sizeof(Sum) == sizeof(std::int64_t)) {
        return prepareWide(context, g, std::move(requantize));
    } else if constexpr (std::is_same_v<Requantize, DoubleRequantizer>) {
        simd::CodeScaling scaling;
        scaling.rounding = simd::CodeScaling::Rounding::InDouble;
        scaling.factors = requantize.factors;
        scaling.zeroPoint = requantize.zeroPoint;
        scaling.clamp = requantize.clamp;
        scaling.type = context.output().type();
        return prepareNarrow<Code>(context, g, scaling);
    } else {
        return prepareNarrow<Code>(context, g, simd::CodeScaling::of(requantize, context.output().type()));
    }
}

template <typename Code, typename Sum> Result<EvalFunction> prepareInteger(PrepareContext &context, const Geometry &g, bool inDouble)
{
    if (inDouble) {
        QL_TRY(auto factors, accumulatorFactors(context, context.input(0), context.input(1), context.output(), g.units));
        const OperandDesc &output = context.output();
        return prepareInteger<Code, Sum>(context, g, DoubleRequantizer{std::move(factors), output.zeroPoint(), codeClamp(fusedActivation(context), output)});
    }
    QL_TRY(auto requantize, requantizer(context, context.input(0), context.input(1), context.output(), g.units));
    if (context.traits().fullyConnectedScalesInFloat && requantize.multipliers.size() == 1) {
        const float product = context.input(0).scale() * context.input(1).scale();
        requantize.multipliers = {fixed_point::multiplierOf(static_cast<double>(product) / static_cast<double>(context.output().scale()))};
    }
    return prepareInteger<Code, Sum>(context, g, std::move(requantize));
}

/// Dynamic range: each row of the float input is quantized to int8 on the spot, symmetrically unless the option says
/// otherwise.
Result<EvalFunction> prepareHybrid(PrepareContext &context, const Geometry &g)
{
    QL_TRY(auto weights, centeredWeights(context, 1));
    QL_TRY(auto bias, floatBias(context, 2, g.units));
    QL_TRY(auto scales, hybrid::weightScales(context, 1, g.units));
    if (!context.traits().perChannelHybridFullyConnected && context.input(1).quant().isPerChannel())
        std::ranges::fill(scales, 0.0f); // the one scale that is asked for reads as 0 where there are several
    const bool isAsymmetric = context.options().boolean("asymmetric_quantize_inputs");
    const std::size_t codesAt = AlignedBuffer::padded(g.depth * sizeof(std::int16_t));
    const std::size_t sumsAt = codesAt + AlignedBuffer::padded(g.depth);
    context.scratchBytes = sumsAt + g.units * sizeof(std::int32_t);
    return [=, &traits = context.traits(), weights = std::move(weights), bias = std::move(bias), scales = std::move(scales), clamp = floatClamp(fusedActivation(context))](EvalContext &run) {
        auto *const row = run.scratch<std::int16_t>();
        auto *const codes = reinterpret_cast<std::int8_t *>(run.scratch() + codesAt);
        auto *const sums = reinterpret_cast<std::int32_t *>(run.scratch() + sumsAt);
        for (std::size_t r = 0; r < run.batch() * g.rows; ++r) {
            const float *const in = run.input<float>(0, r / g.rows) + r % g.rows * g.depth;
            const hybrid::Scaling scaling = isAsymmetric ? hybrid::quantizeAsymmetric(traits, in, g.depth, codes) : hybrid::quantizeSymmetric(in, g.depth, codes);
            for (std::size_t k = 0; k < g.depth; ++k)
                row[k] = static_cast<std::int16_t>(codes[k] - scaling.zeroPoint);
            gemm::multiply(row, 1, weights.data(), g.units, g.depth, sums);
            float *const out = run.output<float>(0, r / g.rows) + r % g.rows * g.units;
            for (std::size_t c = 0; c < g.units; ++c)
                out[c] = clamp(static_cast<float>(sums[c]) * (scales[c] * scaling.scale) + bias[c]);
        }
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Geometry g, geometry(context));
    const DataType input = context.input(0).type();
    const DataType weights = context.input(1).type();
    const DataType output = context.output().type();
    const bool int8Weights = weights == DataType::Int8 || weights == DataType::Int4;
    const bool inDouble = context.traits().fullyConnectedInDouble;
    if (input == DataType::Float32 && output == DataType::Float32 && weights == DataType::Float32)
        return prepareFloat(context, g);
    if (input == DataType::Float32 && output == DataType::Float32 && int8Weights)
        return prepareHybrid(context, g);
    if (input == DataType::Int8 && output == DataType::Int8 && int8Weights)
        return prepareInteger<std::int8_t, std::int32_t>(context, g, inDouble);
    if (input == DataType::UInt8 && output == DataType::UInt8 && weights == DataType::UInt8)
        return prepareInteger<std::uint8_t, std::int32_t>(context, g, inDouble);
    const bool isNarrow = !hasWideAccumulator(context, 2) || (context.traits().missingBiasIsNarrow && !context.hasInput(2));
    if (input == DataType::Int16 && output == DataType::Int16 && int8Weights)
        return !isNarrow ? prepareInteger<std::int16_t, std::int64_t>(context, g, inDouble)
                                              : prepareInteger<std::int16_t, std::int32_t>(context, g, inDouble);
    return fail(context.unsupported("float32, int8, uint8, int16 x int8 or float32 x int8", context.typesText()));
}

} // namespace

extern const OperatorKernel fully_connected_kernel{"FULLY_CONNECTED", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kHybrid};

} // namespace quantloupe
