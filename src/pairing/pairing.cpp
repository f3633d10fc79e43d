// SPDX-License-Identifier: GPL-3.0-or-later
#include "pairing/pairing.h"

#include "pairing/weight_distance.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <unordered_map>

namespace quantloupe {
namespace {

/// Weights further apart than this share of their norm are not the same: int8 rounding costs about 0.01.
constexpr double kSameWeights = 0.25;

/// The part of a tensor's name that both models share: converters append a running number to one of them, and
/// separators to the other.
std::string_view stem(std::string_view name)
{
    const auto last = name.find_last_not_of("0123456789;");
    return last == std::string_view::npos ? name : name.substr(0, last + 1);
}

class Matcher {
public:
    Matcher(const Subgraph &floats, const Subgraph &quantized) : m_floats(floats), m_quantized(quantized)
    {
        m_pairing.operators.resize(quantized.operators.size());
        m_pairing.floatTensors.resize(quantized.tensors.size());
        m_isTaken.assign(floats.operators.size(), false);
        m_readers.resize(floats.tensors.size());
        m_source.reserve(floats.tensors.size());
        for (std::size_t i = 0; i < floats.tensors.size(); ++i)
            m_source.push_back(TensorIndex(i));
        for (std::size_t i = 0; i < floats.operators.size(); ++i)
            addFloatOperator(OperatorIndex(i));
    }

    Result<void> pairInputs()
    {
        const auto describe = [](const Subgraph &graph) {
            std::vector<std::string> shapes;
            for (const TensorIndex input : graph.inputs)
                shapes.push_back(graph.tensor(input).shape.text());
            return fmt::format("{}", fmt::join(shapes, ", "));
        };
        const bool areEqual = std::ranges::equal(m_floats.inputs, m_quantized.inputs, [&](TensorIndex f, TensorIndex q) {
            return m_floats.tensor(f).shape == m_quantized.tensor(q).shape;
        });
        if (!areEqual)
            return fail(ErrorCode::ModelsDiffer, {.place = "the inputs", .expected = describe(m_quantized) + " as in the quantized model", .got = describe(m_floats)});
        for (std::size_t i = 0; i < m_quantized.inputs.size(); ++i)
            setTensor(m_quantized.inputs[i], m_floats.inputs[i]);
        return {};
    }

    void pairOperators()
    {
        for (std::size_t i = 0; i < m_quantized.operators.size(); ++i) {
            const Operator &op = m_quantized.operators[i];
            if (isConversion(op))
                setTensor(op.outputs.front(), m_pairing.floatTensors[op.inputs.front().position()]);
            else
                pairOperator(OperatorIndex(i));
        }
    }

    Pairing takePairing() { return std::move(m_pairing); }

private:
    void addFloatOperator(OperatorIndex index)
    {
        const Operator &op = m_floats.op(index);
        if (isConversion(op)) { // float16 weights: the tensor behind the DEQUANTIZE is the constant
            m_source[op.outputs.front().position()] = m_source[op.inputs.front().position()];
            return;
        }
        TensorIndex first; // an operator is looked up by one of its computed inputs; without one it has none to follow
        for (const TensorIndex input : op.inputs)
            if (input.isValid() && !m_floats.tensor(input).isConstant() && !m_floats.tensor(input).isVariable) {
                m_readers[source(input).position()].push_back(index);
                first = input;
            }
        if (!first.isValid())
            m_withoutInputs.push_back(index);
        m_byName[nameKey(op, m_floats)].push_back(index);
    }

    static std::string nameKey(const Operator &op, const Subgraph &graph) { return fmt::format("{}\n{}", op.name, stem(graph.tensor(op.outputs.front()).name)); }

    /// Float operators that read the pair of the first computed input of `op`.
    std::span<const OperatorIndex> followers(const Operator &op) const
    {
        for (const TensorIndex input : op.inputs) {
            if (!input.isValid() || m_quantized.tensor(input).isConstant() || m_quantized.tensor(input).isVariable)
                continue;
            const TensorIndex pair = source(m_pairing.floatTensors[input.position()]);
            return pair.isValid() ? std::span<const OperatorIndex>(m_readers[pair.position()]) : std::span<const OperatorIndex>();
        }
        return m_withoutInputs;
    }

