// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/lstm.h"

#include <fmt/format.h>

namespace quantloupe::lstm {
namespace {

Result<void> requireShape(const PrepareContext &context, std::size_t input, std::string_view what, const Shape &expected)
{
    const OperandDesc &operand = context.input(input);
    if (!operand.isPresent())
        return fail(context.invalid(fmt::format("{} (input {})", what, input), "none"));
    if (operand.shape != expected)
        return fail(context.invalid(fmt::format("{} (input {}) of shape {}", what, input, expected.text()), operand.shape.text()));
    return {};
}

/// All of the gates in `gates` have the input at `first + gate`, or (optional) none has.
Result<bool> isGiven(const PrepareContext &context, std::string_view what, std::initializer_list<std::size_t> inputs)
{
    std::size_t present = 0;
    for (const std::size_t input : inputs)
        present += context.hasInput(input);
    if (present != 0 && present != inputs.size())
        return fail(context.invalid(fmt::format("{} for all gates or for none", what), fmt::format("{} of {}", present, inputs.size())));
    return present != 0;
}

Result<void> checkGates(const PrepareContext &context, const Geometry &g)
{
    const auto units = static_cast<std::int32_t>(g.units);
    const Shape perUnit{units};
    for (std::size_t gate = g.firstGate(); gate < kGates; ++gate) {
        QL_CHECK(requireShape(context, kInputWeights + gate, "input weights", {units, static_cast<std::int32_t>(g.features)}));
        QL_CHECK(requireShape(context, kRecurrentWeights + gate, "recurrent weights", {units, static_cast<std::int32_t>(g.outputs)}));
        QL_CHECK(requireShape(context, kBias + gate, "a bias", perUnit));
        if (g.hasPeephole && gate != kCellGate)
            QL_CHECK(requireShape(context, peephole(gate), "peephole weights", perUnit));
        if (g.hasLayerNorm)
            QL_CHECK(requireShape(context, kLayerNorm + gate, "layer normalisation coefficients", perUnit));
    }
    return {};
}

Result<void> checkState(const PrepareContext &context, std::size_t input, std::size_t elements)
{
    const OperandDesc &state = context.input(input);
    if (!state.isPresent() || !state.tensor->isVariable || state.tensor->isConstant())
        return fail(context.invalid(fmt::format("a variable tensor for input {}", input), state.isPresent() ? "a tensor that is none" : "none"));
    if (state.elementCount() != static_cast<std::int64_t>(elements))
        return fail(context.invalid(fmt::format("a state (input {}) of {} elements", input, elements), state.shape.text()));
    return {};
}

Result<std::size_t> auxiliaryFeatures(const PrepareContext &context, const Geometry &g)
{
    const Shape &input = context.input(kInput).shape;
    if (!context.hasInput(kAuxiliaryInput))
        return fail(context.invalid("an auxiliary input for the auxiliary weights", "none"));
    const Shape &auxiliary = context.input(kAuxiliaryInput).shape;
    if (auxiliary.rank() != 3 || auxiliary[0] != input[0] || auxiliary[1] != input[1] || auxiliary[2] < 1)
        return fail(context.invalid("an auxiliary input with the input's batch and time", auxiliary.text()));
    for (std::size_t gate = g.firstGate(); gate < kGates; ++gate)
        QL_CHECK(requireShape(context, kAuxiliaryWeights + gate, "auxiliary weights", {static_cast<std::int32_t>(g.units), auxiliary[2]}));
    return static_cast<std::size_t>(auxiliary[2]);
}

} // namespace

Result<Geometry> geometry(PrepareContext &context, Form form)
{
    QL_CHECK(context.requireOperands(1, form == Form::Direction ? kDirectionInputCount : kInputCount, 1));
    const bool hasTime = form != Form::OneStep;
    if (context.inputCount() <= kCellState)
        return fail(context.invalid("20 to 24 inputs", fmt::format("{}", context.inputCount())));
    const Shape &input = context.input(kInput).shape;
    const int rank = hasTime ? 3 : 2;
    if (input.rank() != rank || input.elementCount() == 0)
        return fail(context.invalid(fmt::format("an input of rank {} that is not empty", rank), input.text()));
    Geometry g;
    g.isTimeMajor = hasTime && context.options().boolean("time_major");
    g.steps = hasTime ? static_cast<std::size_t>(input[g.isTimeMajor ? 0 : 1]) : 1;
    g.sequences = static_cast<std::size_t>(input[g.isTimeMajor ? 1 : 0]);
    g.features = static_cast<std::size_t>(input[rank - 1]);
    if (!hasTime)
        g.isTimeMajor = true; // all sequences' step at once: the reference takes it for a sequence of one step, time first

    g.isCoupled = !context.hasInput(kInputWeights);
    if (context.hasInput(kRecurrentWeights) == g.isCoupled)
        return fail(context.invalid("input gate weights for both input and recurrence, or for neither", "one of them"));
    if (!context.hasInput(kInputWeights + kOutputGate) || !context.hasInput(kRecurrentWeights + kOutputGate))
        return fail(context.invalid("output gate weights", "none"));
    const Shape &recurrent = context.input(kRecurrentWeights + kOutputGate).shape;
    if (recurrent.rank() != 2 || recurrent[0] < 1 || recurrent[1] < 1)
        return fail(context.invalid("recurrent weights [units, outputs]", recurrent.text()));
    g.units = static_cast<std::size_t>(recurrent[0]);
    g.outputs = static_cast<std::size_t>(recurrent[1]);

    QL_TRY(g.hasPeephole, isGiven(context, "peephole weights", {peephole(kForgetGate), peephole(kOutputGate)}));
    QL_TRY(g.hasLayerNorm, isGiven(context, "layer normalisation", {kLayerNorm + kForgetGate, kLayerNorm + kCellGate, kLayerNorm + kOutputGate}));
    QL_CHECK(checkGates(context, g));
    g.hasProjection = context.hasInput(kProjectionWeights);
    if (!g.hasProjection && g.units != g.outputs)
        return fail(context.invalid("as many outputs as units where there is no projection", recurrent.text()));
    if (g.hasProjection) {
        QL_CHECK(requireShape(context, kProjectionWeights, "projection weights", {recurrent[1], recurrent[0]}));
    }
    if (context.hasInput(kProjectionBias)) {
        QL_CHECK(requireShape(context, kProjectionBias, "a projection bias", {recurrent[1]}));
    }
    if (context.hasInput(kAuxiliaryWeights + kOutputGate)) {
        QL_TRY(g.auxiliaryFeatures, auxiliaryFeatures(context, g));
    }
    QL_CHECK(checkState(context, kOutputState, g.sequences * g.outputs));
    QL_CHECK(checkState(context, kCellState, g.sequences * g.units));
    context.setOutputShape(0, hasTime ? Shape{input[0], input[1], recurrent[1]} : Shape{input[0], recurrent[1]});
    return g;
}

} // namespace quantloupe::lstm
