// SPDX-License-Identifier: GPL-3.0-or-later
//
// The integer LSTM as TensorFlow Lite Micro computes it, int8 or int16 activations ("16x8"): sigmoid and tanh by table,
// products with the multiplication of MUL, the hidden state scaled to the output state (intermediates play no part).
#include "kernels/lstm_integer.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe::lstm {
namespace {

template <typename Code> struct TflmRules {
    fixed_point::Multiplier keepMultiplier;   ///< forget gate x cell
    fixed_point::Multiplier addMultiplier;    ///< input gate x candidate
    fixed_point::Multiplier hiddenMultiplier; ///< output gate x tanh(cell)
    std::int32_t hiddenZeroPoint = 0;
    fixed_point::TableInput cellTable;
    std::int16_t cellClip = 0;
    std::size_t unitCount = 0;

    static std::int32_t recurrentTerm(std::int32_t x) { return saturate16(x); }
    static void finishSum(std::size_t, std::size_t, std::int16_t *, const std::int16_t *) {}
    static void sigmoid(const std::int16_t *in, std::int16_t *out, std::size_t units)
    {
        for (std::size_t u = 0; u < units; ++u)
            out[u] = fixed_point::logisticByTable(in[u], {});
    }
    bool hasCandidateActivation = true;
    void tanh(const std::int16_t *in, std::int16_t *out, std::size_t units) const
    {
        if (!hasCandidateActivation) {
            std::copy_n(in, units, out);
            return;
        }
        for (std::size_t u = 0; u < units; ++u)
            out[u] = fixed_point::tanhByTable(in[u], {});
    }
    void updateCell(const IntegerRow &row, std::size_t units) const
    {
        const std::int16_t *const input = row.gates + kInputGate * units;
        const std::int16_t *const forget = row.gates + kForgetGate * units;
        const std::int16_t *const candidate = row.gates + kCellGate * units;
        for (std::size_t u = 0; u < units; ++u) {
            const std::int16_t kept = saturate16(fixed_point::multiply(std::int32_t{forget[u]} * row.cell[u], keepMultiplier));
            const std::int16_t added = saturate16(fixed_point::multiply(std::int32_t{input[u]} * candidate[u], addMultiplier));
            row.cell[u] = saturate16(std::int32_t{kept} + added);
        }
        clipCell(row.cell, units, cellClip);
    }
    void activateCell(const IntegerRow &row, std::size_t units) const
    {
        for (std::size_t u = 0; u < units; ++u)
            row.cellActivation[u] = fixed_point::tanhByTable(row.cell[u], cellTable);
    }
    void makeHidden(const std::int16_t *outputGate, const std::int16_t *cellActivation, Code *hidden, std::byte *) const
    {
        for (std::size_t u = 0; u < unitCount; ++u) {
            const std::int64_t value = fixed_point::multiply(std::int32_t{outputGate[u]} * cellActivation[u], hiddenMultiplier);
            hidden[u] = fixed_point::saturate<Code>(value + hiddenZeroPoint);
        }
    }
};

Result<fixed_point::Multiplier> multiplierOf(const PrepareContext &context, std::string_view what, double factor)
{
    constexpr double kLargest = 1 << 14; // the int64 product's shift stays positive
    if (!std::isfinite(factor) || factor < 0.0 || factor >= kLargest)
        return fail(context.invalid(fmt::format("usable scales for {}", what), fmt::format("a factor of {}", factor)));
    return fixed_point::multiplierOf(factor);
}

template <typename Lstm> Result<void> prepareGate(const PrepareContext &context, Lstm &lstm, std::size_t gate)
{
    const double sumScale = std::ldexp(1.0, -12);
    const auto factor = [&](std::size_t weights, std::size_t input) {
        return static_cast<double>(context.input(input).scale()) * static_cast<double>(context.input(weights + gate).scale()) / sumScale;
    };
    QL_TRY(lstm.inputMultipliers[gate], multiplierOf(context, "a gate's input product", factor(kInputWeights, kInput)));
    QL_TRY(lstm.recurrentMultipliers[gate], multiplierOf(context, "a gate's recurrent product", factor(kRecurrentWeights, kOutputState)));
    using Bias = typename decltype(lstm.bias)::value_type;
    QL_TRY(const auto bias, context.values<Bias>(kBias + gate));
    lstm.bias.insert(lstm.bias.end(), bias.begin(), bias.end());
    return {};
}

template <typename Code, typename Sum> Result<EvalFunction> prepareTyped(PrepareContext &context, const Geometry &g)
{
    IntegerLstm<Code, Sum, TflmRules<Code>> lstm;
    lstm.g = g;
    TflmRules<Code> &rules = lstm.rules;
    QL_CHECK(lstm.loadWeights(context));
    QL_TRY(const int exponent, cellExponent(context));
    for (std::size_t gate = 0; gate < kGates; ++gate)
        QL_CHECK(prepareGate(context, lstm, gate));
    const double gateScale = std::ldexp(1.0, -15);
    const double cellScale = context.input(kCellState).scale();
    const OperandDesc &state = context.input(kOutputState);
    QL_TRY(rules.keepMultiplier, multiplierOf(context, "the forget gate", gateScale * cellScale / cellScale));
    QL_TRY(rules.addMultiplier, multiplierOf(context, "the input gate", gateScale * gateScale / cellScale));
    QL_TRY(rules.hiddenMultiplier, multiplierOf(context, "the output gate", gateScale * gateScale / static_cast<double>(state.scale())));
    rules.hiddenZeroPoint = state.zeroPoint();
    const int leftShift = 15 + exponent - 3; // from the cell's scale to Q3.12
    rules.cellTable = leftShift >= 0 ? fixed_point::TableInput{3 << leftShift, 0} : fixed_point::TableInput{3, -leftShift};
    constexpr std::int64_t kTanh = 4;
    rules.hasCandidateActivation = context.options().integer("fused_activation_function") == kTanh; // it knows no other
    rules.cellClip = cellClipCode(context);
    rules.unitCount = g.units;
    lstm.scales = {std::ldexp(1.0f, -12), std::ldexp(1.0f, -15), context.input(kCellState).scale(), state.scale(), state.zeroPoint(), rules.cellClip};
    context.scratchBytes = lstm.layOut(context).size();
    return [lstm = std::move(lstm)](EvalContext &run) { lstm.eval(run); };
}

} // namespace

Result<EvalFunction> prepareByTables(PrepareContext &context, const Geometry &g)
{
    if (g.isCoupled || g.hasPeephole || g.hasProjection || g.hasLayerNorm)
        return fail(context.unsupported("a plain LSTM (TensorFlow Lite Micro has no coupled gates, peepholes, projection or layer normalisation)", "one with such parts"));
    if (context.input(kInput).type() == DataType::Int8)
        return prepareTyped<std::int8_t, std::int32_t>(context, g);
    return prepareTyped<std::int16_t, std::int64_t>(context, g);
}

} // namespace quantloupe::lstm
