// SPDX-License-Identifier: GPL-3.0-or-later
//
// Operators of a quantized model that still run in float: each is surrounded by DEQUANTIZE and QUANTIZE, costs a
// microcontroller its float unit, and adds two roundings.
#include "debugger/finding_rule.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

bool runsInFloat(const Subgraph &graph, const Operator &op)
{
    if (op.name == "QUANTIZE" || op.name == "DEQUANTIZE" || op.outputs.empty())
        return false;
    for (const TensorIndex output : op.outputs)
        if (graph.tensor(output).type != DataType::Float32)
            return false;
    return true;
}

void check(const Model &quantized, std::vector<Finding> &findings)
{
    const Subgraph &graph = quantized.main();
    std::string places;
    std::size_t count = 0;
    OperatorIndex first;
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        if (!runsInFloat(graph, graph.operators[i]))
            continue;
        if (count++ == 0)
            first = OperatorIndex(i);
        if (count <= 5)
            places += (places.empty() ? "" : ", ") + placeOf(graph, OperatorIndex(i));
    }
    if (count == 0)
        return;
    findings.push_back({.id = "float-fallback", .severity = Severity::Warning,
                        .title = fmt::format("{} operator{} of the quantized model run{} in float", count, count == 1 ? "" : "s", count == 1 ? "s" : ""),
                        .evidence = places + (count > 5 ? " and others" : ""),
                        .remedy = "Convert with full-integer operators only, or replace the operator by one that has an integer form.",
                        .subject = "quantized model", .op = first, .tensor = {}});
}

} // namespace

extern const FindingRule float_fallback_finding{"float-fallback", check};

} // namespace quantloupe
