// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/weight_study.h"

#include "metrics/error_pass.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace quantloupe {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kWeightBins = 128;

template <typename Code> void widen(std::span<const std::byte> bytes, std::vector<std::int64_t> &codes)
{
    codes.resize(bytes.size() / sizeof(Code));
    for (std::size_t i = 0; i < codes.size(); ++i) {
        Code code;
        std::memcpy(&code, bytes.data() + i * sizeof(Code), sizeof(Code));
        codes[i] = code;
    }
}

/// Which scale an element goes by.
class ScaleOfElement {
public:
    ScaleOfElement(const QuantParams &quant, const Shape &shape) : m_quant(quant)
    {
        if (!quant.isPerChannel() || quant.axis < 0 || quant.axis >= shape.rank())
            return;
        m_inner = static_cast<std::size_t>(shape.product(quant.axis + 1, shape.rank()));
        m_length = static_cast<std::size_t>(shape.dim(quant.axis));
    }
    std::size_t operator()(std::size_t element) const { return m_length == 1 || m_inner == 0 ? 0 : element / m_inner % m_length; }
    std::size_t channels() const { return m_length; }
    double scale(std::size_t channel) const { return static_cast<double>(m_quant.scales[std::min(channel, m_quant.scales.size() - 1)]); }
    std::int64_t zeroPoint(std::size_t channel) const { return m_quant.zeroPoints[std::min(channel, m_quant.zeroPoints.size() - 1)]; }

private:
    const QuantParams &m_quant;
    std::size_t m_inner = 1;
    std::size_t m_length = 1;
};

Histogram histogramOf(std::span<const float> values, double lower, double upper)
{
    const double width = upper > lower ? (upper - lower) / static_cast<double>(kWeightBins) : 1.0;
    Histogram histogram{lower, width, std::vector<std::uint64_t>(kWeightBins), 0, 0};
    for (const float value : values) {
        const double bin = std::floor((static_cast<double>(value) - lower) / width);
        if (std::isfinite(bin))
            ++histogram.counts[static_cast<std::size_t>(std::clamp(bin, 0.0, static_cast<double>(kWeightBins - 1)))]; // the upper end falls into the last
        else
            ++histogram.above;
    }
    return histogram;
}

std::pair<double, double> rangeOf(std::span<const float> a, std::span<const float> b)
{
    double lower = std::numeric_limits<double>::infinity();
    double upper = -lower;
    for (const auto side : {a, b})
        for (const float value : side)
            if (std::isfinite(value)) {
                lower = std::min(lower, static_cast<double>(value));
                upper = std::max(upper, static_cast<double>(value));
            }
    return lower <= upper ? std::pair(lower, upper) : std::pair(0.0, 1.0);
}

/// The float model's values of the same constant, or why there are none.
std::span<const float> floatSide(const RowPlan &plan, OperatorIndex op, std::size_t input, const Shape &shape, std::string &why)
{
    const OperatorIndex twin = plan.pairing.operators[op.position()].floatOperator;
    if (!twin.isValid()) {
        why = "the operator has no float twin";
        return {};
    }
    const Operator &floatOp = plan.floats->graph().op(twin);
    if (input >= floatOp.inputs.size() || !floatOp.inputs[input].isValid()) {
        why = "its float twin has no such input";
        return {};
    }
    const TensorIndex tensor = floatOp.inputs[input];
    const TensorPlan &planned = plan.floats->tensor(tensor);
    if (plan.floats->graph().tensor(tensor).type != DataType::Float32 || !planned.value) {
        why = "its float twin's input is not a float constant";
        return {};
    }
    if (planned.shape.elementCount() != shape.elementCount()) {
        why = "the float constant has another shape: " + planned.shape.text();
        return {};
    }
    return {reinterpret_cast<const float *>(planned.value.bytes.data()), planned.value.bytes.size() / sizeof(float)};
}

void compare(WeightStudy &study, std::span<const float> floats, std::span<const float> dequantized, std::span<const std::int64_t> codes, const ScaleOfElement &scaleOf)
{
    std::vector<ChannelSums> channels(scaleOf.channels());
    ChannelSums whole;
    GrowingHistogram lsb;
    double inSteps = 0.0;
    const IntegerRange range = integerRange(study.type);
    for (std::size_t i = 0; i < floats.size(); ++i) {
        const std::size_t channel = scaleOf(i);
        const bool isAtEnd = codes[i] == range.min || codes[i] == range.max;
        channels[channel].add(dequantized[i], floats[i], isAtEnd);
        whole.add(dequantized[i], floats[i], isAtEnd);
        const double steps = static_cast<double>(dequantized[i] - floats[i]) / scaleOf.scale(channel);
        lsb.add(steps);
        inSteps += std::isfinite(steps) ? steps * steps : 0.0;
    }
    for (const ChannelSums &channel : channels)
        study.channels.push_back(channel.result());
    const ChannelError all = whole.result();
    study.rmse = all.rmse;
    study.rmseOverScale = all.count == 0 ? kNaN : std::sqrt(inSteps / static_cast<double>(all.count));
    study.errorInLsb = lsb.histogram();
}