    void setTensor(TensorIndex quantized, TensorIndex floats) { m_pairing.floatTensors[quantized.position()] = floats; }

    /// The float side's tensor behind conversions.
    TensorIndex source(TensorIndex floats) const { return floats.isValid() ? m_source[floats.position()] : floats; }

    bool hasSameOutputs(const Operator &q, const Operator &f) const
    {
        return std::ranges::equal(q.outputs, f.outputs, [&](TensorIndex a, TensorIndex b) { return m_quantized.tensor(a).shape == m_floats.tensor(b).shape; });
    }

    /// Every computed input of the one is paired with the input of the other in the same place (or, of two inputs, in
    /// the other place).
    bool hasSameInputs(const Operator &q, const Operator &f) const
    {
        if (q.inputs.size() != f.inputs.size())
            return false;
        const auto meets = [&](TensorIndex a, TensorIndex b) {
            if (a.isValid() != b.isValid())
                return false;
            if (!a.isValid())
                return true;
            const Tensor &left = m_quantized.tensor(a);
            if (left.isConstant() || left.isVariable)
                return left.isVariable == m_floats.tensor(b).isVariable;
            const TensorIndex pair = m_pairing.floatTensors[a.position()];
            return pair.isValid() && source(pair) == source(b);
        };
        if (std::ranges::equal(q.inputs, f.inputs, meets))
            return true;
        return (q.name == "ADD" || q.name == "MUL") && meets(q.inputs[0], f.inputs[1]) && meets(q.inputs[1], f.inputs[0]);
    }

    bool hasSameName(const Operator &q, const Operator &f) const
    {
        return stem(m_quantized.tensor(q.outputs.front()).name) == stem(m_floats.tensor(f.outputs.front()).name);
    }

    void pairOperator(OperatorIndex index)
    {
        const Operator &op = m_quantized.op(index);
        OperatorPair &pair = m_pairing.operators[index.position()];
        std::vector<OperatorIndex> sameFlow;
        for (const OperatorIndex candidate : followers(op)) {
            const Operator &f = m_floats.op(candidate);
            if (f.name == op.name && isFree(candidate) && hasSameOutputs(op, f) && hasSameInputs(op, f) && !std::ranges::count(sameFlow, candidate))
                sameFlow.push_back(candidate);
        }
        std::vector<OperatorIndex> sameName;
        if (const auto named = m_byName.find(nameKey(op, m_quantized)); sameFlow.empty() && named != m_byName.end())
            std::ranges::copy_if(named->second, std::back_inserter(sameName), [&](OperatorIndex f) { return isFree(f) && hasSameOutputs(op, m_floats.op(f)); });
        if (sameFlow.size() == 1)
            take(index, sameFlow.front(), PairingRule::SameDataFlow, hasSameName(op, m_floats.op(sameFlow.front())) ? 1.0 : 0.95);
        else if (sameFlow.size() > 1)
            chooseAmong(index, sameFlow);
        else if (sameName.size() == 1)
            take(index, sameName.front(), PairingRule::SameName, 0.7);
        else
            pair.whyUnpaired = fmt::format("the float model has no {} of shape {} in the same place", op.name, m_quantized.tensor(op.outputs.front()).shape.text());
    }

    bool isFree(OperatorIndex floats) const { return !m_isTaken[floats.position()]; }

