// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/blocks.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace quantloupe {
namespace {

constexpr std::size_t kFewestSteps = 3; ///< a weight shared by fewer operators is shared, not unrolled

bool isOneOf(const Operator &op, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), op.name) != names.end();
}

bool isActivation(const Operator &op)
{
    return isOneOf(op, {"RELU", "RELU6", "RELU_N1_TO_1", "RELU_0_TO_1", "LEAKY_RELU", "PRELU", "ELU", "LOGISTIC", "TANH", "HARD_SWISH", "GELU"});
}

bool isScaling(const Operator &op)
{
    return isOneOf(op, {"MUL", "ADD", "SUB", "DIV"});
}

bool isMatrixProduct(const Operator &op)
{
    return isOneOf(op, {"CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED"});
}

class Finder {
public:
    explicit Finder(const Subgraph &graph)
        : m_graph(graph), m_producer(graph.tensors.size()), m_readers(graph.tensors.size()), m_isOutput(graph.tensors.size()), m_isTaken(graph.operators.size())
    {
        for (std::size_t i = 0; i < graph.operators.size(); ++i) {
            for (const TensorIndex output : graph.operators[i].outputs)
                m_producer[output.position()] = OperatorIndex(i);
            for (const TensorIndex input : graph.operators[i].inputs)
                if (input.isValid())
                    m_readers[input.position()].push_back(OperatorIndex(i));
        }
        for (const TensorIndex output : graph.outputs)
            m_isOutput[output.position()] = true;
    }

    std::vector<Block> find()
    {
        // The largest first: a step of an unrolled recurrence may hold the others.
        findRecurrences();
        for (std::size_t i = 0; i < m_graph.operators.size(); ++i)
            findNormalization(OperatorIndex(i));
        for (std::size_t i = 0; i < m_graph.operators.size(); ++i)
            findConvolution(OperatorIndex(i));
        std::sort(m_blocks.begin(), m_blocks.end(), [](const Block &a, const Block &b) { return a.operators.front() < b.operators.front(); });
        return std::move(m_blocks);
    }

private:
    const Operator &op(OperatorIndex index) const { return m_graph.op(index); }

    void add(BlockKind kind, std::string title, std::vector<OperatorIndex> operators)
    {
        std::sort(operators.begin(), operators.end());
        for (const OperatorIndex each : operators)
            m_isTaken[each.position()] = true;
        std::string name = sharedPath(operators);
        m_blocks.push_back({kind, std::move(title), std::move(name), std::move(operators)});
    }

    /// "model/lstm" of "model/lstm/mul;..." and "model/lstm/add": whole words of the path only.
    std::string sharedPath(const std::vector<OperatorIndex> &operators) const
    {
        std::string shared;
        for (std::size_t i = 0; i < operators.size(); ++i) {
            const std::string &whole = m_graph.tensor(op(operators[i]).outputs.front()).name;
            const std::string path = whole.substr(0, whole.find(';'));
            if (i == 0) {
                shared = path.substr(0, path.rfind('/') == std::string::npos ? path.size() : path.rfind('/'));
                continue;
            }
            while (!shared.empty() && path != shared && !path.starts_with(shared + '/'))
                shared.resize(shared.rfind('/') == std::string::npos ? 0 : shared.rfind('/'));
        }
        return shared;
    }

    // --- unrolled recurrences: a recurrent weight is used once a step, each use after the one before

    void findRecurrences()
    {
        std::map<std::int32_t, std::vector<OperatorIndex>> uses; ///< by constant, in file order: the first found is the first reported
        for (std::size_t i = 0; i < m_graph.operators.size(); ++i) {
            const Operator &each = m_graph.operators[i];
            if (isOneOf(each, {"FULLY_CONNECTED", "BATCH_MATMUL"}) && each.inputs.size() > 1 && m_graph.tensor(each.inputs[1]).isConstant())
                uses[each.inputs[1].value].push_back(OperatorIndex(i));
        }
        for (const auto &[weights, steps] : uses) {
            if (steps.size() < kFewestSteps || m_isTaken[steps.front().position()])
                continue;
            const std::vector<OperatorIndex> between = pathsThrough(steps);
            // The weights of the input are shared as well, but no path leads from one of their uses to the next.
            if (!isChain(steps, between) || std::any_of(between.begin(), between.end(), [this](OperatorIndex each) { return m_isTaken[each.position()]; }))
                continue;
            add(BlockKind::UnrolledRecurrence, fmt::format("{}, {} steps", cellOf(TensorIndex(weights)), steps.size()), between);
        }
    }

    /// Recurrent weights are gates * units wide: four of an LSTM, three of a GRU, one of a simple RNN.
    std::string cellOf(TensorIndex weights) const
    {
        const Shape &shape = m_graph.tensor(weights).shape;
        if (shape.rank() != 2 || shape[1] == 0 || shape[0] % shape[1] != 0)
            return "Recurrence";
        switch (shape[0] / shape[1]) {
        case 1: return "RNN";
        case 3: return "GRU";
        case 4: return "LSTM";
        default: return "Recurrence";
        }
    }

