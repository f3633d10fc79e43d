// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/data_flow.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace quantloupe {
namespace {

tl::unexpected<Error> invalid(std::string expected, std::string got)
{
    return fail(ErrorCode::ModelInvalid, {.expected = std::move(expected), .got = std::move(got)});
}

class DataFlow {
public:
    explicit DataFlow(const Subgraph &subgraph) : m_subgraph(subgraph), m_known(subgraph.tensors.size()), m_producer(subgraph.tensors.size()) {}

    Result<void> check()
    {
        QL_CHECK(startFromInputs());
        for (std::size_t i = 0; i < m_subgraph.operators.size(); ++i)
            if (auto checked = checkOperator(OperatorIndex(i)); !checked)
                return fail(checked.error().at(placeOf(m_subgraph, OperatorIndex(i))));
        for (const TensorIndex output : m_subgraph.outputs)
            if (!m_known[output.position()])
                return fail(neverProduced(output).at("the graph's outputs"));
        return {};
    }

private:
    Result<void> startFromInputs()
    {
        for (std::size_t i = 0; i < m_known.size(); ++i)
            m_known[i] = m_subgraph.tensors[i].isConstant() || m_subgraph.tensors[i].isVariable;
        for (const TensorIndex input : m_subgraph.inputs) {
            const Tensor &tensor = m_subgraph.tensor(input);
            if (tensor.isConstant() || tensor.isVariable)
                return fail(Error{ErrorCode::ModelInvalid, {.place = placeOf(m_subgraph, input), .expected = "an input without a value of its own",
                                                            .got = tensor.isConstant() ? "a constant" : "a variable"}});
            m_known[input.position()] = true;
        }
        return {};
    }

    Result<void> checkOperator(OperatorIndex index)
    {
        const Operator &op = m_subgraph.op(index);
        for (const TensorIndex input : op.inputs)
            if (input.isValid() && !m_known[input.position()])
                return fail(std::ranges::find(op.outputs, input) != op.outputs.end() ? readsItsOutput(input) : neverProduced(input));
        for (const TensorIndex output : op.outputs) {
            if (m_known[output.position()] && !isOwnState(op, output))
                return alreadyKnown(op, output);
            m_known[output.position()] = true;
            m_producer[output.position()] = index;
        }
        return {};
    }

    /// CIRCULAR_BUFFER keeps what it remembers in its output.
    bool isOwnState(const Operator &op, TensorIndex output) const
    {
        return op.isCustom && m_subgraph.tensor(output).isVariable && !m_producer[output.position()].isValid() && std::ranges::find(op.inputs, output) == op.inputs.end();
    }

    Error readsItsOutput(TensorIndex tensor) const
    {
        return invalid("outputs apart from the inputs", placeOf(m_subgraph, tensor) + " as both").value();
    }

    /// Only for the message, so that the search is made once at most.
    Error neverProduced(TensorIndex tensor) const
    {
        std::string got = placeOf(m_subgraph, tensor) + ", which nothing produces";
        for (std::size_t i = 0; i < m_subgraph.operators.size(); ++i)
            if (const auto &outputs = m_subgraph.operators[i].outputs; std::ranges::find(outputs, tensor) != outputs.end())
                got = fmt::format("{}, which {} produces", placeOf(m_subgraph, tensor), placeOf(m_subgraph, OperatorIndex(i)));
        return invalid("a tensor that is known by then", std::move(got)).value();
    }

    tl::unexpected<Error> alreadyKnown(const Operator &op, TensorIndex output) const
    {
        const Tensor &tensor = m_subgraph.tensor(output);
        const OperatorIndex producer = m_producer[output.position()];
        const std::string place = placeOf(m_subgraph, output);
        if (std::ranges::find(op.inputs, output) != op.inputs.end())
            return fail(readsItsOutput(output));
        if (producer.isValid())
            return invalid("one producer a tensor", fmt::format("{}, which {} produces already", place, placeOf(m_subgraph, producer)));
        const std::string_view what = tensor.isConstant() ? "a constant" : tensor.isVariable ? "a variable" : "an input of the graph";
        return invalid("a tensor to compute as output", fmt::format("{}, {}", place, what));
    }

    const Subgraph &m_subgraph;
    std::vector<bool> m_known;
    std::vector<OperatorIndex> m_producer;
};

constexpr std::array<std::string_view, 6> kSubgraphOptions{
    "then_subgraph_index", "else_subgraph_index", "cond_subgraph_index", "body_subgraph_index", "init_subgraph_index", "subgraph",
};

class SubgraphCalls {
public:
    explicit SubgraphCalls(const Model &model) : m_model(model), m_calls(model.subgraphs.size()), m_callers(model.subgraphs.size()) {}

    Result<void> check()
    {
        for (std::size_t i = 0; i < m_calls.size(); ++i)
            QL_CHECK(collect(i));
        return checkAcyclic();
    }

private:
    Result<void> collect(std::size_t caller)
    {
        const Subgraph &subgraph = m_model.subgraphs[caller];
        for (std::size_t i = 0; i < subgraph.operators.size(); ++i)
            for (const auto &[name, value] : subgraph.operators[i].options.all())
                if (std::ranges::find(kSubgraphOptions, name) != kSubgraphOptions.end())
                    if (auto added = add(caller, std::get<std::int64_t>(value)); !added)
                        return fail(added.error().at(name).at(placeOf(subgraph, OperatorIndex(i))).at(fmt::format("subgraph {}", caller)));
        return {};
    }

    Result<void> add(std::size_t caller, std::int64_t callee)
    {
        if (callee < 0 || static_cast<std::size_t>(callee) >= m_calls.size())
            return invalid(fmt::format("a subgraph below {}", m_calls.size()), fmt::format("{}", callee));
        m_calls[caller].push_back(static_cast<std::size_t>(callee));
        ++m_callers[static_cast<std::size_t>(callee)];
        return {};
    }

    /// Takes away subgraphs that nobody left calls; a loop is what remains.
    Result<void> checkAcyclic()
    {
        std::vector<std::size_t> ready;
        for (std::size_t i = 0; i < m_callers.size(); ++i)
            if (m_callers[i] == 0)
                ready.push_back(i);
        for (std::size_t next = 0; next < ready.size(); ++next)
            for (const std::size_t callee : m_calls[ready[next]])
                if (--m_callers[callee] == 0)
                    ready.push_back(callee);
        for (std::size_t i = 0; i < m_callers.size(); ++i)
            if (m_callers[i] != 0)
                return fail(ErrorCode::ModelInvalid, {.place = fmt::format("subgraph {}", i), .expected = "subgraphs that end", .got = "one that runs itself again"});
        return {};
    }

    const Model &m_model;
    std::vector<std::vector<std::size_t>> m_calls;
    std::vector<std::size_t> m_callers;
};

} // namespace

Result<void> checkDataFlow(const Subgraph &subgraph)
{
    return DataFlow(subgraph).check();
}

Result<void> checkSubgraphCalls(const Model &model)
{
    return SubgraphCalls(model).check();
}

} // namespace quantloupe
