// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/rnn_layer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe::rnn {
namespace {

Result<void> requireShape(const PrepareContext &context, std::size_t input, std::string_view what, const Shape &expected)
{
    if (!context.hasInput(input))
        return fail(context.invalid(fmt::format("{} (input {})", what, input), "none"));
    if (context.input(input).shape != expected)
        return fail(context.invalid(fmt::format("{} (input {}) of shape {}", what, input, expected.text()), context.input(input).shape.text()));
    return {};
}

Result<void> requireFloat(const PrepareContext &context, std::size_t input)
{
    if (context.input(input).type() != DataType::Float32)
        return fail(context.typeError(input, "float32"));
    return {};
}

Result<void> requireWeights(const PrepareContext &context, std::size_t input)
{
    const DataType type = context.input(input).type();
    if (type != DataType::Float32 && type != DataType::Int8)
        return fail(context.typeError(input, "float32 or int8"));
    return {};
}

} // namespace

Result<CellActivation> fusedCellActivation(const PrepareContext &context)
{
    const auto value = context.options().integer("fused_activation_function");
    if (value >= 0 && value <= 4)
        return static_cast<CellActivation>(value);
    return fail(context.unsupported("the activation none, RELU, RELU_N1_TO_1, RELU6 or TANH", fmt::format("{}", value)));
}

float activated(CellActivation activation, float x)
{
    switch (activation) {
    case CellActivation::Relu: return std::max(x, 0.0f);
    case CellActivation::ReluN1To1: return std::min(std::max(x, -1.0f), 1.0f);
    case CellActivation::Relu6: return std::min(std::max(x, 0.0f), 6.0f);
    case CellActivation::Tanh: return std::tanh(x);
    default: return x;
    }
}

Result<Layer> Layer::make(const PrepareContext &context, const Places &places, ScratchLayout &layout, bool isTimeMajor, bool isBackward)
{
    Layer layer;
    layer.m_places = places;
    layer.m_isTimeMajor = isTimeMajor;
    layer.m_isBackward = isBackward;
    if (!context.hasInput(places.input) || !context.hasInput(places.weights) || !context.hasInput(places.recurrentWeights))
        return fail(context.invalid("an input, its weights and recurrent weights", "not all of them"));
    const Shape &input = context.input(places.input).shape;
    const Shape &weights = context.input(places.weights).shape;
    if (input.rank() < 2 || input.rank() > 3 || input.elementCount() == 0)
        return fail(context.invalid("an input of rank 2 or 3 that is not empty", input.text()));
    if (weights.rank() != 2 || weights[0] < 1)
        return fail(context.invalid("weights [units, features]", weights.text()));
    const bool hasTime = input.rank() == 3;
    layer.m_sequences = static_cast<std::size_t>(input[hasTime && isTimeMajor ? 1 : 0]);
    layer.m_steps = hasTime ? static_cast<std::size_t>(input[isTimeMajor ? 0 : 1]) : 1;
    layer.m_features = static_cast<std::size_t>(input[input.rank() - 1]);
    layer.m_units = static_cast<std::size_t>(weights[0]);
    QL_CHECK(requireShape(context, places.weights, "weights", {weights[0], input[input.rank() - 1]}));
    QL_CHECK(requireShape(context, places.recurrentWeights, "recurrent weights", {weights[0], weights[0]}));
    QL_CHECK(requireShape(context, places.bias, "a bias", {weights[0]}));
    QL_CHECK(requireFloat(context, places.input));
    QL_CHECK(requireWeights(context, places.weights));
    QL_CHECK(requireWeights(context, places.recurrentWeights));
    if (!context.hasInput(places.state) || !context.input(places.state).tensor->isVariable || context.input(places.state).tensor->isConstant())
        return fail(context.invalid(fmt::format("a variable tensor for input {}", places.state), "none"));
    QL_CHECK(requireFloat(context, places.state));
    if (context.input(places.state).elementCount() != static_cast<std::int64_t>(layer.m_sequences * layer.m_units))
        return fail(context.invalid(fmt::format("a state of {} elements", layer.m_sequences * layer.m_units), context.input(places.state).shape.text()));
    QL_TRY(layer.m_activation, fusedCellActivation(context));
    QL_TRY(layer.m_fromInput, RowProduct::make(context, std::array{places.weights}));
    QL_TRY(layer.m_fromState, RowProduct::make(context, std::array{places.recurrentWeights}));
    QL_TRY(const auto bias, context.values<float>(places.bias));
    layer.m_bias.assign(bias.begin(), bias.end());
    if (places.auxiliaryInput) {
        const Shape &auxiliary = context.input(*places.auxiliaryInput).shape;
        if (auxiliary.rank() != input.rank() || !std::equal(auxiliary.dims().begin(), auxiliary.dims().end() - 1, input.dims().begin()))
            return fail(context.invalid("an auxiliary input with the input's batch and time", auxiliary.text()));
        QL_CHECK(requireFloat(context, *places.auxiliaryInput));
        QL_CHECK(requireShape(context, *places.auxiliaryWeights, "auxiliary weights", {weights[0], auxiliary[auxiliary.rank() - 1]}));
        QL_CHECK(requireWeights(context, *places.auxiliaryWeights));
        QL_TRY(layer.m_fromAuxiliary, RowProduct::make(context, std::array{*places.auxiliaryWeights}));
        layer.m_auxiliaryFeatures = static_cast<std::size_t>(auxiliary[auxiliary.rank() - 1]);
    }
    layer.m_sums = layout.add<float>(layer.m_units);
    layer.m_product = layout.add<float>(layer.m_units);
    layer.m_hybrid = RowProduct::scratch(layout, std::max({layer.m_features, layer.m_auxiliaryFeatures, layer.m_units}), layer.m_units);
    return layer;
}

