// SPDX-License-Identifier: GPL-3.0-or-later
//
// A BatchNormalization right behind a convolution or a dense layer is folded into its weights by the converter. Behind the
// activation it cannot be: it stays as a MUL and an ADD by constants, two more roundings of a wider range.
#include "debugger/advice_rule.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

bool isActivation(const Operator &op)
{
    static constexpr std::string_view kNames[] = {"RELU", "RELU6", "RELU_N1_TO_1", "RELU_0_TO_1", "LEAKY_RELU", "PRELU", "ELU", "HARD_SWISH", "GELU", "TANH", "LOGISTIC"};
    return std::ranges::count(kNames, op.name) > 0 || op.options.integer("fused_activation_function") != 0;
}

/// Positions of the operators that read each tensor.
std::vector<std::vector<std::size_t>> readersOf(const Subgraph &graph)
{
    std::vector<std::vector<std::size_t>> readers(graph.tensors.size());
    for (std::size_t i = 0; i < graph.operators.size(); ++i)
        for (const TensorIndex input : graph.operators[i].inputs)
            if (input.isValid())
                readers[input.position()].push_back(i);
    return readers;
}

/// One value a channel, or the same for all: what folds into weights.
bool isPerChannelConstant(const Subgraph &graph, TensorIndex tensor, TensorIndex output)
{
    const Tensor &described = graph.tensor(tensor);
    const Shape &whole = graph.tensor(output).shape;
    return described.isConstant() && whole.rank() > 0 && described.shape.elementCount() == whole.dim(whole.rank() - 1);
}

bool scalesBy(const Subgraph &graph, const Operator &op, std::string_view kind)
{
    return op.name == kind && op.inputs.size() == 2 && std::ranges::any_of(op.inputs, [&](TensorIndex input) { return input.isValid() && isPerChannelConstant(graph, input, op.outputs.front()); });
}

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    const Subgraph &graph = context.quantized.main();
    const auto readers = readersOf(graph);
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        if (!isActivation(graph.operators[i]) || graph.operators[i].outputs.size() != 1)
            continue;
        const auto &next = readers[graph.operators[i].outputs.front().position()];
        if (next.size() != 1 || !scalesBy(graph, graph.operators[next.front()], "MUL"))
            continue;
        const auto &behind = readers[graph.operators[next.front()].outputs.front().position()];
        if (behind.size() != 1 || !scalesBy(graph, graph.operators[behind.front()], "ADD"))
            continue;
        const OperatorIndex mul(next.front());
        const auto row = std::ranges::find(context.report.rows, mul, &TensorComparison::op);
        const std::string figure = row == context.report.rows.end() ? "" : fmt::format(" Its rmse/scale is {:.3g}.", measured(*row, "rmse/scale"));
        findings.push_back({.id = "batch-normalization-order", .severity = Severity::Warning,
                            .title = fmt::format("{}: a BatchNormalization behind an activation cannot be folded", placeOf(graph, mul)),
                            .evidence = fmt::format("{} with an activation is followed by MUL and ADD with one constant a channel, which stay operators of their own.{}",
                                                    placeOf(graph, OperatorIndex(i)), figure),
                            .remedy = "Put the BatchNormalization between the layer and its activation, and train again: the converter then folds it into the weights.",
                            .subject = "quantized model", .op = mul, .tensor = graph.op(mul).outputs.front(),
                            .threshold = "a MUL and an ADD by constants of one value a channel, right behind an activation", .source = std::string(kQuantizationTips),
                            .samples = row == context.report.rows.end() ? 0 : context.report.samples});
    }
}

} // namespace

extern const AdviceRule batch_normalization_order_advice{"batch-normalization-order", check};

} // namespace quantloupe
