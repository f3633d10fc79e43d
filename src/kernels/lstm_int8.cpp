// SPDX-License-Identifier: GPL-3.0-or-later
//
// The int8 LSTM with an int16 cell as TFLite's reference kernels compute it ("8x8_16"), including what is wrong there:
// tanh(cell) is left out for cell scales it has no case for, and the hidden state is scaled by intermediates[4].
#include "kernels/lstm_integer.h"
#include "kernels/simd/gates.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe::lstm {
namespace {

/// Normalisation of one gate's sums over the units (int16 in and out).
struct LayerNorm {
    std::vector<std::int16_t> coefficients;
    std::vector<std::int32_t> bias;
    fixed_point::Multiplier multiplier; ///< of the coefficients' scale
    std::int32_t smallestVariance = 1;

    void operator()(std::int16_t *row) const;
};

void LayerNorm::operator()(std::int16_t *row) const
{
    constexpr std::int64_t kTwoToThe20 = 1 << 20;
    const auto units = static_cast<std::int64_t>(coefficients.size());
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    for (std::int64_t u = 0; u < units; ++u) {
        sum += row[u];
        squares += std::int32_t{row[u]} * row[u];
    }
    const auto mean = static_cast<std::int32_t>(sum * 1024 / units); // with 10 fractional bits
    // 2^20 / units is cut to an integer, which is exact for powers of two only.
    const std::int64_t variance20 = squares * (kTwoToThe20 / units) - std::int64_t{mean} * mean;
    std::int32_t variance = static_cast<std::int32_t>(variance20 / kTwoToThe20);
    if (variance < 1)
        variance = smallestVariance;
    const fixed_point::Multiplier inverseDeviation = fixed_point::inverseSquareRoot(variance, -1);
    for (std::size_t u = 0; u < coefficients.size(); ++u) {
        const std::int32_t centered = 1024 * row[u] - mean;
        const std::int64_t weighted = static_cast<std::int64_t>(fixed_point::multiply(centered, inverseDeviation)) * coefficients[u] + bias[u];
        const auto rounded = static_cast<std::int32_t>((weighted > 0 ? weighted + 512 : weighted - 512) / 1024);
        row[u] = saturate16(fixed_point::multiply(rounded, {multiplier.mantissa, multiplier.exponent + 12}));
    }
}

/// From the gated cell, as int8, to the projected hidden state.
struct Projection {
    std::vector<std::int16_t> weights; ///< [outputs, units]
    std::vector<std::int32_t> bias;    ///< of the projection, and the hidden zero point's share
    fixed_point::Multiplier multiplier;
    std::int32_t zeroPoint = 0;
    std::int8_t clip = 0;
};

struct TfliteRules {
    struct Gate {
        std::vector<std::int16_t> peephole;
        fixed_point::Multiplier peepholeMultiplier;
        LayerNorm layerNorm; ///< empty coefficients: none
    };
    std::array<Gate, kGates> gates;
    Geometry g;
    int cellExponent = 0;
    std::int16_t cellClip = 0;
    fixed_point::Multiplier hiddenMultiplier;
    std::int32_t hiddenZeroPoint = 0;
    std::optional<Projection> projection;
    ScratchPlace<std::int16_t> gated;
    ScratchPlace<std::int32_t> projected;

