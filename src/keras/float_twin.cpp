// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/float_twin.h"

#include "graph/data_flow.h"
#include "keras/folded_weights.h"
#include "pairing/weight_distance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <unordered_map>

namespace quantloupe {
namespace {

/// Weights further apart than this share of their norm are not the same: int8 rounding costs about 0.01, per tensor up to
/// about 0.1 where one channel is much larger than the others.
constexpr double kSameWeights = 0.25;
/// Constants of at most this many elements that Keras does not name (the 6 of a ReLU6, an axis' length) may be the
/// quantized model's own.
constexpr std::size_t kMostAssumedElements = 64;

/// |a - b| / |b|
double distance(std::span<const float> a, std::span<const float> b)
{
    double difference = 0.0;
    double norm = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
        norm += static_cast<double>(b[i]) * b[i];
    }
    if (!std::isfinite(difference) || !std::isfinite(norm))
        return std::numeric_limits<double>::infinity();
    return norm > 0.0 ? std::sqrt(difference / norm) : (difference > 0.0 ? 1.0 : 0.0);
}

bool isCodes(const Tensor &tensor)
{
    return tensor.quant.isQuantized() && isQuantizable(tensor.type);
}

/// A float array of the Keras model that a constant of the quantized one may be.
struct KnownArray {
    std::string layer;
    std::span<const float> values;
};

/// All constants of the lowered model, their equal parts (the gates of recurrent kernels), and what a converter makes of
/// them: negated, inverted.
class KnownArrays {
public:
    explicit KnownArrays(const LoweredKeras &keras)
    {
        const Subgraph &graph = keras.model->main();
        for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
            const Tensor &tensor = graph.tensors[i];
            if (!tensor.isConstant() || tensor.type != DataType::Float32)
                continue;
            const std::string layer = keras.layerOf(TensorIndex(i));
            const std::vector<float> &values = keep(realValues(tensor));
            add(layer, values);
            addParts(layer, tensor.shape, values);
            if (values.size() > kMostDerived)
                continue;
            std::vector<float> negated(values.size());
            std::vector<float> inverted(values.size());
            std::ranges::transform(values, negated.begin(), std::negate<>());
            std::ranges::transform(values, inverted.begin(), [](float v) { return 1.0f / v; });
            add(layer, keep(std::move(negated)));
            if (std::ranges::all_of(values, [](float v) { return v != 0.0f; }))
                add(layer, keep(std::move(inverted)));
        }
    }

    /// The nearest of as many elements; null when none is as near as rounding explains.
    const KnownArray *nearest(std::span<const float> values, float scale) const
    {
        const auto found = m_byCount.find(values.size());
        if (found == m_byCount.end())
            return nullptr;
        const KnownArray *best = nullptr;
        double bestDistance = std::numeric_limits<double>::infinity();
        for (const KnownArray &known : found->second) {
            const double candidate = distance(values, known.values);
            if (candidate < bestDistance && (candidate < kNear || isWithinRounding(values, known.values, scale))) {
                best = &known;
                bestDistance = candidate;
            }
        }
        return best;
    }

private:
    static constexpr std::size_t kMostDerived = 4096;
    static constexpr double kNear = 0.05;

    static bool isWithinRounding(std::span<const float> a, std::span<const float> b, float scale)
    {
        for (std::size_t i = 0; i < a.size(); ++i)
            if (!(std::abs(a[i] - b[i]) <= 1.01f * scale))
                return false;
        return true;
    }

    const std::vector<float> &keep(std::vector<float> values)
    {
        m_kept.push_back(std::make_unique<std::vector<float>>(std::move(values)));
        return *m_kept.back();
    }

    void add(const std::string &layer, std::span<const float> values) { m_byCount[values.size()].push_back({layer, values}); }

