// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/row_plan.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Bytes that the insides of LSTMs take while they are compared: four gates before and after activation, cell, its
/// activation and hidden state, of the quantized model, the float model and the twin.
std::int64_t insideBytes(const Model &model)
{
    constexpr std::int64_t kQuantities = 11;
    constexpr std::int64_t kSides = 3;
    std::int64_t bytes = 0;
    for (const Operator &op : model.main().operators)
        if (op.name == "UNIDIRECTIONAL_SEQUENCE_LSTM" && !op.outputs.empty())
            bytes += kQuantities * kSides * model.main().tensor(op.outputs.front()).shape.elementCount() * static_cast<std::int64_t>(sizeof(float));
    return bytes;
}

/// Samples run together: what small operators cost besides their elements is shared by them. Fewer where tensors, or the insides of
/// LSTMs, would fill the memory.
std::size_t batchFor(const Model &model)
{
    constexpr std::int64_t kMostBytes = 64 * 1024 * 1024;
    std::int64_t bytes = insideBytes(model);
    for (const Operator &op : model.main().operators)
        for (const TensorIndex output : op.outputs)
            if (output.isValid())
                bytes += model.main().tensor(output).shape.elementCount() * static_cast<std::int64_t>(1 + 2 * sizeof(float)); // codes, real values, the float model's
    return static_cast<std::size_t>(std::clamp(kMostBytes / std::max<std::int64_t>(bytes, 1), std::int64_t{1}, static_cast<std::int64_t>(kMostSamplesAtOnce)));
}

bool isCodes(const Tensor &tensor)
{
    return tensor.quant.isQuantized() && (tensor.type == DataType::Int8 || tensor.type == DataType::UInt8 || tensor.type == DataType::Int16);
}

bool isCompared(const PreparedModel &model, OperatorIndex op, TensorIndex output)
{
    return isCodes(model.graph().tensor(output)) && !isConversion(model.graph().op(op)) && !model.op(op).isFolded;
}

/// The quantized operand that stands for input `i` of the float operator: in the same place, or of swapped operands
/// (ADD, MUL) the one that is paired with it.
TensorIndex counterpart(const RowPlan &plan, const Operator &quantizedOp, const Operator &floatOp, std::size_t i)
{
    const auto isPaired = [&](TensorIndex q) { return q.isValid() && plan.pairing.floatTensors[q.position()] == floatOp.inputs[i]; };
    if (i < quantizedOp.inputs.size() && isPaired(quantizedOp.inputs[i]))
        return quantizedOp.inputs[i];
    const auto paired = std::ranges::find_if(quantizedOp.inputs, isPaired);
    if (paired != quantizedOp.inputs.end())
        return *paired;
    return i < quantizedOp.inputs.size() ? quantizedOp.inputs[i] : TensorIndex();
}

/// The model input whose raw values stand for a quantized tensor: itself, or one that the model quantizes first.
std::optional<std::size_t> rawInput(const RowPlan &plan, TensorIndex tensor)
{
    const Subgraph &graph = plan.quantized->graph();
    if (const OperatorIndex producer = plan.producer(tensor); producer.isValid() && graph.op(producer).name == "QUANTIZE")
        if (const TensorIndex source = graph.op(producer).inputs.front(); graph.tensor(source).type == DataType::Float32)
            tensor = source;
    const auto input = std::ranges::find(graph.inputs, tensor);
    return input == graph.inputs.end() ? std::nullopt : std::optional(static_cast<std::size_t>(input - graph.inputs.begin()));
}

bool isFloatModels(const RowPlan &plan, const TwinPlan &twin)
{
    const Operator &floatOp = plan.floats->graph().op(twin.floatOperator);
    for (std::size_t i = 0; i < twin.inputs.size(); ++i) {
        const TwinInput &input = twin.inputs[i];
        if (input.source == TwinInput::Source::None || input.source == TwinInput::Source::Constant)
            continue;
        const auto raw = input.source == TwinInput::Source::Real ? rawInput(plan, input.tensor) : std::nullopt;
        if (!raw || *raw >= plan.floats->graph().inputs.size() || plan.floats->graph().inputs[*raw] != floatOp.inputs[i])
            return false;
    }
    // What is fed back differs; of unrolled layers every twin is looked at.
    return plan.feedback.isEmpty() && plan.unrolled.empty();
}

