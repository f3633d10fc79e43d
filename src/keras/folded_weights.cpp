// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/folded_weights.h"

#include "pairing/weight_distance.h"

#include <algorithm>
#include <array>

namespace quantloupe {
namespace {

constexpr std::array<std::string_view, 4> kLinear{"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV"};
constexpr std::size_t kMostSteps = 8;

/// y = scale * x + shift, by channel.
struct Affine {
    std::vector<double> scale;
    std::vector<double> shift;
    std::string layers;

    explicit Affine(std::size_t channels) : scale(channels, 1.0), shift(channels, 0.0) {}
};

class Folding {
public:
    explicit Folding(const LoweredKeras &keras) : m_keras(keras), m_graph(keras.model->main()), m_readers(m_graph.tensors.size()), m_producer(m_graph.tensors.size())
    {
        const Subgraph &graph = m_graph;
        for (std::size_t i = 0; i < graph.operators.size(); ++i) {
            for (const TensorIndex input : graph.operators[i].inputs)
                if (input.isValid() && !graph.tensor(input).isConstant())
                    m_readers[input.position()].push_back(OperatorIndex(i));
            for (const TensorIndex output : graph.operators[i].outputs)
                m_producer[output.position()] = OperatorIndex(i);
        }
    }

    std::vector<FoldedWeights> all()
    {
        for (const Operator &op : m_graph.operators)
            if (isLinear(op) && op.inputs.size() > weightsPosition(op) && m_graph.tensor(op.inputs[weightsPosition(op)]).isConstant())
                foldOperator(op);
        return std::move(m_all);
    }

private:
    void foldOperator(const Operator &op)
    {
        const Tensor &kernel = m_graph.tensor(op.inputs[weightsPosition(op)]);
        const bool isDepthwise = op.name == "DEPTHWISE_CONV_2D";
        const int outputAxis = isDepthwise ? kernel.shape.rank() - 1 : 0;
        const auto outputs = static_cast<std::size_t>(kernel.shape[outputAxis]);
        FoldedWeights plain{m_keras.layerOf(op.outputs.front()), realValues(kernel), std::vector<float>(outputs), kernel.shape, isDepthwise};
        const std::size_t at = biasPosition(op);
        if (op.inputs.size() > at && op.inputs[at].isValid())
            plain.bias = realValues(m_graph.tensor(op.inputs[at]));
        if (plain.bias.size() != outputs || plain.weights.empty())
            return;
        follow(op.outputs.front(), plain, Affine(outputs), 0);
        const TensorIndex input = op.inputs[op.name == "TRANSPOSE_CONV" ? 2 : 0];
        if (auto before = affineBefore(input, isDepthwise ? outputs : static_cast<std::size_t>(kernel.shape[kernel.shape.rank() - 1])))
            follow(op.outputs.front(), withInput(plain, *before), Affine(outputs), 0);
    }

    /// Notes the weights with what was passed so far, and goes on over every constant factor and term that follows.
    void follow(TensorIndex tensor, const FoldedWeights &plain, const Affine &affine, std::size_t steps)
    {
        m_all.push_back(withOutput(plain, affine));
        if (steps >= kMostSteps)
            return;
        for (const OperatorIndex reader : m_readers[tensor.position()]) {
            const Operator &op = m_graph.op(reader);
            if (op.name == "RESHAPE" || op.name == "TRANSPOSE")
                pass(op.outputs.front(), plain, affine, steps + 1);
            else if (auto next = after(op, tensor, affine))
                follow(op.outputs.front(), plain, *next, steps + 1);
        }
    }

    /// Over what only moves elements: nothing new to note.
    void pass(TensorIndex tensor, const FoldedWeights &plain, const Affine &affine, std::size_t steps)
    {
        if (steps >= kMostSteps)
            return;
        for (const OperatorIndex reader : m_readers[tensor.position()]) {
            const Operator &op = m_graph.op(reader);
            if (op.name == "RESHAPE" || op.name == "TRANSPOSE")
                pass(op.outputs.front(), plain, affine, steps + 1);
            else if (auto next = after(op, tensor, affine))
                follow(op.outputs.front(), plain, *next, steps + 1);
        }
    }