    void addParts(const std::string &layer, const Shape &shape, std::span<const float> values)
    {
        if (shape.rank() < 1 || shape.rank() > 2)
            return;
        for (const std::size_t parts : {2, 3, 4}) {
            if (static_cast<std::size_t>(shape[0]) % parts != 0 || values.size() < parts)
                continue;
            const std::size_t length = values.size() / parts;
            for (std::size_t part = 0; part < parts; ++part)
                add(layer, values.subspan(part * length, length));
        }
        if (shape.rank() == 2 && shape[0] > 1 && shape[1] > 1 && values.size() <= (1 << 20)) { // of a matrix product written the other way round
            const auto rows = static_cast<std::size_t>(shape[0]);
            const auto columns = static_cast<std::size_t>(shape[1]);
            std::vector<float> turned(values.size());
            for (std::size_t r = 0; r < rows; ++r)
                for (std::size_t c = 0; c < columns; ++c)
                    turned[c * rows + r] = values[r * columns + c];
            add(layer, keep(std::move(turned)));
        }
    }

    std::vector<std::unique_ptr<std::vector<float>>> m_kept;
    std::unordered_map<std::size_t, std::vector<KnownArray>> m_byCount;
};

/// The LSTM operators of the lowered model: their twelve arrays belong together.
struct LstmWeights {
    std::string layer;
    std::array<std::vector<float>, 16> inputs; ///< by position of the operator's inputs
};

std::vector<LstmWeights> lstms(const LoweredKeras &keras)
{
    std::vector<LstmWeights> all;
    const Subgraph &graph = keras.model->main();
    for (const Operator &op : graph.operators) {
        if (op.name != "UNIDIRECTIONAL_SEQUENCE_LSTM")
            continue;
        LstmWeights weights;
        weights.layer = keras.layerOf(op.outputs.front());
        for (std::size_t i = 1; i < weights.inputs.size(); ++i)
            if (op.inputs[i].isValid())
                weights.inputs[i] = realValues(graph.tensor(op.inputs[i]));
        all.push_back(std::move(weights));
    }
    return all;
}

/// "input_1" of "serving_default_input_1:0" and "input_1_int8".
bool names(std::string_view tensor, std::string_view layer)
{
    const std::size_t at = tensor.find(layer);
    if (at == std::string_view::npos)
        return false;
    const char next = at + layer.size() < tensor.size() ? tensor[at + layer.size()] : ':';
    return next < '0' || next > '9';
}

class TwinMaker {
public:
    TwinMaker(const LoweredKeras &keras, const Model &quantized) : m_keras(keras), m_quantized(quantized), m_known(keras), m_foldings(foldings(keras)), m_lstms(lstms(keras)) {}

    Result<FloatTwin> operator()()
    {
        QL_CHECK(matchInputs());
        auto model = std::make_shared<Model>();
        model->file = m_keras.model->file;
        model->format = m_keras.model->format;
        model->description = m_keras.model->description;
        model->fileSize = m_keras.model->fileSize;
        const std::size_t count = m_quantized.main().operators.size();
        m_twin.pairing.operators.resize(count);
        m_twin.pairing.floatTensors.resize(m_quantized.main().tensors.size());
        m_twin.weights.resize(count);
        for (std::size_t i = 0; i < m_quantized.subgraphs.size(); ++i)
            model->subgraphs.push_back(copy(m_quantized.subgraphs[i], i == 0));
        QL_CHECK(checkWeights());
        if (auto checked = checkDataFlow(model->main()); !checked)
            return fail(checked.error().inFile(model->file));
        m_twin.model = std::move(model);
        return std::move(m_twin);
    }

private:
    Result<void> matchInputs()
    {
        const Subgraph &ours = m_keras.model->main();
        const Subgraph &theirs = m_quantized.main();
        const auto shapes = [](const Subgraph &graph) {
            std::vector<std::string> texts;
            for (const TensorIndex input : graph.inputs)
                texts.push_back(graph.tensor(input).shape.text());
            return fmt::format("{}", fmt::join(texts, ", "));
        };
        std::vector<TensorIndex> free(ours.inputs.begin(), ours.inputs.end());
        bool isMatched = ours.inputs.size() == theirs.inputs.size();
        for (std::size_t i = 0; isMatched && i < theirs.inputs.size(); ++i) {
            const Tensor &wanted = theirs.tensor(theirs.inputs[i]);
            const auto fits = [&](TensorIndex input) { return ours.tensor(input).shape == wanted.shape; };
            auto found = std::ranges::find_if(free, [&](TensorIndex input) { return fits(input) && names(wanted.name, ours.tensor(input).name); });
            if (found == free.end())
                found = std::ranges::find_if(free, fits);
            isMatched = found != free.end();
            if (isMatched) {
                m_twin.inputs.push_back(*found);
                free.erase(found);
            }
        }
        if (!isMatched)
            return fail(ErrorCode::ModelsDiffer, {.place = "the inputs", .expected = shapes(theirs) + " as in the quantized model", .got = shapes(ours) + " in the Keras model"});
        return {};
    }

