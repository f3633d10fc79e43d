// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/unrolled_recurrence.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace quantloupe {
namespace {

using Kind = UnrolledRecurrence::Cell;
using StepTensors = UnrolledRecurrence::StepTensors;
using enum InternalQuantity;

constexpr std::size_t kFewestSimpleSteps = 3; ///< shared weights and a tanh alone are no recurrence yet

TensorIndex &slot(StepTensors &step, InternalQuantity quantity)
{
    return step[static_cast<std::size_t>(quantity)];
}

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// One step, and the states it leads from and to, freed of what only changes their form.
struct Step {
    StepTensors tensors{};
    TensorIndex before; ///< invalid: none that is computed
    TensorIndex after;
};

class Finder {
public:
    explicit Finder(const Subgraph &graph) : m_graph(graph), m_producer(graph.tensors.size())
    {
        for (std::size_t i = 0; i < graph.operators.size(); ++i)
            for (const TensorIndex output : graph.operators[i].outputs)
                if (output.isValid())
                    m_producer[output.position()] = OperatorIndex(i);
    }

    std::vector<UnrolledRecurrence> find()
    {
        std::vector<Step> lstm;
        std::vector<Step> gru;
        std::vector<Step> simple;
        for (std::size_t i = 0; i < m_graph.operators.size(); ++i) {
            const Operator &op = m_graph.operators[i];
            if (op.outputs.size() != 1 || !op.outputs.front().isValid())
                continue;
            // Operators of dynamic shape are looked at before anything has checked their operands.
            if (op.name == "MUL" && op.inputs.size() == 2)
                keep(lstm, lstmStep(op));
            else if (op.name == "ADD" && op.inputs.size() == 2)
                keep(gru, gruStep(op));
            else if (isSquashing(op) && !op.inputs.empty())
                keep(simple, simpleStep(op));
        }
        link(Kind::Lstm, lstm);
        link(Kind::Gru, gru);
        link(Kind::Simple, simple);
        std::ranges::sort(m_found, {}, &UnrolledRecurrence::op);
        return std::move(m_found);
    }

private:
    static void keep(std::vector<Step> &steps, std::optional<Step> step)
    {
        if (step)
            steps.push_back(*step);
    }

    static bool isSquashing(const Operator &op) { return isOneOf(op.name, {"TANH", "RELU", "RELU6", "ELU", "GELU", "HARD_SWISH", "LEAKY_RELU"}); }

    /// The operator that makes a tensor; what only changes its form or type is passed over.
    const Operator *maker(TensorIndex tensor) const
    {
        const TensorIndex bare = stripped(tensor);
        if (!bare.isValid() || !m_producer[bare.position()].isValid())
            return nullptr;
        const Operator &op = m_graph.op(m_producer[bare.position()]);
        return op.inputs.empty() ? nullptr : &op;
    }
    const Operator *maker(TensorIndex tensor, std::string_view name) const
    {
        const Operator *const op = maker(tensor);
        return op && op->name == name && op->inputs.size() >= (name == "LOGISTIC" ? 1u : 2u) ? op : nullptr;
    }
    TensorIndex stripped(TensorIndex tensor) const
    {
        while (tensor.isValid() && m_producer[tensor.position()].isValid()) {
            const Operator &op = m_graph.op(m_producer[tensor.position()]);
            if (op.inputs.empty() || !isOneOf(op.name, {"QUANTIZE", "DEQUANTIZE", "RESHAPE", "SQUEEZE", "EXPAND_DIMS"}))
                break;
            tensor = op.inputs.front();
        }
        return tensor;
    }
    bool isGate(TensorIndex tensor) const { return maker(tensor, "LOGISTIC") != nullptr; }
    TensorIndex sumOf(TensorIndex activated) const { return maker(activated)->inputs.front(); }
    bool isCandidate(TensorIndex tensor) const
    {
        const Operator *const op = maker(tensor);
        return op && isSquashing(*op);
    }
    bool isConstant(TensorIndex tensor) const
    {
        const TensorIndex bare = stripped(tensor);
        return bare.isValid() && m_graph.tensor(bare).isConstant();
    }
    /// Both orders of a binary operator's operands.
    static std::array<std::pair<TensorIndex, TensorIndex>, 2> orders(const Operator &op)
    {
        return {std::pair(op.inputs[0], op.inputs[1]), std::pair(op.inputs[1], op.inputs[0])};
    }

    // --- LSTM: c = f * c' + i * g, h = o * act(c)

