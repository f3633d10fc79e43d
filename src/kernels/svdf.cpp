// SPDX-License-Identifier: GPL-3.0-or-later
//
// SVDF: input [batch, features] through feature weights [filters, features]; each filter remembers its last `memory`
// results (state, oldest first), weighs them with time weights [filters, memory], and `rank` filters make one unit.
#include "kernels/activation.h"
#include "kernels/gemm.h"
#include "kernels/hybrid.h"
#include "kernels/internals.h"
#include "kernels/requantize.h"
#include "kernels/scratch_layout.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::size_t kInput = 0;
constexpr std::size_t kFeatureWeights = 1;
constexpr std::size_t kTimeWeights = 2;
constexpr std::size_t kBias = 3;
constexpr std::size_t kState = 4;

struct Geometry {
    std::size_t rows = 0; ///< the operator's own batch axis
    std::size_t features = 0;
    std::size_t filters = 0;
    std::size_t memory = 0;
    std::size_t rank = 0;
    std::size_t units = 0;

    std::size_t stateSize() const { return filters * memory; }
};

Result<Geometry> geometry(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 5, 1));
    if (context.inputCount() != 5 || !context.hasInput(kFeatureWeights) || !context.hasInput(kTimeWeights) || !context.hasInput(kState))
        return fail(context.invalid("input, feature weights, time weights, bias and state", fmt::format("{} inputs", context.inputCount())));
    const Shape &input = context.input(kInput).shape;
    const Shape &feature = context.input(kFeatureWeights).shape;
    const Shape &time = context.input(kTimeWeights).shape;
    if (input.rank() != 2 || feature.rank() != 2 || time.rank() != 2 || feature[0] != time[0] || feature[1] != input[1] || time.elementCount() < 1 || input.elementCount() < 1)
        return fail(context.invalid("input [batch, features], weights [filters, features] and [filters, memory]", fmt::format("{}, {} and {}", input.text(), feature.text(), time.text())));
    const std::int64_t rank = context.options().integer("rank");
    if (rank < 1 || rank > feature[0] || feature[0] % rank != 0)
        return fail(context.invalid(fmt::format("a rank that divides {} filters", feature[0]), fmt::format("{}", rank)));
    const Geometry g{static_cast<std::size_t>(input[0]), static_cast<std::size_t>(input[1]), static_cast<std::size_t>(feature[0]), static_cast<std::size_t>(time[1]),
                     static_cast<std::size_t>(rank), static_cast<std::size_t>(feature[0] / rank)};
    const OperandDesc &state = context.input(kState);
    if (!state.tensor->isVariable || state.tensor->isConstant() || state.elementCount() != static_cast<std::int64_t>(g.rows * g.stateSize()))
        return fail(context.invalid(fmt::format("a variable state of {} elements", g.rows * g.stateSize()), state.shape.text()));
    context.setOutputShape(0, {input[0], static_cast<std::int32_t>(g.units)});
    return g;
}

/// Forgets every filter's oldest value and appends `newest(filter)`.
template <typename T, typename F> void remember(T *state, const Geometry &g, F newest)
{
    for (std::size_t f = 0; f < g.filters; ++f) {
        T *const row = state + f * g.memory;
        std::copy(row + 1, row + g.memory, row);
        row[g.memory - 1] = newest(f);
    }
}

template <typename T> void tellState(EvalContext &run, const Geometry &g, std::size_t sample, std::size_t row, const T *state, float scale)
{
    if (!run.internals)
        return;
    InternalValues values{.quantity = InternalQuantity::SvdfState, .scale = scale};
    if constexpr (std::is_same_v<T, float>)
        values.real = {state, g.stateSize()};
    else if constexpr (std::is_same_v<T, std::int8_t>)
        values.codes8 = {state, g.stateSize()};
    else
        values.codes16 = {state, g.stateSize()};
    run.internals->step({.sample = sample, .sequence = row, .step = 0, .values = {&values, 1}});
}

struct FloatSvdf {
    Geometry g;
    std::vector<float> feature;          ///< [features, filters]; empty for the hybrid form
    std::vector<std::int16_t> codes;     ///< [filters, features]; of the hybrid form
    float featureScale = 0.0f;
    bool isAsymmetric = false;
    const ProfileTraits *traits = nullptr;
    std::vector<float> time;
    std::vector<float> bias;
    FloatClamp clamp{};
    ScratchPlace<float> newest;
    ScratchPlace<std::int8_t> inputCodes;
    ScratchPlace<std::int16_t> centered;
    ScratchPlace<std::int32_t> sums;

