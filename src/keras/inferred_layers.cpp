// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/inferred_layers.h"

#include "pairing/pairing.h"
#include "pairing/weight_distance.h"

#include <algorithm>
#include <map>

namespace quantloupe {
namespace {

/// Constants larger than this are weights, which belong to the Keras file.
constexpr std::int64_t kMostConstantElements = 64;

/// True when one of the names that a converter joined with ';' has `layer` as a component but the last.
bool isOfLayer(std::string_view tensor, std::string_view layer)
{
    while (!tensor.empty()) {
        const std::string_view one = tensor.substr(0, tensor.find(';'));
        tensor.remove_prefix(std::min(tensor.size(), one.size() + 1));
        for (std::size_t at = one.find(layer); at != std::string_view::npos; at = one.find(layer, at + 1)) {
            const bool starts = at == 0 || one[at - 1] == '/';
            const bool ends = at + layer.size() < one.size() && one[at + layer.size()] == '/';
            if (starts && ends)
                return true;
        }
    }
    return false;
}

/// The region of the quantized graph that is the layer, and its copy.
class Region {
public:
    Region(const Subgraph &quantized, LayerCall &call) : m_quantized(quantized), m_call(call) {}

    std::optional<std::vector<TensorIndex>> copy()
    {
        collect();
        if (m_operators.empty() || !matchInputs())
            return std::nullopt;
        TensorIndex last;
        for (const Operator *const op : m_operators) {
            const auto result = copyOperator(*op);
            if (!result)
                return std::nullopt;
            last = *result;
        }
        m_call.graph.rename(last, m_call.name);
        return std::vector{last};
    }

private:
    void collect()
    {
        // The layer's own name is the last part of its path: a shared layer's second call has a number after it.
        std::string_view layer = m_call.name;
        layer.remove_prefix(std::min(layer.size(), layer.rfind('/') + 1));
        layer = layer.substr(0, layer.find(':'));
        for (const Operator &op : m_quantized.operators)
            if (!isConversion(op) && op.outputs.size() == 1 && isOfLayer(m_quantized.tensor(op.outputs.front()).name, layer))
                m_operators.push_back(&op);
    }

    /// What a tensor was before conversions: float operators among integer ones stand between them.
    TensorIndex source(TensorIndex tensor) const
    {
        for (std::size_t i = m_quantized.operators.size(); i-- > 0;)
            if (const Operator &op = m_quantized.operators[i]; isConversion(op) && op.outputs.front() == tensor)
                tensor = op.inputs.front();
        return tensor;
    }

    bool isMade(TensorIndex tensor) const
    {
        return std::ranges::any_of(m_operators, [&](const Operator *op) { return std::ranges::find(op->outputs, tensor) != op->outputs.end(); });
    }

    /// The tensors that the region reads from outside are the layer's inputs: as many, of the same shapes, in this order.
    bool matchInputs()
    {
        std::vector<TensorIndex> read;
        for (const Operator *const op : m_operators)
            for (TensorIndex input : op->inputs) {
                input = input.isValid() ? source(input) : input;
                if (input.isValid() && !m_quantized.tensor(input).isConstant() && !isMade(input) && std::ranges::find(read, input) == read.end())
                    read.push_back(input);
            }
        if (read.size() != m_call.inputs.size())
            return false;
        for (std::size_t i = 0; i < read.size(); ++i) {
            if (m_quantized.tensor(read[i]).shape != m_call.graph.shape(m_call.inputs[i]))
                return false;
            m_copies[read[i]] = m_call.inputs[i];
        }
        return true;
    }

    std::optional<TensorIndex> copyConstant(const Tensor &tensor)
    {
        if (tensor.shape.elementCount() > kMostConstantElements)
            return std::nullopt;
        if (!tensor.quant.isQuantized())
            return m_call.graph.constant(tensor.name, tensor.shape, tensor.constant, tensor.type);
        const auto values = realValues(tensor);
        return values.empty() ? std::nullopt : std::optional(m_call.graph.floats(tensor.name, tensor.shape, values));
    }

    std::optional<TensorIndex> copyOperator(const Operator &op)
    {
        std::vector<TensorIndex> inputs;
        for (TensorIndex input : op.inputs) {
            if (!input.isValid()) {
                inputs.push_back(input);
                continue;
            }
            input = source(input);
            if (const auto known = m_copies.find(input); known != m_copies.end()) {
                inputs.push_back(known->second);
                continue;
            }
            const auto constant = m_quantized.tensor(input).isConstant() ? copyConstant(m_quantized.tensor(input)) : std::nullopt;
            if (!constant)
                return std::nullopt;
            m_copies[input] = *constant;
            inputs.push_back(*constant);
        }
        const Tensor &output = m_quantized.tensor(op.outputs.front());
        const auto copy = m_call.graph.op(op.name, std::move(inputs), output.name, dimsOf(output.shape), op.options, output.quant.isQuantized() ? DataType::Float32 : output.type);
        if (!copy)
            return std::nullopt;
        m_copies[op.outputs.front()] = *copy;
        return *copy;
    }

    const Subgraph &m_quantized;
    LayerCall &m_call;
    std::vector<const Operator *> m_operators;
    std::map<TensorIndex, TensorIndex> m_copies;
};

} // namespace

std::optional<std::vector<TensorIndex>> InferredLayers::infer(LayerCall &call) const
{
    return Region(m_quantized, call).copy();
}

} // namespace quantloupe