    static std::int32_t recurrentTerm(std::int32_t x) { return x; }
    void finishSum(std::size_t gate, std::size_t sequence, std::int16_t *sums, const std::int16_t *cellRow) const;
    static void sigmoid(const std::int16_t *in, std::int16_t *out, std::size_t units);
    static void tanh(const std::int16_t *in, std::int16_t *out, std::size_t units);
    void updateCell(const IntegerRow &row, std::size_t units) const;
    void activateCell(const IntegerRow &row, std::size_t units) const;
    void makeHidden(const std::int16_t *outputGate, const std::int16_t *cellActivation, std::int8_t *hidden, std::byte *memory) const;
};

void TfliteRules::finishSum(std::size_t gate, std::size_t sequence, std::int16_t *sums, const std::int16_t *cellRow) const
{
    const Gate &parameters = gates[gate];
    if (!parameters.peephole.empty()) {
        // The reference counts outputs where it should count units, over the buffer of all sequences it treats at once:
        // with a projection to fewer outputs the peepholes of the last units are left out, or those of other units used.
        const std::size_t together = g.isTimeMajor ? g.sequences : 1;
        const std::size_t before = (g.isTimeMajor ? sequence : 0) * g.units;
        for (std::size_t u = 0; u < g.units && before + u < together * g.outputs; ++u) {
            const std::size_t weight = (before + u) % g.outputs;
            if (weight < g.units) // beyond, the reference reads whatever lies behind the weights
                sums[u] = fixed_point::saturate<std::int16_t>(
                    std::int64_t{sums[u]} + fixed_point::multiply(std::int32_t{parameters.peephole[weight]} * cellRow[u], parameters.peepholeMultiplier));
        }
    }
    if (!parameters.layerNorm.coefficients.empty())
        parameters.layerNorm(sums);
}

void TfliteRules::sigmoid(const std::int16_t *in, std::int16_t *out, std::size_t units)
{
    simd::logistic(in, 3, units, out);
}

void TfliteRules::tanh(const std::int16_t *in, std::int16_t *out, std::size_t units)
{
    simd::tanh(in, 3, units, out);
}

void TfliteRules::updateCell(const IntegerRow &row, std::size_t units) const
{
    const std::int16_t *const input = row.gates + kInputGate * units;
    const std::int16_t *const forget = row.gates + kForgetGate * units;
    const std::int16_t *const candidate = row.gates + kCellGate * units;
    for (std::size_t u = 0; u < units; ++u) {
        // Both products are cut to 16 bits, without saturation, before they are added.
        const auto kept = static_cast<std::int16_t>(fixed_point::roundingDivideByPowerOfTwo(std::int32_t{forget[u]} * row.cell[u], 15));
        const auto added = static_cast<std::int16_t>(fixed_point::roundingDivideByPowerOfTwo(std::int32_t{input[u]} * candidate[u], 30 + cellExponent));
        row.cell[u] = saturate16(std::int32_t{kept} + added);
    }
    clipCell(row.cell, units, cellClip);
}

void TfliteRules::activateCell(const IntegerRow &row, std::size_t units) const
{
    const int integerBits = 15 + cellExponent;
    if (integerBits >= 0 && integerBits <= 6) {
        simd::tanh(row.cell, integerBits, units, row.cellActivation);
        return;
    }
    // The reference has no case for other scales: its result keeps what the buffer held, the activated input gate. With
    // a coupled input gate nothing was ever written there.
    for (std::size_t u = 0; u < units; ++u)
        row.cellActivation[u] = g.isCoupled ? std::int16_t{0} : row.gates[kInputGate * units + u];
}

void TfliteRules::makeHidden(const std::int16_t *outputGate, const std::int16_t *cellActivation, std::int8_t *hidden, std::byte *memory) const
{
    const auto gatedCode = [&](std::size_t u, std::int32_t zeroPoint) {
        const std::int64_t value = fixed_point::multiply(std::int32_t{outputGate[u]} * cellActivation[u], hiddenMultiplier);
        return fixed_point::saturate<std::int8_t>(value + zeroPoint);
    };
    if (!projection) {
        for (std::size_t u = 0; u < g.units; ++u)
            hidden[u] = gatedCode(u, hiddenZeroPoint);
        return;
    }
    std::int16_t *const codes = gated.in(memory);
    for (std::size_t u = 0; u < g.units; ++u)
        codes[u] = gatedCode(u, -hiddenZeroPoint); // the reference takes the zero point off where it should add it
    std::int32_t *const sums = projected.in(memory);
    const std::size_t outputs = projection->bias.size();
    gemm::multiply(codes, 1, projection->weights.data(), outputs, g.units, sums);
    for (std::size_t o = 0; o < outputs; ++o) {
        const auto biased = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[o]) + static_cast<std::uint32_t>(projection->bias[o]));
        hidden[o] = fixed_point::saturate<std::int8_t>(std::int64_t{fixed_point::multiply(biased, projection->multiplier)} + projection->zeroPoint);
        if (projection->clip > 0)
            hidden[o] = std::clamp(hidden[o], static_cast<std::int8_t>(-projection->clip), projection->clip);
    }
}