    void chooseAmong(OperatorIndex index, const std::vector<OperatorIndex> &candidates)
    {
        const Operator &op = m_quantized.op(index);
        std::vector<OperatorIndex> named;
        std::ranges::copy_if(candidates, std::back_inserter(named), [&](OperatorIndex f) { return hasSameName(op, m_floats.op(f)); });
        if (named.size() == 1)
            return take(index, named.front(), PairingRule::SameDataFlowName, 0.95);
        OperatorIndex best;
        double bestDistance = kSameWeights;
        for (const OperatorIndex candidate : candidates) {
            const double distance = weightDistance(m_quantized, op, m_floats, m_floats.op(candidate)).value_or(1.0);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        if (best.isValid())
            take(index, best, PairingRule::SameDataFlowWeights, 0.95);
        else // equal operators on equal data without weights compute the same: any of them will do
            take(index, candidates.front(), PairingRule::SameDataFlow, 0.8);
    }

    void take(OperatorIndex quantized, OperatorIndex floats, PairingRule rule, double confidence)
    {
        const Operator &q = m_quantized.op(quantized);
        const Operator &f = m_floats.op(floats);
        m_pairing.operators[quantized.position()] = {floats, rule, confidence, {}};
        m_isTaken[floats.position()] = true;
        for (std::size_t i = 0; i < q.outputs.size(); ++i)
            setTensor(q.outputs[i], f.outputs[i]);
        for (std::size_t i = 0; i < std::min(q.inputs.size(), f.inputs.size()); ++i)
            if (q.inputs[i].isValid() && f.inputs[i].isValid() && m_quantized.tensor(q.inputs[i]).isConstant())
                setTensor(q.inputs[i], source(f.inputs[i]));
    }

    const Subgraph &m_floats;
    const Subgraph &m_quantized;
    Pairing m_pairing;
    std::vector<bool> m_isTaken;         ///< by float operator
    std::vector<TensorIndex> m_source;   ///< by float tensor: what it is before conversions
    std::vector<std::vector<OperatorIndex>> m_readers; ///< by float tensor (its source)
    std::vector<OperatorIndex> m_withoutInputs;        ///< float operators on constants and variables only
    std::unordered_map<std::string, std::vector<OperatorIndex>> m_byName;
};

/// Paired operators whose weights are unlike each other show that the two files hold different networks.
Result<void> checkWeights(const Subgraph &floats, const Subgraph &quantized, const Pairing &pairing)
{
    std::size_t compared = 0;
    std::size_t different = 0;
    std::string worst;
    for (std::size_t i = 0; i < pairing.operators.size(); ++i) {
        const OperatorIndex pair = pairing.operators[i].floatOperator;
        if (!pair.isValid())
            continue;
        const auto distance = weightDistance(quantized, quantized.operators[i], floats, floats.op(pair));
        if (!distance)
            continue;
        ++compared;
        if (*distance > kSameWeights && different++ == 0)
            worst = fmt::format("{} whose weights differ by {:.0f} %", placeOf(quantized, OperatorIndex(i)), *distance * 100.0);
    }
    if (compared > 0 && different * 2 > compared)
        return fail(ErrorCode::ModelsDiffer, {.expected = "the same weights up to rounding", .got = fmt::format("{} of {} operators unlike, first {}", different, compared, worst)});
    return {};
}

} // namespace

std::string_view name(PairingRule rule)
{
    switch (rule) {
    case PairingRule::None: return "unpaired";
    case PairingRule::SameDataFlow: return "same data flow";
    case PairingRule::SameDataFlowName: return "same data flow and name";
    case PairingRule::SameDataFlowWeights: return "same data flow and weights";
    case PairingRule::SameValues: return "same data flow and values";
    case PairingRule::SameName: return "same name";
    }
    return {};
}

std::size_t Pairing::pairedCount() const
{
    return static_cast<std::size_t>(std::ranges::count_if(operators, [](const OperatorPair &pair) { return pair.floatOperator.isValid(); }));
}

bool isConversion(const Operator &op)
{
    return op.name == "QUANTIZE" || op.name == "DEQUANTIZE";
}

Result<Pairing> pairModels(const Model &floatModel, const Model &quantizedModel)
{
    Matcher matcher(floatModel.main(), quantizedModel.main());
    QL_CHECK(matcher.pairInputs());
    matcher.pairOperators();
    Pairing pairing = matcher.takePairing();
    const auto comparable = std::ranges::count_if(quantizedModel.main().operators, [](const Operator &op) { return !isConversion(op); });
    if (comparable > 0 && pairing.pairedCount() * 4 < static_cast<std::size_t>(comparable))
        return fail(ErrorCode::ModelsDiffer, {.expected = "the operators of the quantized model in the float one",
                                              .got = fmt::format("{} of {} found", pairing.pairedCount(), comparable)});
    QL_CHECK(checkWeights(floatModel.main(), quantizedModel.main(), pairing));
    return pairing;
}

} // namespace quantloupe