    /// Everything on a path from the first of these operators to the last.
    std::vector<OperatorIndex> pathsThrough(const std::vector<OperatorIndex> &steps) const
    {
        const std::size_t first = steps.front().position();
        const std::size_t last = steps.back().position();
        std::vector<bool> isAfter(last - first + 1);
        std::vector<bool> isBefore(last - first + 1);
        isAfter.front() = true;
        for (std::size_t i = first; i <= last; ++i)
            for (const TensorIndex input : m_graph.operators[i].inputs)
                if (const OperatorIndex producer = producerOf(input); producer.isValid() && producer.position() >= first && isAfter[producer.position() - first])
                    isAfter[i - first] = true;
        isBefore.back() = true;
        for (std::size_t i = last + 1; i-- > first;)
            if (isBefore[i - first])
                for (const TensorIndex input : m_graph.operators[i].inputs)
                    if (const OperatorIndex producer = producerOf(input); producer.isValid() && producer.position() >= first)
                        isBefore[producer.position() - first] = true;
        std::vector<OperatorIndex> between;
        for (std::size_t i = first; i <= last; ++i)
            if (isAfter[i - first] && isBefore[i - first])
                between.emplace_back(i);
        return between;
    }

    static bool isChain(const std::vector<OperatorIndex> &steps, const std::vector<OperatorIndex> &between)
    {
        return std::all_of(steps.begin(), steps.end(), [&](OperatorIndex step) { return std::binary_search(between.begin(), between.end(), step); });
    }

    // --- layer normalization: (x - mean) / sqrt(variance + epsilon) and what scales it

    void findNormalization(OperatorIndex difference)
    {
        if (op(difference).name != "SQUARED_DIFFERENCE")
            return;
        const auto &inputs = op(difference).inputs;
        for (const auto &[x, mean] : {std::pair(inputs[0], inputs[1]), std::pair(inputs[1], inputs[0])}) {
            const OperatorIndex producer = producerOf(mean);
            if (!producer.isValid() || op(producer).name != "MEAN" || op(producer).inputs.front() != x)
                continue;
            if (auto members = grow(x, {producer, difference}); !members.empty())
                add(BlockKind::LayerNormalization, "LayerNormalization", std::move(members));
            return;
        }
    }

    /// Adds what reads only x, constants and what was added, until one tensor alone leaves it. Empty when that never comes.
    std::vector<OperatorIndex> grow(TensorIndex x, std::vector<OperatorIndex> members) const
    {
        bool hasRoot = false;
        for (std::size_t i = members.back().position() + 1; i < m_graph.operators.size(); ++i) {
            const OperatorIndex next(i);
            if (m_isTaken[i] || !readsOnly(next, x, members))
                continue;
            if (!isScaling(op(next)) && !isOneOf(op(next), {"MEAN", "RSQRT", "SQRT"}))
                return {};
            hasRoot = hasRoot || isOneOf(op(next), {"RSQRT", "SQRT"});
            members.push_back(next);
            if (hasRoot && isOneOf(op(next), {"ADD", "SUB"}) && leavingTensors(members) == 1)
                return members;
            if (members.size() > 16)
                return {};
        }
        return {};
    }

    bool readsOnly(OperatorIndex index, TensorIndex x, const std::vector<OperatorIndex> &members) const
    {
        bool readsMember = false;
        for (const TensorIndex input : op(index).inputs) {
            if (!input.isValid() || input == x || m_graph.tensor(input).isConstant())
                continue;
            if (std::find(members.begin(), members.end(), producerOf(input)) == members.end())
                return false;
            readsMember = true;
        }
        return readsMember;
    }

    std::size_t leavingTensors(const std::vector<OperatorIndex> &members) const
    {
        std::size_t count = 0;
        for (const OperatorIndex member : members)
            for (const TensorIndex output : op(member).outputs) {
                const auto &readers = m_readers[output.position()];
                count += m_isOutput[output.position()] || readers.empty()
                    || std::any_of(readers.begin(), readers.end(), [&](OperatorIndex reader) { return std::find(members.begin(), members.end(), reader) == members.end(); });
            }
        return count;
    }

    // --- a matrix product, scaled and shifted by constants, activated

    void findConvolution(OperatorIndex index)
    {
        if (!isMatrixProduct(op(index)) || m_isTaken[index.position()])
            return;
        std::vector<OperatorIndex> members{index};
        std::string title = op(index).name;
        for (OperatorIndex next = onlyReader(members.back()); next.isValid() && !m_isTaken[next.position()]; next = onlyReader(members.back())) {
            const bool activates = isActivation(op(next));
            if (!activates && !(isScaling(op(next)) && readsOnly(next, TensorIndex(), members)))
                break;
            members.push_back(next);
            title += " + " + op(next).name;
            if (activates)
                break;
        }
        if (members.size() > 1)
            add(BlockKind::FoldableConvolution, std::move(title), std::move(members));
    }

    OperatorIndex onlyReader(OperatorIndex index) const
    {
        if (op(index).outputs.size() != 1)
            return {};
        const std::size_t output = op(index).outputs.front().position();
        return m_readers[output].size() == 1 && !m_isOutput[output] ? m_readers[output].front() : OperatorIndex();
    }

    OperatorIndex producerOf(TensorIndex tensor) const { return tensor.isValid() ? m_producer[tensor.position()] : OperatorIndex(); }

    const Subgraph &m_graph;
    std::vector<OperatorIndex> m_producer;
    std::vector<std::vector<OperatorIndex>> m_readers;
    std::vector<bool> m_isOutput;
    std::vector<bool> m_isTaken;
    std::vector<Block> m_blocks;
};

} // namespace

std::string_view name(BlockKind kind)
{
    switch (kind) {
    case BlockKind::LayerNormalization: return "layer normalization";
    case BlockKind::UnrolledRecurrence: return "unrolled recurrence";
    case BlockKind::FoldableConvolution: return "foldable convolution";
    }
    return "";
}

std::vector<Block> findBlocks(const Subgraph &subgraph)
{
    return Finder(subgraph).find();
}

} // namespace quantloupe
