// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/keras_pair.h"

#include "interpreter/interpreter.h"
#include "keras/float_twin.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <random>
#include <set>

namespace quantloupe {
namespace {

constexpr std::size_t kProbes = 2;
/// Folding and another order of sums cost about 1e-6 of the largest magnitude an operator, and deep networks add that up.
constexpr float kSameValues = 2e-4f;

using Values = std::vector<float>;

/// The float32 tensors of a model that was run on one sample, by tensor; empty for all others.
std::vector<Values> valuesOf(const Interpreter &interpreter)
{
    const Subgraph &graph = interpreter.model().graph();
    std::vector<Values> values(graph.tensors.size());
    for (const Operator &op : graph.operators) {
        for (const TensorIndex output : op.outputs) {
            const auto bytes = interpreter.bytes(output);
            if (graph.tensor(output).type != DataType::Float32 || bytes.empty())
                continue;
            values[output.position()].resize(bytes.size() / sizeof(float));
            std::memcpy(values[output.position()].data(), bytes.data(), bytes.size());
        }
    }
    return values;
}

bool areSame(const Values &a, const Values &b)
{
    if (a.size() != b.size())
        return false;
    float largest = 0.0f;
    for (const float value : b)
        largest = std::max(largest, std::abs(value));
    const float allowed = kSameValues * largest + 1e-30f;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!(std::abs(a[i] - b[i]) <= allowed))
            return false;
    return true;
}

class Check {
public:
    Check(const LoweredKeras &keras, FloatTwin &twin, const Model &quantized) : m_keras(keras), m_twin(twin), m_quantized(quantized) {}

    Result<void> operator()()
    {
        if (!run()) { // values that are indices may lie outside what they index: 0 never does
            m_isNarrow = true;
            m_layerValues.clear();
            m_twinValues.clear();
            QL_CHECK(run());
        }
        findLayers();
        dropUnproven();
        return {};
    }

    std::size_t provenCount() const { return m_provenCount; }
    const std::vector<std::string> &unproven() const { return m_unproven; }

private:
    Result<void> run()
    {
        QL_TRY(const auto layers, PreparedModel::prepare(m_keras.model, KernelProfile::Litert, 1));
        QL_TRY(const auto twin, PreparedModel::prepare(m_twin.model, KernelProfile::Litert, 1));
        Interpreter ours(layers);
        Interpreter theirs(twin);
        std::mt19937 random(20261);
        for (std::size_t probe = 0; probe < kProbes; ++probe) {
            for (std::size_t i = 0; i < twin->graph().inputs.size(); ++i)
                fillInput(i, random, ours, theirs);
            ours.resetState();
            theirs.resetState();
            QL_CHECK(ours.invoke(1));
            QL_CHECK(theirs.invoke(1));
            m_layerValues.push_back(valuesOf(ours));
            m_twinValues.push_back(valuesOf(theirs));
        }
        return {};
    }

    /// Values over the range that the quantized input can hold.
    void fillInput(std::size_t position, std::mt19937 &random, Interpreter &ours, Interpreter &theirs) const
    {
        const Tensor &quantized = m_quantized.main().tensor(m_quantized.main().inputs[position]);
        float low = -1.0f;
        float high = 1.0f;
        const Tensor *codes = &quantized;
        for (const Operator &op : m_quantized.main().operators)
            if (op.name == "QUANTIZE" && op.inputs.front() == m_quantized.main().inputs[position])
                codes = &m_quantized.main().tensor(op.outputs.front());
        if (codes->quant.isQuantized() && isQuantizable(codes->type)) {
            const IntegerRange range = integerRange(codes->type);
            low = codes->quant.scale() * static_cast<float>(range.min - codes->quant.zeroPoint());
            high = codes->quant.scale() * static_cast<float>(range.max - codes->quant.zeroPoint());
        }
        if (m_isNarrow) {
            low = 0.0f;
            high = 0.99f;
        }
        const auto &inputs = ours.model().graph().inputs;
        const auto at = static_cast<std::size_t>(std::ranges::find(inputs, m_twin.inputs[position]) - inputs.begin());
        const auto left = ours.input(at);
        const auto right = theirs.input(position);
        const DataType leftType = ours.model().graph().tensor(inputs[at]).type;
        const DataType rightType = theirs.model().graph().tensor(theirs.model().graph().inputs[position]).type;
        std::uniform_real_distribution<float> values(low, high);
        const std::size_t leftSize = elementSize(leftType);
        const std::size_t rightSize = elementSize(rightType);
        for (std::size_t i = 0; leftSize != 0 && rightSize != 0 && i < std::min(left.size() / leftSize, right.size() / rightSize); ++i) {
            const float value = values(random);
            write(left.subspan(i * leftSize, leftSize), leftType, value);
            write(right.subspan(i * rightSize, rightSize), rightType, value);
        }
    }