void Layer::run(EvalContext &context, std::size_t output, std::size_t rowWidth, std::size_t firstColumn) const
{
    std::byte *const memory = context.scratch();
    float *const sums = m_sums.in(memory);
    float *const product = m_product.in(memory);
    const auto add = [&](const RowProduct &weights, const float *from) {
        weights(from, 1, product, m_hybrid, memory);
        for (std::size_t u = 0; u < m_units; ++u)
            sums[u] += product[u];
    };
    for (std::size_t sample = 0; sample < context.batch(); ++sample) {
        for (std::size_t i = 0; i < m_steps; ++i) {
            const std::size_t step = m_isBackward ? m_steps - 1 - i : i;
            for (std::size_t sequence = 0; sequence < m_sequences; ++sequence) {
                float *const hidden = context.state<float>(m_places.state, sample) + sequence * m_units;
                std::ranges::copy(m_bias, sums);
                add(m_fromInput, context.input<float>(m_places.input, sample) + row(sequence, step) * m_features);
                if (m_fromAuxiliary)
                    add(*m_fromAuxiliary, context.input<float>(*m_places.auxiliaryInput, sample) + row(sequence, step) * m_auxiliaryFeatures);
                add(m_fromState, hidden);
                for (std::size_t u = 0; u < m_units; ++u)
                    hidden[u] = activated(m_activation, sums[u]);
                std::copy_n(hidden, m_units, context.output<float>(output, sample) + row(sequence, step) * rowWidth + firstColumn);
                if (context.internals)
                    tell(context, sample, sequence, step, sums, hidden);
            }
        }
    }
}

void Layer::tell(EvalContext &context, std::size_t sample, std::size_t sequence, std::size_t step, const float *sums, const float *hidden) const
{
    const std::array<InternalValues, 2> values{InternalValues{.quantity = InternalQuantity::CellGateSum, .real = {sums, m_units}},
                                               InternalValues{.quantity = InternalQuantity::Hidden, .real = {hidden, m_units}}};
    context.internals->step({sample, sequence, step, values});
}

} // namespace quantloupe::rnn
