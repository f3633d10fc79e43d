// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/branching.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

std::size_t byteSize(const OperandDesc &operand)
{
    return static_cast<std::size_t>(operand.elementCount()) * elementSize(operand.type());
}

void copyBytes(std::span<const std::byte> from, std::byte *to)
{
    std::copy(from.begin(), from.end(), to);
}

} // namespace

std::vector<OperandDesc> branchInputs(const PrepareContext &context, std::size_t first)
{
    std::vector<OperandDesc> inputs;
    for (std::size_t i = first; i < context.inputCount(); ++i)
        inputs.push_back(context.input(i));
    return inputs;
}

Result<void> requireOutputs(const PrepareContext &context, const SubgraphSignature &signature)
{
    bool fits = signature.outputs.size() == context.outputCount();
    for (std::size_t i = 0; fits && i < context.outputCount(); ++i)
        fits = signature.outputs[i].type() == context.output(i).type();
    if (!fits)
        return fail(context.invalid(fmt::format("a subgraph with {} outputs of the operator's types", context.outputCount()), fmt::format("{} outputs", signature.outputs.size())));
    return {};
}

EvalFunction branching(PrepareContext &context, std::size_t firstInput, std::span<const OperandDesc> outputs, Branches branches)
{
    std::vector<std::pair<Shape, std::size_t>> inputs;
    for (const OperandDesc &input : branchInputs(context, firstInput))
        inputs.emplace_back(input.shape, byteSize(input));
    for (std::size_t i = 0; i < outputs.size(); ++i)
        context.setOutputShape(i, outputs[i].shape);
    return [=, inputs = std::move(inputs), branches = std::move(branches)](EvalContext &run) {
        std::vector<TensorValue> values;
        for (std::size_t i = 0; i < inputs.size(); ++i)
            values.push_back({inputs[i].first, {run.input<std::byte>(firstInput + i), inputs[i].second}});
        const auto results = branches(*run.runner, std::move(values));
        if (!results)
            return run.fail(results.error());
        for (std::size_t i = 0; i < results->size(); ++i)
            copyBytes((*results)[i].bytes, run.output<std::byte>(i));
    };
}

Result<EvalFunction> dynamicBranching(PrepareContext &context, std::size_t firstInput, const Branches &branches)
{
    if (!context.runner)
        return fail(ErrorCode::ValueUnknown, {.place = context.op().name});
    std::vector<TensorValue> values;
    for (const OperandDesc &input : branchInputs(context, firstInput))
        values.push_back({input.shape, {input.value, byteSize(input)}});
    QL_TRY(const auto results, branches(*context.runner, std::move(values)));
    for (std::size_t i = 0; i < results.size(); ++i)
        context.setOutputShape(i, results[i].shape);
    return [results](EvalContext &run) {
        for (std::size_t i = 0; i < results.size(); ++i)
            copyBytes(results[i].bytes, run.output<std::byte>(i));
    };
}

} // namespace quantloupe