Result<std::vector<std::int32_t>> bias32(const PrepareContext &context, std::size_t input)
{
    QL_TRY(const auto values, context.values<std::int32_t>(input));
    return std::vector<std::int32_t>(values.begin(), values.end());
}

Result<fixed_point::Multiplier> multiplierOf(const PrepareContext &context, std::string_view what, float factor)
{
    if (!std::isfinite(factor) || factor < 0.0f)
        return fail(context.invalid(fmt::format("scales above 0 for {}", what), fmt::format("a factor of {}", factor)));
    return fixed_point::multiplierOf(static_cast<double>(factor));
}

using Int8Lstm = IntegerLstm<std::int8_t, std::int32_t, TfliteRules>;

/// Scale of intermediates[i]: what gates are summed at before layer normalisation (0..3), and the hidden state's (4).
Result<float> intermediateScale(const PrepareContext &context, std::size_t i)
{
    if (i >= context.intermediates().size() || !context.intermediates()[i].isPresent() || !(context.intermediates()[i].scale() > 0.0f))
        return fail(context.invalid(fmt::format("a scale of intermediate tensor {}", i), "none"));
    return context.intermediates()[i].scale();
}

Result<void> prepareGate(const PrepareContext &context, Int8Lstm &lstm, std::size_t gate)
{
    const Geometry &g = lstm.g;
    float sumScale = std::ldexp(1.0f, -12);
    if (g.hasLayerNorm) {
        QL_TRY(sumScale, intermediateScale(context, gate));
    }
    // Float arithmetic, as in the reference.
    const float fromInput = context.input(kInputWeights + gate).scale() * context.input(kInput).scale() / sumScale;
    const float fromRecurrence = context.input(kRecurrentWeights + gate).scale() * context.input(kOutputState).scale() / sumScale;
    QL_TRY(lstm.inputMultipliers[gate], multiplierOf(context, "a gate's input product", fromInput));
    QL_TRY(lstm.recurrentMultipliers[gate], multiplierOf(context, "a gate's recurrent product", fromRecurrence));
    QL_TRY(auto bias, bias32(context, kBias + gate));

    TfliteRules::Gate &parameters = lstm.rules.gates[gate];
    if (g.hasPeephole && gate != kCellGate) {
        QL_TRY(const auto weights, context.values<std::int16_t>(peephole(gate)));
        parameters.peephole.assign(weights.begin(), weights.end());
        const double factor = std::ldexp(1.0, lstm.rules.cellExponent) * static_cast<double>(context.input(peephole(gate)).scale()) / static_cast<double>(sumScale);
        QL_TRY(parameters.peepholeMultiplier, multiplierOf(context, "peephole weights", static_cast<float>(factor)));
    }
    if (g.hasLayerNorm) {
        QL_TRY(const auto coefficients, context.values<std::int16_t>(kLayerNorm + gate));
        const float scale = context.input(kLayerNorm + gate).scale();
        LayerNorm &norm = parameters.layerNorm;
        norm.coefficients.assign(coefficients.begin(), coefficients.end());
        norm.bias = std::move(bias); // comes after the normalisation
        if (!(scale < 65536.0f))
            return fail(context.invalid("layer normalisation coefficients of a scale below 65536", fmt::format("{}", scale)));
        QL_TRY(norm.multiplier, multiplierOf(context, "layer normalisation coefficients", scale));
        norm.smallestVariance = std::max(1, static_cast<std::int32_t>(std::min(10000.0f * scale, 1e9f)));
        bias.assign(g.units, 0);
    }
    lstm.bias.insert(lstm.bias.end(), bias.begin(), bias.end());
    return {};
}