    /// One subgraph in float. Conversions disappear: what reads their results reads what they convert.
    Subgraph copy(const Subgraph &from, bool isMain)
    {
        m_from = &from;
        m_isMain = isMain;
        m_to = {};
        m_to.name = from.name;
        m_map.assign(from.tensors.size(), TensorIndex());
        for (const TensorIndex input : from.inputs)
            m_to.inputs.push_back(tensor(input));
        for (std::size_t i = 0; i < from.operators.size(); ++i)
            copyOperator(OperatorIndex(i));
        for (const TensorIndex output : from.outputs)
            if (const TensorIndex copied = tensor(output); copied.isValid())
                m_to.outputs.push_back(copied);
        return std::move(m_to);
    }

    TensorIndex addTensor(Tensor added)
    {
        m_to.tensors.push_back(std::move(added));
        return TensorIndex(m_to.tensors.size() - 1);
    }

    TensorIndex addFloats(const std::string &name, const Shape &shape, std::span<const float> values)
    {
        return addTensor({.name = name, .shape = shape, .shapeSignature = {}, .quant = {}, .constant = ConstantData::copyOf(std::as_bytes(values))});
    }

    /// The float tensor of one that is computed, an input, a variable, or a constant that is no weight.
    TensorIndex tensor(TensorIndex index)
    {
        TensorIndex &mapped = m_map[index.position()];
        if (mapped.isValid())
            return mapped;
        const Tensor &from = m_from->tensor(index);
        if (from.isConstant() && isCodes(from)) {
            mapped = constant(from);
        } else {
            Tensor added = from;
            if (isCodes(from))
                added.type = DataType::Float32;
            added.quant = {};
            mapped = addTensor(std::move(added));
        }
        if (m_isMain)
            m_twin.pairing.floatTensors[index.position()] = mapped;
        return mapped;
    }

    /// A constant by its values: the Keras model's own where it has one like it. Invalid for large ones that it lacks.
    TensorIndex constant(const Tensor &from)
    {
        const std::vector<float> values = realValues(from);
        const float scale = *std::ranges::max_element(from.quant.scales);
        if (const KnownArray *const known = m_known.nearest(values, scale))
            return addFloats(known->layer, from.shape, known->values);
        if (values.empty() || values.size() > kMostAssumedElements)
            return {};
        m_twin.assumed.push_back(from.name);
        return addFloats(from.name, from.shape, values);
    }