    static void write(std::span<std::byte> place, DataType type, float value)
    {
        const auto put = [&](auto number) { std::memcpy(place.data(), &number, sizeof number); };
        switch (type) {
        case DataType::Float32: put(value); break;
        case DataType::Int32: put(static_cast<std::int32_t>(value)); break;
        case DataType::Int64: put(static_cast<std::int64_t>(value)); break;
        default: std::memset(place.data(), 0, place.size()); break;
        }
    }

    const Values &layerValues(std::size_t probe, TensorIndex tensor) const { return m_layerValues[probe][tensor.position()]; }

    /// For each tensor of the twin the tensor of the lowered model that has its values: of several the one whose layer the
    /// quantized tensor's name tells, else one of the same shape, else the last.
    void findLayers()
    {
        const Subgraph &layers = m_keras.model->main();
        std::map<std::size_t, std::vector<TensorIndex>> bySize;
        for (std::size_t i = 0; i < layers.tensors.size(); ++i)
            if (!m_layerValues[0][i].empty())
                bySize[m_layerValues[0][i].size()].push_back(TensorIndex(i));
        const Subgraph &graph = m_twin.model->main();
        m_layer.resize(graph.tensors.size());
        for (const Operator &op : graph.operators) {
            for (const TensorIndex output : op.outputs) {
                const Values &values = m_twinValues[0][output.position()];
                int best = -1;
                for (const TensorIndex candidate : values.empty() ? std::vector<TensorIndex>{} : bySize[values.size()]) {
                    bool isSame = true;
                    for (std::size_t probe = 0; isSame && probe < kProbes; ++probe)
                        isSame = areSame(m_twinValues[probe][output.position()], layerValues(probe, candidate));
                    if (!isSame)
                        continue;
                    const int rank = rankOf(candidate, graph.tensor(output));
                    if (rank >= best) {
                        best = rank;
                        m_layer[output.position()] = candidate;
                    }
                }
            }
        }
    }

    int rankOf(TensorIndex layer, const Tensor &twin) const
    {
        const Tensor &tensor = m_keras.model->main().tensor(layer);
        const std::string name = tensor.name.substr(tensor.name.rfind('/') + 1);
        return (twin.name.find("/" + name + "/") != std::string::npos ? 4 : 0) + (isLayer(layer) ? 2 : 0) + (tensor.shape == twin.shape ? 1 : 0);
    }

    bool isLayer(TensorIndex tensor) const
    {
        return std::ranges::any_of(m_keras.layers, [&](const LoweredLayer &layer) { return std::ranges::find(layer.outputs, tensor) != layer.outputs.end(); });
    }