    /// The affine map after one more ADD, SUB, MUL or DIV by a constant of one value or one a channel.
    std::optional<Affine> after(const Operator &op, TensorIndex tensor, const Affine &affine) const
    {
        if (op.inputs.size() != 2 || (op.name != "ADD" && op.name != "SUB" && op.name != "MUL" && op.name != "DIV"))
            return std::nullopt;
        const bool isFirst = op.inputs[0] == tensor;
        const Tensor &other = m_graph.tensor(op.inputs[isFirst ? 1 : 0]);
        if (!other.isConstant() || (!isFirst && op.name == "DIV"))
            return std::nullopt;
        const auto values = realValues(other);
        if (values.empty() || (values.size() != 1 && values.size() != affine.scale.size()))
            return std::nullopt;
        Affine next = affine;
        for (std::size_t i = 0; i < next.scale.size(); ++i) {
            const double value = values[values.size() == 1 ? 0 : i];
            if (op.name == "ADD") {
                next.shift[i] += value;
            } else if (op.name == "SUB") {
                next.scale[i] *= isFirst ? 1.0 : -1.0;
                next.shift[i] = isFirst ? next.shift[i] - value : value - next.shift[i];
            } else {
                const double factor = op.name == "MUL" ? value : 1.0 / value;
                next.scale[i] *= factor;
                next.shift[i] *= factor;
            }
        }
        const std::string layer = m_keras.layerOf(op.outputs.front());
        if (next.layers.empty())
            next.layers = layer;
        else if (!next.layers.ends_with(layer))
            next.layers += " + " + layer;
        return next;
    }

    /// The constant factors and terms that stand directly before a tensor.
    std::optional<Affine> affineBefore(TensorIndex tensor, std::size_t channels) const
    {
        std::vector<const Operator *> chain;
        for (std::size_t steps = 0; steps < kMostSteps && m_producer[tensor.position()].isValid(); ++steps) {
            const Operator &op = m_graph.op(m_producer[tensor.position()]);
            if (!after(op, op.inputs.front(), Affine(channels)) || m_graph.tensor(op.inputs.front()).isConstant())
                break;
            chain.push_back(&op);
            tensor = op.inputs.front();
        }
        if (chain.empty())
            return std::nullopt;
        Affine affine(channels);
        for (std::size_t i = chain.size(); i-- > 0;)
            affine = *after(*chain[i], chain[i]->inputs.front(), affine);
        return affine;
    }

    static FoldedWeights withOutput(FoldedWeights folded, const Affine &affine)
    {
        if (affine.layers.empty())
            return folded;
        const std::size_t channels = affine.scale.size();
        const std::size_t inner = folded.weights.size() / channels;
        for (std::size_t i = 0; i < folded.weights.size(); ++i)
            folded.weights[i] = static_cast<float>(folded.weights[i] * affine.scale[folded.isDepthwise ? i % channels : i / inner]);
        for (std::size_t i = 0; i < channels; ++i)
            folded.bias[i] = static_cast<float>(folded.bias[i] * affine.scale[i] + affine.shift[i]);
        folded.layers += " + " + affine.layers;
        return folded;
    }

    static FoldedWeights withInput(FoldedWeights folded, const Affine &affine)
    {
        const std::size_t channels = affine.scale.size();
        const std::size_t outputs = folded.bias.size();
        const std::size_t inner = folded.weights.size() / outputs;
        std::vector<double> bias(folded.bias.begin(), folded.bias.end());
        for (std::size_t i = 0; i < folded.weights.size(); ++i) {
            bias[folded.isDepthwise ? i % outputs : i / inner] += folded.weights[i] * affine.shift[i % channels];
            folded.weights[i] = static_cast<float>(folded.weights[i] * affine.scale[i % channels]);
        }
        for (std::size_t i = 0; i < outputs; ++i)
            folded.bias[i] = static_cast<float>(bias[i]);
        folded.layers = affine.layers + " + " + folded.layers;
        return folded;
    }

    const LoweredKeras &m_keras;
    const Subgraph &m_graph;
    std::vector<std::vector<OperatorIndex>> m_readers;
    std::vector<OperatorIndex> m_producer;
    std::vector<FoldedWeights> m_all;
};

} // namespace

bool isLinear(const Operator &op)
{
    return std::ranges::find(kLinear, op.name) != kLinear.end();
}

std::size_t weightsPosition(const Operator &)
{
    return 1;
}

std::size_t biasPosition(const Operator &op)
{
    return op.name == "TRANSPOSE_CONV" ? 3 : 2;
}

std::vector<FoldedWeights> foldings(const LoweredKeras &keras)
{
    return Folding(keras).all();
}

} // namespace quantloupe