/// No operator in the result when an input cannot be had.
TwinPlan twinPlan(const RowPlan &plan, OperatorIndex op)
{
    const OperatorIndex floatOperator = plan.pairing.operators[op.position()].floatOperator;
    if (!floatOperator.isValid() || !plan.floats->op(floatOperator).eval)
        return {};
    const Operator &floatOp = plan.floats->graph().op(floatOperator);
    TwinPlan twin{floatOperator, {}};
    for (std::size_t i = 0; i < floatOp.inputs.size(); ++i) {
        const TensorIndex input = floatOp.inputs[i];
        if (!input.isValid()) {
            twin.inputs.push_back({});
            continue;
        }
        const Tensor &wanted = plan.floats->graph().tensor(input);
        if (wanted.isVariable || plan.floats->tensor(input).value) {
            twin.inputs.push_back({wanted.isVariable ? TwinInput::Source::State : TwinInput::Source::Constant, input});
            continue;
        }
        const TensorIndex source = counterpart(plan, plan.quantized->graph().op(op), floatOp, i);
        if (!source.isValid() || plan.quantized->tensor(source).isDynamic || plan.quantized->tensor(source).shape.elementCount() != plan.floats->tensor(input).shape.elementCount())
            return {};
        if (wanted.type == DataType::Float32 && hasRealValues(*plan.quantized, source))
            twin.inputs.push_back({TwinInput::Source::Real, source});
        else if (wanted.type == plan.quantized->graph().tensor(source).type)
            twin.inputs.push_back({TwinInput::Source::Same, source});
        else
            return {};
    }
    twin.isFloatModels = isFloatModels(plan, twin);
    return twin;
}

PlannedRow plannedRow(const RowPlan &plan, OperatorIndex op, std::size_t outputPosition)
{
    const Subgraph &graph = plan.quantized->graph();
    PlannedRow row;
    row.op = op;
    row.outputPosition = outputPosition;
    row.tensor = graph.op(op).outputs[outputPosition];
    const Tensor &tensor = graph.tensor(row.tensor);
    row.codes = integerRange(tensor.type);
    row.grid = CodeGrid::of(tensor.quant.scale(), tensor.quant.zeroPoint(), row.codes.min, row.codes.max);
    row.elements = static_cast<std::size_t>(plan.quantized->tensor(row.tensor).shape.elementCount());
    row.floatOperator = plan.pairing.operators[op.position()].floatOperator;
    if (!row.floatOperator.isValid())
        return row;
    row.floatTensor = plan.floats->graph().op(row.floatOperator).outputs[outputPosition];
    const TensorPlan &floatTensor = plan.floats->tensor(row.floatTensor);
    const bool isComparable = plan.floats->graph().tensor(row.floatTensor).type == DataType::Float32 && !floatTensor.isDynamic && !floatTensor.isMissing
        && floatTensor.shape == plan.quantized->tensor(row.tensor).shape && !plan.quantized->tensor(row.tensor).isDynamic;
    row.hasAccumulated = isComparable;
    row.hasLocal = isComparable && plan.twins[op.position()].floatOperator.isValid();
    return row;
}

std::string whyNot(const RowPlan &plan, OperatorIndex op)
{
    const Subgraph &graph = plan.quantized->graph();
    const OperatorPair &pair = plan.pairing.operators[op.position()];
    if (const auto &missing = plan.quantized->op(op).missing)
        return fmt::format("{} cannot run: {}", placeOf(graph, op), missing->message());
    if (!pair.floatOperator.isValid())
        return fmt::format("{} has no twin: {}", placeOf(graph, op), pair.whyUnpaired);
    if (const auto &missing = plan.floats->op(pair.floatOperator).missing)
        return fmt::format("{}: its float twin cannot run: {}", placeOf(graph, op), missing->message());
    if (!plan.twins[op.position()].floatOperator.isValid())
        return fmt::format("{}: no local error, since the inputs of its float twin cannot be matched", placeOf(graph, op));
    return fmt::format("{}: its float twin's output is not float32, or its shape is known only while running", placeOf(graph, op));
}

} // namespace

bool hasRealValues(const PreparedModel &quantized, TensorIndex tensor)
{
    const Tensor &described = quantized.graph().tensor(tensor);
    const TensorPlan &plan = quantized.tensor(tensor);
    if (described.isVariable || plan.isDynamic || plan.isMissing)
        return false;
    return isCodes(described) || std::ranges::count(quantized.graph().inputs, tensor) > 0;
}