    /// What neither has a layer's values nor leads to something that has is not known to be right.
    void dropUnproven()
    {
        auto model = std::make_shared<Model>(*m_twin.model);
        Subgraph &graph = model->subgraphs.front();
        std::vector<bool> leads(graph.tensors.size());
        std::vector<bool> isProven(graph.operators.size());
        for (std::size_t i = graph.operators.size(); i-- > 0;) {
            const Operator &op = graph.operators[i];
            for (const TensorIndex output : op.outputs) {
                const TensorIndex layer = m_layer[output.position()];
                isProven[i] = isProven[i] || layer.isValid() || leads[output.position()];
                if (layer.isValid())
                    graph.tensors[output.position()].name = m_keras.model->main().tensor(layer).name;
            }
            if (isProven[i])
                for (const TensorIndex input : op.inputs)
                    if (input.isValid())
                        leads[input.position()] = true;
        }
        for (std::size_t i = 0; i < m_twin.pairing.operators.size(); ++i) {
            OperatorPair &pair = m_twin.pairing.operators[i];
            if (!pair.floatOperator.isValid())
                continue;
            const Operator &op = graph.op(pair.floatOperator);
            if (isProven[pair.floatOperator.position()]) {
                ++m_provenCount;
                if (pair.rule == PairingRule::SameDataFlow && m_layer[op.outputs.front().position()].isValid())
                    pair = {pair.floatOperator, PairingRule::SameValues, 1.0, {}};
                continue;
            }
            const bool isOpen = !m_keras.isComplete();
            pair = {{}, PairingRule::None, 0.0,
                    isOpen ? "it follows layers whose computation the Keras file does not tell" : "its float values are not those of any layer of the Keras model"};
            m_unproven.push_back(placeOf(m_quantized.main(), OperatorIndex(i)));
        }
        m_twin.model = std::move(model);
    }

    const LoweredKeras &m_keras;
    FloatTwin &m_twin;
    const Model &m_quantized;
    bool m_isNarrow = false; ///< probes from 0 to 1
    std::vector<std::vector<Values>> m_layerValues; ///< by probe and tensor of the lowered model
    std::vector<std::vector<Values>> m_twinValues;
    std::vector<TensorIndex> m_layer; ///< by tensor of the twin
    std::size_t m_provenCount = 0;
    std::vector<std::string> m_unproven;
};

void addLayerFindings(const LoweredKeras &keras, std::vector<Finding> &findings)
{
    for (const UnknownLayer &layer : keras.unknown) {
        const std::string what = fmt::format("Layer {} ({}): {}.", layer.name, layer.className, layer.why);
        if (layer.isInferred)
            findings.push_back({.id = "keras-layer-inferred", .severity = Severity::Note, .title = "A layer was inferred from the quantized model",
                                .evidence = what + " The quantized model's operators of that name stand for it.", .subject = "float model"});
        else
            findings.push_back({.id = "keras-layer-unknown", .severity = Severity::Warning, .title = "A layer of the Keras model cannot be run",
                                .evidence = what, .remedy = "Convert the float model to .tflite without optimizations and open both as a pair.", .subject = "float model"});
    }
}

} // namespace

Result<KerasPair> pairKeras(const KerasFile &file, const std::shared_ptr<const Model> &quantized)
{
    QL_TRY(const LoweredKeras keras, lowerKeras(file, quantized.get()));
    auto made = makeFloatTwin(keras, *quantized);
    if (!made)
        return fail(made.error().inFile(file.file));
    FloatTwin twin = std::move(*made);
    Check check(keras, twin, *quantized);
    if (auto checked = check(); !checked)
        return fail(checked.error().inFile(file.file));

    KerasPair pair;
    addLayerFindings(keras, pair.findings);
    if (!check.unproven().empty())
        pair.findings.push_back({.id = "keras-unpaired", .severity = Severity::Warning, .title = "Part of the quantized model has no counterpart in the Keras model",
                                 .evidence = fmt::format("{} of {} operators, first {}.", check.unproven().size(), check.unproven().size() + check.provenCount(), check.unproven().front()),
                                 .subject = "float model"});
    pair.floatModel = twin.model;
    pair.pairing = std::move(twin.pairing);
    return pair;
}

} // namespace quantloupe