WeightStudy studyWeight(const RowPlan &plan, OperatorIndex op, std::size_t input)
{
    const TensorIndex index = plan.quantized->graph().op(op).inputs[input];
    const Tensor &tensor = plan.quantized->graph().tensor(index);
    WeightStudy study;
    study.input = input;
    study.name = tensor.name;
    study.type = tensor.type;
    study.shape = plan.quantized->tensor(index).shape;
    study.axis = tensor.quant.axis;
    study.scales = tensor.quant.scales;
    study.zeroPoints = tensor.quant.zeroPoints;
    study.rmse = study.rmseOverScale = kNaN;
    const std::vector<std::int64_t> codes = codesOf(tensor.type, plan.quantized->tensor(index).value.bytes);
    CodeCounter counter(integerRange(tensor.type));
    counter.add(codes);
    study.codes = counter.usage();
    const ScaleOfElement scaleOf(tensor.quant, study.shape);
    std::vector<float> dequantized(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const std::size_t channel = scaleOf(i);
        dequantized[i] = static_cast<float>(scaleOf.scale(channel) * static_cast<double>(codes[i] - scaleOf.zeroPoint(channel)));
    }
    const auto floats = floatSide(plan, op, input, study.shape, study.whyNotCompared);
    const auto [lower, upper] = rangeOf(floats, dequantized);
    study.quantizedValues = histogramOf(dequantized, lower, upper);
    if (floats.size() != dequantized.size())
        return study;
    study.floatValues = histogramOf(floats, lower, upper);
    compare(study, floats, dequantized, codes, scaleOf);
    return study;
}

} // namespace

void ChannelSums::add(float dequantized, float real, bool isAtEnd)
{
    ++m_codes;
    m_atEnds += isAtEnd;
    const double diff = static_cast<double>(dequantized - real);
    if (!std::isfinite(diff))
        return;
    const auto value = static_cast<double>(real);
    m_min = m_count == 0 ? value : std::min(m_min, value);
    m_max = m_count == 0 ? value : std::max(m_max, value);
    ++m_count;
    m_diff += diff;
    m_diffSquared += diff * diff;
    m_maxAbs = std::max(m_maxAbs, std::abs(diff));
}

ChannelError ChannelSums::result() const
{
    const double count = static_cast<double>(m_count);
    const double atEnds = m_codes == 0 ? 0.0 : static_cast<double>(m_atEnds) / static_cast<double>(m_codes);
    if (m_count == 0)
        return {0, kNaN, kNaN, kNaN, kNaN, kNaN, atEnds};
    return {m_count, std::sqrt(m_diffSquared / count), m_diff / count, m_maxAbs, m_min, m_max, atEnds};
}

CodeCounter::CodeCounter(IntegerRange range) : m_range(range)
{
    if (range.max - range.min < 65536)
        m_counts.resize(static_cast<std::size_t>(range.max - range.min + 1));
}

void CodeCounter::add(std::span<const std::int64_t> codes)
{
    for (const std::int64_t code : codes) {
        m_lowest = m_elements == 0 ? code : std::min(m_lowest, code);
        m_highest = m_elements == 0 ? code : std::max(m_highest, code);
        ++m_elements;
        m_atMin += code == m_range.min;
        m_atMax += code == m_range.max;
        if (!m_counts.empty())
            ++m_counts[static_cast<std::size_t>(code - m_range.min)];
    }
}

UsedCodes CodeCounter::usage() const
{
    UsedCodes usage{.minCode = m_range.min, .maxCode = m_range.max, .elements = m_elements};
    if (m_elements == 0)
        return usage;
    const auto elements = static_cast<double>(m_elements);
    usage.used = static_cast<std::uint64_t>(std::ranges::count_if(m_counts, [](std::uint64_t count) { return count > 0; }));
    usage.lowest = m_lowest;
    usage.highest = m_highest;
    usage.shareAtMin = static_cast<double>(m_atMin) / elements;
    usage.shareAtMax = static_cast<double>(m_atMax) / elements;
    return usage;
}

std::vector<std::int64_t> codesOf(DataType type, std::span<const std::byte> bytes)
{
    std::vector<std::int64_t> codes;
    switch (type) {
    case DataType::Int8: widen<std::int8_t>(bytes, codes); break;
    case DataType::UInt8: widen<std::uint8_t>(bytes, codes); break;
    case DataType::Int16: widen<std::int16_t>(bytes, codes); break;
    case DataType::Int32: widen<std::int32_t>(bytes, codes); break;
    default: break;
    }
    return codes;
}

std::vector<WeightStudy> studyWeights(const RowPlan &plan, OperatorIndex op)
{
    std::vector<WeightStudy> weights;
    const Operator &described = plan.quantized->graph().op(op);
    for (std::size_t input = 0; input < described.inputs.size(); ++input) {
        const TensorIndex index = described.inputs[input];
        if (!index.isValid())
            continue;
        const Tensor &tensor = plan.quantized->graph().tensor(index);
        const TensorPlan &planned = plan.quantized->tensor(index);
        // Indices, paddings and shapes have no scale; int64 biases have codes too wide to be told apart here.
        if (tensor.quant.isQuantized() && planned.value && !codesOf(tensor.type, planned.value.bytes).empty())
            weights.push_back(studyWeight(plan, op, input));
    }
    return weights;
}

} // namespace quantloupe