    std::optional<Step> lstmStep(const Operator &last) const
    {
        for (const auto &[output, activated] : orders(last)) {
            if (!isGate(output) || !isCandidate(activated))
                continue;
            Step step;
            slot(step.tensors, OutputGateSum) = sumOf(output);
            slot(step.tensors, OutputGate) = stripped(output);
            slot(step.tensors, CellActivation) = stripped(activated);
            slot(step.tensors, Hidden) = last.outputs.front();
            const TensorIndex cell = sumOf(activated);
            slot(step.tensors, InternalQuantity::Cell) = stripped(cell);
            step.after = stripped(cell);
            if (readCell(cell, step))
                return step;
        }
        return std::nullopt;
    }

    bool readCell(TensorIndex cell, Step &step) const
    {
        if (const Operator *const sum = maker(cell, "ADD")) {
            for (const auto &[kept, added] : orders(*sum))
                if (readAdded(added, step) && readKept(kept, step))
                    return true;
            return false;
        }
        return readAdded(cell, step); // the first step: no cell to keep
    }

    /// i * g
    bool readAdded(TensorIndex product, Step &step) const
    {
        const Operator *const op = maker(product, "MUL");
        if (!op)
            return false;
        for (const auto &[gate, candidate] : orders(*op)) {
            if (!isGate(gate) || !isCandidate(candidate))
                continue;
            slot(step.tensors, InputGateSum) = sumOf(gate);
            slot(step.tensors, InputGate) = stripped(gate);
            slot(step.tensors, CellGateSum) = sumOf(candidate);
            slot(step.tensors, CellGate) = stripped(candidate);
            return true;
        }
        return false;
    }

    /// f * c'
    bool readKept(TensorIndex product, Step &step) const
    {
        const Operator *const op = maker(product, "MUL");
        if (!op)
            return false;
        for (const auto &[gate, before] : orders(*op)) {
            if (!isGate(gate) || isCandidate(before))
                continue;
            slot(step.tensors, ForgetGateSum) = sumOf(gate);
            slot(step.tensors, ForgetGate) = stripped(gate);
            step.before = isConstant(before) ? TensorIndex() : stripped(before);
            return true;
        }
        return false;
    }

    // --- GRU: h = z * h' + (1 - z) * n, n = act(... r ...)

    std::optional<Step> gruStep(const Operator &last) const
    {
        for (const auto &[kept, added] : orders(last)) {
            const Operator *const fresh = maker(added, "MUL");
            const Operator *const old = maker(kept, "MUL");
            if (!fresh || !old)
                continue;
            for (const auto &[share, candidate] : orders(*fresh))
                for (const auto &[update, before] : orders(*old)) {
                    const Operator *const rest = maker(share, "SUB");
                    if (!rest || !isConstant(rest->inputs[0]) || stripped(rest->inputs[1]) != stripped(update) || !isGate(update) || !isCandidate(candidate))
                        continue;
                    Step step;
                    slot(step.tensors, UpdateGateSum) = sumOf(update);
                    slot(step.tensors, UpdateGate) = stripped(update);
                    slot(step.tensors, CandidateGateSum) = sumOf(candidate);
                    slot(step.tensors, CandidateGate) = stripped(candidate);
                    slot(step.tensors, Hidden) = last.outputs.front();
                    step.before = isConstant(before) ? TensorIndex() : stripped(before);
                    step.after = last.outputs.front();
                    readReset(sumOf(candidate), stripped(update), 4, step);
                    return step;
                }
        }
        return std::nullopt;
    }

    /// r is the gate that the recurrent part of the candidate's sum, or the state it is made of, was multiplied by.
    bool readReset(TensorIndex from, TensorIndex update, int depth, Step &step) const
    {
        const Operator *const op = maker(from);
        if (!op || depth == 0)
            return false;
        if (op->name == "MUL") {
            for (const TensorIndex input : op->inputs) {
                if (!isGate(input) || stripped(input) == update)
                    continue;
                slot(step.tensors, ResetGateSum) = sumOf(input);
                slot(step.tensors, ResetGate) = stripped(input);
                return true;
            }
            return false;
        }
        if (!isOneOf(op->name, {"ADD", "FULLY_CONNECTED", "BATCH_MATMUL"}))
            return false;
        const std::size_t inputs = op->name == "ADD" ? 2 : 1;
        for (std::size_t i = 0; i < inputs && i < op->inputs.size(); ++i)
            if (readReset(op->inputs[i], update, depth - 1, step))
                return true;
        return false;
    }

    // --- a simple layer: h = act(W x + R h')