    void copyOperator(OperatorIndex index)
    {
        const Operator &from = m_from->op(index);
        const bool hasOneEach = from.inputs.size() == 1 && from.outputs.size() == 1 && from.inputs.front().isValid();
        if (const TensorIndex source = isConversion(from) && hasOneEach ? tensor(from.inputs.front()) : TensorIndex(); source.isValid()) {
            m_map[from.outputs.front().position()] = source;
            if (m_isMain)
                m_twin.pairing.floatTensors[from.outputs.front().position()] = source;
            return;
        }
        Operator op = from;
        op.intermediates.clear();
        std::string whyNot;
        m_isReplaced.assign(op.inputs.size(), false);
        if (hasIntegerWeights(from))
            whyNot = linearWeights(index, op);
        else if (from.name == "UNIDIRECTIONAL_SEQUENCE_LSTM" && !m_lstms.empty())
            whyNot = lstmWeights(index, op);
        for (std::size_t i = 0; i < from.inputs.size() && whyNot.empty(); ++i) {
            if (!from.inputs[i].isValid() || m_isReplaced[i])
                continue;
            op.inputs[i] = tensor(from.inputs[i]);
            if (!op.inputs[i].isValid())
                whyNot = fmt::format("the Keras model has no weights like {} ({})", m_from->tensor(from.inputs[i]).name, m_from->tensor(from.inputs[i]).shape.text());
        }
        if (!whyNot.empty()) { // it stays in the graph as an operator that cannot run
            op.name = from.name + " without weights";
            op.isCustom = true;
            op.inputs.clear();
            for (const TensorIndex input : from.inputs)
                if (input.isValid() && !m_from->tensor(input).isConstant())
                    op.inputs.push_back(tensor(input));
        }
        for (TensorIndex &output : op.outputs)
            output = tensor(output);
        m_to.operators.push_back(std::move(op));
        if (!m_isMain)
            return;
        OperatorPair &pair = m_twin.pairing.operators[index.position()];
        if (whyNot.empty())
            pair = {OperatorIndex(m_to.operators.size() - 1), PairingRule::SameDataFlow, 0.9, {}};
        else
            pair.whyUnpaired = whyNot;
        if (whyNot.empty() && !m_twin.weights[index.position()].layer.empty()) {
            pair.rule = PairingRule::SameDataFlowWeights;
            pair.confidence = isNamedLike(from, m_twin.weights[index.position()].layer) ? 1.0 : 0.95;
        }
    }

    bool hasIntegerWeights(const Operator &op) const
    {
        if (!isLinear(op) || op.inputs.size() <= weightsPosition(op) || !op.inputs[weightsPosition(op)].isValid())
            return false;
        const Tensor &weights = m_from->tensor(op.inputs[weightsPosition(op)]);
        return weights.isConstant() && isCodes(weights);
    }

    /// The layer's name stands in the tensor's: "model/conv2d/Relu;model/batch_normalization/FusedBatchNormV3".
    bool isNamedLike(const Operator &op, const std::string &layers) const
    {
        const std::string layer = layers.substr(0, layers.find(" + "));
        return m_from->tensor(op.outputs.front()).name.find(layer.substr(layer.rfind('/') + 1)) != std::string::npos;
    }

    void replace(Operator &op, std::size_t position, TensorIndex with)
    {
        if (m_isMain)
            m_twin.pairing.floatTensors[op.inputs[position].position()] = with;
        op.inputs[position] = with;
        m_isReplaced[position] = true;
    }

    std::string linearWeights(OperatorIndex index, Operator &op)
    {
        const Tensor &kernel = m_from->tensor(op.inputs[weightsPosition(op)]);
        const std::size_t at = biasPosition(op);
        const bool hasBias = at < op.inputs.size() && op.inputs[at].isValid();
        const std::vector<float> weights = realValues(kernel);
        const std::vector<float> bias = hasBias ? realValues(m_from->tensor(op.inputs[at])) : std::vector<float>();
        const bool isDepthwise = op.name == "DEPTHWISE_CONV_2D";
        const FoldedWeights *best = nullptr;
        double bestScore = std::numeric_limits<double>::infinity();
        double bestDistance = bestScore;
        double nearest = bestScore;
        for (const FoldedWeights &folded : m_foldings) {
            if (folded.weights.size() != weights.size() || folded.isDepthwise != isDepthwise || (!bias.empty() && folded.bias.size() != bias.size()))
                continue;
            const double candidate = distance(weights, folded.weights);
            nearest = std::min(nearest, candidate);
            // The bias decides between ways of folding that leave the weights alike; it is exact to a small step.
            const double biasDistance = bias.empty() ? distance(std::vector<float>(folded.bias.size()), folded.bias) : std::min(distance(bias, folded.bias), 1.0);
            if (candidate < kSameWeights && candidate + 0.1 * biasDistance < bestScore) {
                best = &folded;
                bestScore = candidate + 0.1 * biasDistance;
                bestDistance = candidate;
            }
        }
        if (m_isMain) {
            ++m_linearCount;
            m_nearestOfUnmatched = best ? m_nearestOfUnmatched : std::min(m_nearestOfUnmatched, nearest);
        }
        if (!best) {
            if (m_isMain && m_firstUnmatched.empty())
                m_firstUnmatched = placeOf(*m_from, index);
            return std::isfinite(nearest) ? fmt::format("the Keras model has no layer with these weights: the nearest differ by {:.0f} %", nearest * 100.0)
                                          : fmt::format("the Keras model has no layer with weights of {} elements", weights.size());
        }
        if (m_isMain) {
            ++m_matchedCount;
            m_twin.weights[index.position()] = {best->layers, bestDistance};
        }
        replace(op, weightsPosition(op), addFloats(best->layers, kernel.shape, best->weights));
        if (hasBias)
            replace(op, at, addFloats(best->layers + "/bias", m_from->tensor(op.inputs[at]).shape, best->bias));
        return {};
    }

