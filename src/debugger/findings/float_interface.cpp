// SPDX-License-Identifier: GPL-3.0-or-later
//
// Inputs and outputs of a quantized model that are float, or integers without a scale. With float ones a device converts
// every sample and result itself; without a scale nobody knows which code a real value is.
#include "debugger/finding_rule.h"
#include "debugger/findings/places.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

bool isConverted(const Subgraph &graph, TensorIndex end, bool isInput)
{
    for (const Operator &op : graph.operators)
        if (op.name == (isInput ? "QUANTIZE" : "DEQUANTIZE") && !op.inputs.empty() && !op.outputs.empty() && (isInput ? op.inputs.front() : op.outputs.front()) == end)
            return true;
    return false;
}

void checkEnds(const Subgraph &graph, const std::vector<TensorIndex> &ends, bool isInput, Places &floats, Places &withoutScale)
{
    for (const TensorIndex end : ends) {
        const Tensor &tensor = graph.tensor(end);
        const std::string place = fmt::format("{} {}", isInput ? "input" : "output", tensor.name);
        if (tensor.type == DataType::Float32 && isConverted(graph, end, isInput))
            floats.add(place);
        else if ((tensor.type == DataType::Int8 || tensor.type == DataType::Int16) && !tensor.quant.isQuantized())
            withoutScale.add(fmt::format("{} ({})", place, name(tensor.type)));
    }
}

void check(const Model &quantized, std::vector<Finding> &findings)
{
    const Subgraph &graph = quantized.main();
    Places floats;
    Places withoutScale;
    checkEnds(graph, graph.inputs, true, floats, withoutScale);
    checkEnds(graph, graph.outputs, false, floats, withoutScale);
    if (floats.count() > 0)
        findings.push_back({.id = "float-interface", .severity = Severity::Note, .title = "The quantized model takes or gives float values",
                            .evidence = fmt::format("{}: the model converts them itself, with float arithmetic on the device.", floats.text()),
                            .remedy = "Set inference_input_type and inference_output_type to int8 when converting, where the device's samples are integers.",
                            .subject = "quantized model", .op = {}, .tensor = {}});
    if (withoutScale.count() > 0)
        findings.push_back({.id = "interface-without-scale", .severity = Severity::Warning, .title = "An integer input or output has no scale",
                            .evidence = fmt::format("{}: real values cannot be turned into its codes.", withoutScale.text()),
                            .remedy = "Convert again; the converter writes scale and zero point.", .subject = "quantized model", .op = {}, .tensor = {}});
}

} // namespace

extern const FindingRule float_interface_finding{"float-interface", check};

} // namespace quantloupe
