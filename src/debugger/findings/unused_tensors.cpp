// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tensors that no operator reads or writes and that are no input or output: what is left of a graph that was changed.
#include "debugger/finding_rule.h"
#include "debugger/findings/places.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

std::vector<bool> usedTensors(const Subgraph &graph)
{
    std::vector<bool> used(graph.tensors.size());
    const auto use = [&](const std::vector<TensorIndex> &tensors) {
        for (const TensorIndex tensor : tensors)
            if (tensor.isValid())
                used[tensor.position()] = true;
    };
    use(graph.inputs);
    use(graph.outputs);
    for (const Operator &op : graph.operators) {
        use(op.inputs);
        use(op.outputs);
        use(op.intermediates);
    }
    return used;
}

void check(const Model &quantized, std::vector<Finding> &findings)
{
    Places places;
    std::size_t bytes = 0;
    for (const Subgraph &graph : quantized.subgraphs) {
        const std::vector<bool> used = usedTensors(graph);
        for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
            if (used[i])
                continue;
            places.add(placeOf(graph, TensorIndex(i)));
            bytes += graph.tensors[i].constant.bytes.size();
        }
    }
    if (places.count() > 0)
        findings.push_back({.id = "unused-tensors", .severity = Severity::Note, .title = fmt::format("{} tensor{} of the model {} not used", places.count(), places.count() == 1 ? "" : "s", places.count() == 1 ? "is" : "are"),
                            .evidence = fmt::format("{}, {} bytes of constants.", places.text(), bytes), .remedy = "Convert again from the model as it is now.",
                            .subject = "quantized model", .op = {}, .tensor = {}});
}

} // namespace

extern const FindingRule unused_tensors_finding{"unused-tensors", check};

} // namespace quantloupe