Result<void> prepareProjection(const PrepareContext &context, Int8Lstm &lstm, float hiddenScale)
{
    const OperandDesc &weights = context.input(kProjectionWeights);
    const OperandDesc &state = context.input(kOutputState);
    QL_TRY(const auto codes, context.values<std::int8_t>(kProjectionWeights));
    Projection projection;
    projection.weights.assign(codes.begin(), codes.end());
    projection.bias.assign(lstm.g.outputs, 0);
    if (context.hasInput(kProjectionBias)) {
        QL_TRY(projection.bias, bias32(context, kProjectionBias));
    }
    for (std::size_t o = 0; o < lstm.g.outputs; ++o) {
        std::int32_t sum = 0;
        for (std::size_t u = 0; u < lstm.g.units; ++u)
            sum += projection.weights[o * lstm.g.units + u];
        projection.bias[o] = static_cast<std::int32_t>(static_cast<std::uint32_t>(projection.bias[o])
                                                       + static_cast<std::uint32_t>(lstm.rules.hiddenZeroPoint) * static_cast<std::uint32_t>(sum));
    }
    QL_TRY(projection.multiplier, multiplierOf(context, "the projection", weights.scale() * hiddenScale / state.scale()));
    projection.zeroPoint = state.zeroPoint();
    const auto clip = static_cast<float>(context.options().real("proj_clip"));
    if (clip > 0.0f)
        projection.clip = static_cast<std::int8_t>(std::min(clip / state.scale(), 127.0f));
    lstm.rules.projection = std::move(projection);
    return {};
}

} // namespace

Result<EvalFunction> prepareInt8(PrepareContext &context, const Geometry &g)
{
    Int8Lstm lstm;
    lstm.g = g;
    TfliteRules &rules = lstm.rules;
    if (!(context.input(kOutputState).scale() > 0.0f))
        return fail(context.invalid("an output state with a scale above 0", fmt::format("{}", context.input(kOutputState).scale())));
    QL_CHECK(lstm.loadWeights(context));
    QL_TRY(rules.cellExponent, cellExponent(context));
    rules.cellClip = cellClipCode(context);
    rules.g = g;
    for (std::size_t gate = g.firstGate(); gate < kGates; ++gate)
        QL_CHECK(prepareGate(context, lstm, gate));
    QL_TRY(const float hiddenScale, intermediateScale(context, 4));
    const auto hiddenFactor = static_cast<float>(std::ldexp(1.0, -15) / static_cast<double>(hiddenScale) * std::ldexp(1.0, -15));
    QL_TRY(rules.hiddenMultiplier, multiplierOf(context, "the hidden state", hiddenFactor));
    rules.hiddenZeroPoint = context.intermediates()[4].zeroPoint();
    if (g.hasProjection)
        QL_CHECK(prepareProjection(context, lstm, hiddenScale));
    // Observers read the hidden state as the next step and the output do, whatever it was scaled by.
    lstm.scales = {std::ldexp(1.0f, -12), std::ldexp(1.0f, -15), context.input(kCellState).scale(), context.input(kOutputState).scale(), lstm.stateZeroPoint, rules.cellClip};
    ScratchLayout layout = lstm.layOut(context);
    rules.gated = layout.add<std::int16_t>(g.units);
    rules.projected = layout.add<std::int32_t>(g.outputs);
    context.scratchBytes = layout.size();
    return [lstm = std::move(lstm)](EvalContext &run) { lstm.eval(run); };
}

} // namespace quantloupe::lstm