    void layOut(PrepareContext &context)
    {
        ScratchLayout layout;
        newest = layout.add<float>(g.filters);
        inputCodes = layout.add<std::int8_t>(g.features);
        centered = layout.add<std::int16_t>(g.features);
        sums = layout.add<std::int32_t>(g.filters);
        context.scratchBytes = layout.size();
    }
    void filterInput(const float *in, std::byte *memory) const;
    void eval(EvalContext &run) const;
};

void FloatSvdf::filterInput(const float *in, std::byte *memory) const
{
    float *const out = newest.in(memory);
    if (codes.empty())
        return gemm::multiply(in, 1, feature.data(), g.filters, g.features, out);
    std::int8_t *const quantized = inputCodes.in(memory);
    std::int16_t *const row = centered.in(memory);
    const hybrid::Scaling scaling = isAsymmetric ? hybrid::quantizeAsymmetric(*traits, in, g.features, quantized) : hybrid::quantizeSymmetric(in, g.features, quantized);
    for (std::size_t k = 0; k < g.features; ++k)
        row[k] = static_cast<std::int16_t>(quantized[k] - scaling.zeroPoint);
    gemm::multiply(row, 1, codes.data(), g.filters, g.features, sums.in(memory));
    for (std::size_t f = 0; f < g.filters; ++f)
        out[f] = static_cast<float>(sums.in(memory)[f]) * (featureScale * scaling.scale);
}

void FloatSvdf::eval(EvalContext &run) const
{
    for (std::size_t r = 0; r < run.batch() * g.rows; ++r) {
        const std::size_t sample = r / g.rows;
        const std::size_t row = r % g.rows;
        float *const state = run.state<float>(kState, sample) + row * g.stateSize();
        float *const out = run.output<float>(0, sample) + row * g.units;
        filterInput(run.input<float>(kInput, sample) + row * g.features, run.scratch());
        remember(state, g, [latest = newest.in(run.scratch())](std::size_t f) { return latest[f]; });
        for (std::size_t u = 0; u < g.units; ++u) {
            float sum = bias[u];
            for (std::size_t f = u * g.rank; f < (u + 1) * g.rank; ++f) {
                float weighted = 0.0f;
                for (std::size_t m = 0; m < g.memory; ++m)
                    weighted += time[f * g.memory + m] * state[f * g.memory + m];
                sum += weighted;
            }
            out[u] = clamp(sum);
        }
        tellState(run, g, sample, row, state, 1.0f);
    }
}

Result<EvalFunction> prepareFloat(PrepareContext &context, const Geometry &g)
{
    FloatSvdf svdf;
    svdf.g = g;
    if (context.input(kFeatureWeights).type() == DataType::Int8) {
        QL_TRY(svdf.codes, centeredWeights(context, kFeatureWeights));
        svdf.featureScale = context.input(kFeatureWeights).scale();
        svdf.isAsymmetric = context.options().boolean("asymmetric_quantize_inputs");
        svdf.traits = &context.traits();
    } else {
        QL_TRY(const auto feature, context.values<float>(kFeatureWeights));
        svdf.feature.resize(feature.size());
        gemm::transpose(feature.data(), g.filters, g.features, svdf.feature.data());
    }
    if (context.input(kTimeWeights).type() == DataType::Int8) {
        QL_TRY(const auto codes, context.values<std::int8_t>(kTimeWeights));
        for (const std::int8_t code : codes)
            svdf.time.push_back(static_cast<float>(code) * context.input(kTimeWeights).scale());
    } else {
        QL_TRY(const auto time, context.values<float>(kTimeWeights));
        svdf.time.assign(time.begin(), time.end());
    }
    QL_TRY(svdf.bias, floatBias(context, kBias, g.units));
    svdf.clamp = floatClamp(fusedActivation(context));
    svdf.layOut(context);
    return [svdf = std::move(svdf)](EvalContext &run) { svdf.eval(run); };
}

/// State is the type of the state and of the time weights.
template <typename State> struct IntegerSvdf {
    Geometry g;
    std::vector<std::int16_t> feature;
    std::vector<std::int16_t> time;
    std::vector<std::int64_t> bias;
    fixed_point::Multiplier toState;
    fixed_point::Multiplier toOutput;
    std::int32_t inputZero = 0;
    std::int32_t outputZero = 0;
    float stateScale = 0.0f;
    ScratchPlace<std::int16_t> centered;
    ScratchPlace<std::int32_t> sums;

    void eval(EvalContext &run) const;
};

