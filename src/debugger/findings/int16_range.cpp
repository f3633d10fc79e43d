// SPDX-License-Identifier: GPL-3.0-or-later
//
// int16 activations are symmetric: zero point 0, scale = largest magnitude / 32767 (TensorFlow Lite's 8-bit and 16x8
// specification). The asymmetric formula, (max - min) / 65535 with a zero point, gives half the scale for values of one
// sign; kernels ignore the zero point, or the values saturate. LOGISTIC, SOFTMAX and TANH have fixed int16 results: 1/32768.
#include "debugger/finding_rule.h"
#include "debugger/findings/places.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr float kFixedScale = 1.0f / 32768.0f;
constexpr float kTolerance = 1e-3f; ///< 1/32767 is taken for 1/32768

bool isFixed(const std::string &op)
{
    return op == "LOGISTIC" || op == "SOFTMAX" || op == "TANH";
}

void checkZeroPoints(const Subgraph &graph, std::vector<Finding> &findings)
{
    Places places;
    TensorIndex first;
    for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
        const Tensor &tensor = graph.tensors[i];
        if (tensor.type != DataType::Int16 || tensor.isConstant() || !tensor.quant.isQuantized() || tensor.quant.zeroPoint() == 0)
            continue;
        if (places.count() == 0)
            first = TensorIndex(i);
        places.add(fmt::format("{} (zero point {}, scale {})", placeOf(graph, TensorIndex(i)), tensor.quant.zeroPoint(), tensor.quant.scale()));
    }
    if (places.count() > 0)
        findings.push_back({.id = "int16-zero-point", .severity = Severity::Problem, .title = "int16 activations have a zero point",
                            .evidence = places.text() + ". int16 is symmetric in TensorFlow Lite: most kernels refuse another zero point than 0 or leave it out.",
                            .remedy = "Quantize int16 activations symmetrically: scale = largest magnitude / 32767, zero point 0.", .subject = "quantized model", .op = {}, .tensor = first});
}

void checkFixedScales(const Subgraph &graph, std::vector<Finding> &findings)
{
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        const Operator &op = graph.operators[i];
        if (!isFixed(op.name) || op.outputs.empty())
            continue;
        const Tensor &output = graph.tensor(op.outputs.front());
        if (output.type != DataType::Int16 || !output.quant.isQuantized() || std::abs(output.quant.scale() / kFixedScale - 1.0f) <= kTolerance)
            continue;
        findings.push_back({.id = "int16-fixed-scale", .severity = Severity::Problem, .title = fmt::format("{}: its int16 result has the wrong scale", placeOf(graph, OperatorIndex(i))),
                            .evidence = fmt::format("Scale {} where kernels compute with 1/32768 = {}: every value is off by a factor of {:.3g}. An asymmetric range divided by 65535 "
                                                    "gives such scales.", output.quant.scale(), kFixedScale, output.quant.scale() / kFixedScale),
                            .remedy = "Convert with a converter that quantizes int16 symmetrically.", .subject = "quantized model", .op = OperatorIndex(i), .tensor = op.outputs.front()});
    }
}

void check(const Model &quantized, std::vector<Finding> &findings)
{
    checkZeroPoints(quantized.main(), findings);
    checkFixedScales(quantized.main(), findings);
}

} // namespace

extern const FindingRule int16_range_finding{"int16-zero-point", check};

} // namespace quantloupe