    std::optional<Step> simpleStep(const Operator &last) const
    {
        Step step;
        slot(step.tensors, CandidateGateSum) = last.inputs.front();
        slot(step.tensors, Hidden) = last.outputs.front();
        step.after = last.outputs.front();
        step.before = recurrentState(last.inputs.front(), 3);
        return step;
    }

    /// What a product in this sum reads that is itself the outcome of such a step.
    TensorIndex recurrentState(TensorIndex sum, int depth) const
    {
        const Operator *const op = maker(sum);
        if (!op || depth == 0)
            return {};
        if (isOneOf(op->name, {"FULLY_CONNECTED", "BATCH_MATMUL"})) {
            const Operator *const before = maker(op->inputs.front());
            const bool hasWeights = op->inputs.size() > 1 && op->inputs[1].isValid() && m_graph.tensor(op->inputs[1]).isConstant();
            return before && isSquashing(*before) && hasWeights ? stripped(op->inputs.front()) : TensorIndex();
        }
        if (op->name != "ADD" || op->inputs.size() != 2)
            return {};
        for (const TensorIndex input : op->inputs)
            if (const TensorIndex before = recurrentState(input, depth - 1); before.isValid())
                return before;
        return {};
    }

    // --- steps, one behind the other

    void link(Kind cell, const std::vector<Step> &steps)
    {
        std::map<TensorIndex, std::size_t> byState;
        for (std::size_t i = 0; i < steps.size(); ++i)
            byState.emplace(steps[i].after, i);
        std::vector<std::size_t> next(steps.size(), steps.size());
        std::vector<bool> hasBefore(steps.size());
        for (std::size_t i = 0; i < steps.size(); ++i)
            if (const auto before = byState.find(steps[i].before); steps[i].before.isValid() && before != byState.end() && next[before->second] == steps.size()
                && sameWeights(cell, steps[before->second], steps[i])) {
                next[before->second] = i;
                hasBefore[i] = true;
            }
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (hasBefore[i])
                continue;
            std::vector<StepTensors> chain;
            for (std::size_t at = i; at != steps.size(); at = next[at])
                chain.push_back(steps[at].tensors);
            if (isLongEnough(cell, chain.size(), steps[i]))
                add(cell, std::move(chain));
        }
    }

    /// Layers of one kind in a row look like steps of a simple one, but for their weights.
    bool sameWeights(Kind cell, const Step &before, const Step &after) const
    {
        if (cell != Kind::Simple || !before.before.isValid())
            return true;
        return recurrentWeights(before.tensors[static_cast<std::size_t>(CandidateGateSum)], 3) == recurrentWeights(after.tensors[static_cast<std::size_t>(CandidateGateSum)], 3);
    }
    TensorIndex recurrentWeights(TensorIndex sum, int depth) const
    {
        const Operator *const op = maker(sum);
        if (!op || depth == 0)
            return {};
        if (isOneOf(op->name, {"FULLY_CONNECTED", "BATCH_MATMUL"}))
            return recurrentState(sum, depth).isValid() ? op->inputs[1] : TensorIndex();
        if (op->name != "ADD")
            return {};
        for (const TensorIndex input : op->inputs)
            if (const TensorIndex weights = recurrentWeights(input, depth - 1); weights.isValid())
                return weights;
        return {};
    }

    bool isLongEnough(Kind cell, std::size_t steps, const Step &first) const
    {
        if (cell == Kind::Simple)
            return steps >= kFewestSimpleSteps;
        return steps > 1 || (first.before.isValid() && std::ranges::count(m_graph.inputs, first.before) > 0);
    }

    void add(Kind cell, std::vector<StepTensors> steps)
    {
        UnrolledRecurrence found;
        found.cell = cell;
        found.steps = std::move(steps);
        const TensorIndex last = found.at(found.steps.size() - 1, Hidden);
        found.op = m_producer[last.position()];
        const Shape &shape = m_graph.tensor(last).shape;
        if (shape.rank() < 1 || shape.elementCount() <= 0)
            return;
        found.units = static_cast<std::size_t>(shape[shape.rank() - 1]);
        found.sequences = static_cast<std::size_t>(shape.elementCount()) / found.units;
        std::set<OperatorIndex> makers;
        for (StepTensors &step : found.steps)
            for (TensorIndex &tensor : step) {
                if (!tensor.isValid())
                    continue;
                if (m_graph.tensor(tensor).shape.elementCount() != shape.elementCount())
                    tensor = TensorIndex(); // not this layer's after all
                else if (m_producer[tensor.position()].isValid())
                    makers.insert(m_producer[tensor.position()]);
            }
        found.operators = makers.size();
        found.name = sharedPath(makers);
        m_found.push_back(std::move(found));
    }