template <typename State> void IntegerSvdf<State>::eval(EvalContext &run) const
{
    for (std::size_t r = 0; r < run.batch() * g.rows; ++r) {
        const std::size_t sample = r / g.rows;
        const std::size_t row = r % g.rows;
        const std::int8_t *const in = run.input<std::int8_t>(kInput, sample) + row * g.features;
        State *const state = run.state<State>(kState, sample) + row * g.stateSize();
        std::int8_t *const out = run.output<std::int8_t>(0, sample) + row * g.units;
        std::int16_t *const codes = centered.in(run.scratch());
        std::int32_t *const products = sums.in(run.scratch());
        for (std::size_t k = 0; k < g.features; ++k)
            codes[k] = static_cast<std::int16_t>(in[k] - inputZero);
        gemm::multiply(codes, 1, feature.data(), g.filters, g.features, products);
        remember(state, g, [&](std::size_t f) { return fixed_point::saturate<State>(fixed_point::multiply(products[f], toState)); });
        for (std::size_t u = 0; u < g.units; ++u) {
            auto sum = static_cast<std::uint32_t>(bias[u]); // wraps
            for (std::size_t i = u * g.rank * g.memory; i < (u + 1) * g.rank * g.memory; ++i)
                sum += static_cast<std::uint32_t>(time[i] * state[i]);
            out[u] = fixed_point::saturate<std::int8_t>(std::int64_t{fixed_point::multiply(static_cast<std::int32_t>(sum), toOutput)} + outputZero);
        }
        tellState(run, g, sample, row, state, stateScale);
    }
}

Result<fixed_point::Multiplier> rescale(const PrepareContext &context, float factor)
{
    if (!std::isfinite(factor) || factor < 0.0f)
        return fail(context.invalid("scales above 0", fmt::format("a factor of {}", factor)));
    return fixed_point::multiplierOf(static_cast<double>(factor));
}

template <typename State> Result<EvalFunction> prepareInteger(PrepareContext &context, const Geometry &g)
{
    IntegerSvdf<State> svdf;
    svdf.g = g;
    QL_TRY(svdf.feature, centeredWeights(context, kFeatureWeights));
    QL_TRY(const auto time, context.values<State>(kTimeWeights));
    svdf.time.assign(time.begin(), time.end());
    QL_TRY(svdf.bias, integerBias(context, kBias, g.units));
    const auto scale = [&](std::size_t input) { return context.input(input).scale(); };
    // Float arithmetic, in every profile.
    QL_TRY(svdf.toState, rescale(context, scale(kInput) * scale(kFeatureWeights) / scale(kState)));
    QL_TRY(svdf.toOutput, rescale(context, scale(kState) * scale(kTimeWeights) / context.output().scale()));
    svdf.inputZero = context.input(kInput).zeroPoint();
    svdf.outputZero = context.output().zeroPoint();
    svdf.stateScale = scale(kState);
    ScratchLayout layout;
    svdf.centered = layout.add<std::int16_t>(g.features);
    svdf.sums = layout.add<std::int32_t>(g.filters);
    context.scratchBytes = layout.size();
    return [svdf = std::move(svdf)](EvalContext &run) { svdf.eval(run); };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Geometry g, geometry(context));
    const DataType input = context.input(kInput).type();
    const DataType feature = context.input(kFeatureWeights).type();
    const DataType state = context.input(kState).type();
    if (input == DataType::Float32 && context.output().type() == input && state == input && (feature == DataType::Float32 || feature == DataType::Int8))
        return prepareFloat(context, g);
    if (input == DataType::Int8 && context.output().type() == input && feature == input && state == DataType::Int16)
        return prepareInteger<std::int16_t>(context, g);
    if (input == DataType::Int8 && context.output().type() == input && feature == input && state == DataType::Int8)
        return prepareInteger<std::int8_t>(context, g);
    return fail(context.unsupported("float32 (weights float32 or int8) or int8 (state int16 or int8)", context.typesText()));
}

} // namespace

extern const OperatorKernel svdf_kernel{"SVDF", prepare, kFloat32 | kInt8 | kHybrid, true};

} // namespace quantloupe