    std::string lstmWeights(OperatorIndex index, Operator &op)
    {
        const LstmWeights *best = nullptr;
        double bestDistance = kSameWeights;
        for (const LstmWeights &lstm : m_lstms) {
            double worst = 0.0;
            for (std::size_t i = 1; i <= 8 && i < op.inputs.size(); ++i) {
                if (!op.inputs[i].isValid())
                    continue;
                const auto values = realValues(m_from->tensor(op.inputs[i]));
                worst = values.size() == lstm.inputs[i].size() ? std::max(worst, distance(values, lstm.inputs[i])) : std::numeric_limits<double>::infinity();
                if (worst >= bestDistance)
                    break;
            }
            if (worst < bestDistance) {
                best = &lstm;
                bestDistance = worst;
            }
        }
        if (m_isMain)
            ++m_linearCount;
        if (!best) {
            if (m_isMain && m_firstUnmatched.empty())
                m_firstUnmatched = placeOf(*m_from, index);
            return "the Keras model has no LSTM with these weights";
        }
        if (m_isMain) {
            ++m_matchedCount;
            m_twin.weights[index.position()] = {best->layer, bestDistance};
        }
        for (std::size_t i = 1; i < best->inputs.size() && i < op.inputs.size(); ++i)
            if (op.inputs[i].isValid() && !best->inputs[i].empty())
                replace(op, i, addFloats(best->layer, m_from->tensor(op.inputs[i]).shape, best->inputs[i]));
        return {};
    }

    Result<void> checkWeights() const
    {
        if (m_linearCount == 0 || m_matchedCount * 2 > m_linearCount)
            return {};
        return fail(ErrorCode::ModelsDiffer, {.place = "", .expected = "the weights of the quantized model in the Keras one",
                                              .got = fmt::format("{} of {} operators found, first missing {}{}", m_matchedCount, m_linearCount, m_firstUnmatched,
                                                                 std::isfinite(m_nearestOfUnmatched) ? fmt::format(", where the nearest differ by {:.0f} %", m_nearestOfUnmatched * 100.0) : "")});
    }

    const LoweredKeras &m_keras;
    const Model &m_quantized;
    KnownArrays m_known;
    std::vector<FoldedWeights> m_foldings;
    std::vector<LstmWeights> m_lstms;
    FloatTwin m_twin;

    const Subgraph *m_from = nullptr; ///< the subgraph being copied
    bool m_isMain = false;
    Subgraph m_to;
    std::vector<TensorIndex> m_map; ///< by tensor of m_from
    std::vector<bool> m_isReplaced; ///< by input of the operator at hand: a weight that was found

    std::size_t m_linearCount = 0;
    std::size_t m_matchedCount = 0;
    std::string m_firstUnmatched;
    double m_nearestOfUnmatched = std::numeric_limits<double>::infinity();
};

} // namespace

Result<FloatTwin> makeFloatTwin(const LoweredKeras &keras, const Model &quantized)
{
    return TwinMaker(keras, quantized)();
}

} // namespace quantloupe