Result<std::shared_ptr<const RowPlan>> planRows(std::shared_ptr<const Model> floats, std::shared_ptr<const Model> quantized, KernelProfile kernels,
                                                std::size_t maxBatch, const Pairing *known, const Feedback &feedback)
{
    auto plan = std::make_shared<RowPlan>();
    plan->feedback = feedback;
    QL_TRY(plan->floatFeedback, feedback.inTwin(quantized->main(), floats->main()));
    if (known) {
        plan->pairing = *known;
    } else {
        QL_TRY(plan->pairing, pairModels(*floats, *quantized));
    }
    const std::size_t batch = std::min(batchFor(*quantized), std::max<std::size_t>(maxBatch, 1));
    QL_TRY(plan->quantized, PreparedModel::prepare(quantized, kernels, batch));
    // A model with shapes known only at run time goes one sample at a time; the other then does so too.
    QL_TRY(plan->floats, PreparedModel::prepare(floats, kernels, plan->quantized->maxBatch()));
    if (plan->floats->maxBatch() < plan->quantized->maxBatch()) {
        QL_TRY(plan->quantized, PreparedModel::prepare(quantized, kernels, plan->floats->maxBatch()));
    }

    const Subgraph &graph = plan->quantized->graph();
    plan->unrolled = findUnrolledRecurrences(graph);
    // Steps of unrolled layers are looked at once all of them are there.
    plan->lockstep = Lockstep::plan(*plan->quantized, *plan->floats, plan->pairing, !plan->unrolled.empty());
    plan->producers.resize(graph.tensors.size());
    for (std::size_t i = 0; i < graph.operators.size(); ++i)
        for (const TensorIndex output : graph.operators[i].outputs)
            if (output.isValid())
                plan->producers[output.position()] = OperatorIndex(i);
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        const OperatorIndex op(i);
        plan->firstRowOfOperator.push_back(plan->rows.size());
        plan->twins.push_back(twinPlan(*plan, op));
        for (std::size_t o = 0; o < graph.operators[i].outputs.size(); ++o) {
            if (!isCompared(*plan->quantized, op, graph.operators[i].outputs[o]))
                continue;
            plan->rows.push_back(plannedRow(*plan, op, o));
            if (!plan->rows.back().hasAccumulated || !plan->rows.back().hasLocal || plan->quantized->op(op).missing)
                plan->leftOut.push_back(whyNot(*plan, op));
        }
        if (plan->quantized->op(op).missing && plan->rows.size() == plan->firstRowOfOperator.back())
            plan->leftOut.push_back(whyNot(*plan, op));
    }
    plan->firstRowOfOperator.push_back(plan->rows.size());
    for (std::size_t row = 0; row < plan->rows.size() && plan->unrolled.empty(); ++row)
        plan->rows[row].movedFrom = movedFrom(*plan, row);
    if (std::ranges::none_of(plan->rows, [](const PlannedRow &row) { return row.hasAccumulated; }))
        return fail(ErrorCode::NothingCompared, {.file = quantized->file, .got = plan->leftOut.empty() ? "the model has no quantized operator" : plan->leftOut.front()});
    return std::shared_ptr<const RowPlan>(std::move(plan));
}

std::vector<TensorComparison> emptyRows(const RowPlan &plan)
{
    const Subgraph &graph = plan.quantized->graph();
    std::vector<TensorComparison> rows;
    rows.reserve(plan.rows.size());
    for (const PlannedRow &planned : plan.rows) {
        const Tensor &tensor = graph.tensor(planned.tensor);
        const OperatorPair &pair = plan.pairing.operators[planned.op.position()];
        TensorComparison row;
        row.op = planned.op;
        row.tensor = planned.tensor;
        row.opName = graph.op(planned.op).name;
        row.tensorName = tensor.name;
        row.type = tensor.type;
        row.shape = plan.quantized->tensor(planned.tensor).shape;
        row.scale = tensor.quant.scale();
        row.zeroPoint = tensor.quant.zeroPoint();
        row.floatTensor = planned.floatTensor;
        if (planned.floatTensor.isValid())
            row.floatTensorName = plan.floats->graph().tensor(planned.floatTensor).name;
        row.pairedBy = name(pair.rule);
        row.confidence = pair.confidence;
        if (!planned.hasAccumulated || !planned.hasLocal)
            row.whyNotCompared = whyNot(plan, planned.op);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace quantloupe