    /// "model/gru" of "model/gru/mul;..." and "model/gru/add": whole words of the path only.
    std::string sharedPath(const std::set<OperatorIndex> &operators) const
    {
        std::string shared;
        bool isFirst = true;
        for (const OperatorIndex op : operators) {
            const std::string &whole = m_graph.tensor(m_graph.op(op).outputs.front()).name;
            const std::string path = whole.substr(0, whole.find(';'));
            if (std::exchange(isFirst, false))
                shared = path.substr(0, path.rfind('/') == std::string::npos ? path.size() : path.rfind('/'));
            while (!shared.empty() && path != shared && !path.starts_with(shared + '/'))
                shared.resize(shared.rfind('/') == std::string::npos ? 0 : shared.rfind('/'));
        }
        return shared;
    }

    const Subgraph &m_graph;
    std::vector<OperatorIndex> m_producer;
    std::vector<UnrolledRecurrence> m_found;
};

RnnRecord::Form formOf(const Tensor &tensor)
{
    if (tensor.type != DataType::Int8 && tensor.type != DataType::UInt8 && tensor.type != DataType::Int16)
        return {};
    const IntegerRange range = integerRange(tensor.type);
    const auto zeroPoint = static_cast<std::int32_t>(tensor.quant.zeroPoint());
    const auto real = [&](std::int64_t code) { return tensor.quant.scale() * static_cast<float>(code - zeroPoint); };
    return {tensor.type, tensor.quant.scale(), zeroPoint, real(range.min), real(range.max)};
}

template <typename Code> void readCodes(const Tensor &tensor, std::span<const std::byte> elements, std::span<float> out)
{
    const auto zeroPoint = static_cast<std::int32_t>(tensor.quant.zeroPoint());
    for (std::size_t i = 0; i < out.size(); ++i) {
        Code code;
        std::memcpy(&code, elements.data() + i * sizeof(Code), sizeof(Code));
        out[i] = tensor.quant.scale() * static_cast<float>(code - zeroPoint);
    }
}

} // namespace

std::string_view UnrolledRecurrence::title() const
{
    switch (cell) {
    case Kind::Lstm: return "LSTM (unrolled)";
    case Kind::Gru: return "GRU (unrolled)";
    case Kind::Simple: return "RNN (unrolled)";
    }
    return "";
}

RnnRecord UnrolledRecurrence::record(std::size_t batch, const ReadValues &read, const Subgraph *forms) const
{
    RnnRecord record;
    for (std::size_t step = 0; step < steps.size(); ++step)
        for (std::size_t sample = 0; sample < batch; ++sample)
            for (std::size_t sequence = 0; sequence < sequences; ++sequence)
                record.places.push_back({sample, sequence, step});
    const std::size_t elements = sequences * units;
    for (std::size_t q = 0; q < kInternalQuantityCount; ++q) {
        if (std::ranges::none_of(steps, [q](const StepTensors &step) { return step[q].isValid(); }))
            continue;
        RnnRecord::Quantity &quantity = record.quantities[q];
        quantity.units = units;
        quantity.values.assign(steps.size() * batch * elements, std::numeric_limits<float>::quiet_NaN());
        for (std::size_t step = 0; step < steps.size(); ++step) {
            const TensorIndex tensor = steps[step][q];
            quantity.formByStep.push_back(forms && tensor.isValid() ? formOf(forms->tensor(tensor)) : RnnRecord::Form{});
            for (std::size_t sample = 0; tensor.isValid() && sample < batch; ++sample)
                read(tensor, sample, std::span(quantity.values).subspan((step * batch + sample) * elements, elements));
        }
    }
    return record;
}

std::vector<UnrolledRecurrence> findUnrolledRecurrences(const Subgraph &graph)
{
    return Finder(graph).find();
}

bool readReal(const Tensor &tensor, std::span<const std::byte> elements, std::span<float> out)
{
    if (elements.size() != out.size() * elementSize(tensor.type))
        return false;
    switch (tensor.type) {
    case DataType::Float32: std::memcpy(out.data(), elements.data(), elements.size()); return true;
    case DataType::Int8: readCodes<std::int8_t>(tensor, elements, out); return true;
    case DataType::UInt8: readCodes<std::uint8_t>(tensor, elements, out); return true;
    case DataType::Int16: readCodes<std::int16_t>(tensor, elements, out); return true;
    default: return false;
    }
}

} // namespace quantloupe
