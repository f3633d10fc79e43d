// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/data_flow.h"

namespace quantloupe {
namespace {

/// x -> FIRST -> a -> SECOND -> b, with a constant c and a variable v at hand.
Subgraph chain()
{
    Subgraph graph;
    for (const char *name : {"x", "a", "b", "c", "v"})
        graph.tensors.push_back({.name = name, .shape = {1}});
    graph.tensors[3].constant = ConstantData::copyOf(std::as_bytes(std::span("1234", 4)));
    graph.tensors[4].isVariable = true;
    graph.inputs = {TensorIndex(0)};
    graph.outputs = {TensorIndex(2)};
    graph.operators.push_back({.name = "FIRST", .inputs = {TensorIndex(0), TensorIndex(3)}, .outputs = {TensorIndex(1)}});
    graph.operators.push_back({.name = "SECOND", .inputs = {TensorIndex(1), TensorIndex(), TensorIndex(4)}, .outputs = {TensorIndex(2)}});
    return graph;
}

std::string refusal(const Subgraph &graph)
{
    const auto checked = checkDataFlow(graph);
    return checked ? std::string() : checked.error().message();
}

TEST(DataFlow, aChainOfOperatorsIsInOrder)
{
    EXPECT_EQ(refusal(chain()), "");
}

TEST(DataFlow, readingBeforeProducingIsRefused)
{
    Subgraph graph = chain();
    std::swap(graph.operators[0], graph.operators[1]);
    EXPECT_EQ(refusal(graph), "the model contradicts itself at operator 0 SECOND: expected a tensor that is known by then, got tensor 1 (a), which operator 1 FIRST produces");
}

TEST(DataFlow, aLoopIsRefused)
{
    Subgraph graph = chain();
    graph.operators[0].inputs.push_back(TensorIndex(2));
    EXPECT_NE(refusal(graph), "");
}

TEST(DataFlow, twoProducersOfOneTensorAreRefused)
{
    Subgraph graph = chain();
    graph.operators[1].outputs.push_back(TensorIndex(1));
    graph.operators[1].inputs.clear();
    EXPECT_EQ(refusal(graph), "the model contradicts itself at operator 1 SECOND: expected one producer a tensor, got tensor 1 (a), which operator 0 FIRST produces already");
}

TEST(DataFlow, anInputThatIsAlsoTheOutputIsRefused)
{
    Subgraph graph = chain();
    graph.operators[0].inputs[0] = TensorIndex(1);
    EXPECT_EQ(refusal(graph), "the model contradicts itself at operator 0 FIRST: expected outputs apart from the inputs, got tensor 1 (a) as both");
    graph = chain();
    graph.operators[0].outputs[0] = TensorIndex(0);
    EXPECT_EQ(refusal(graph), "the model contradicts itself at operator 0 FIRST: expected outputs apart from the inputs, got tensor 0 (x) as both");
}

TEST(DataFlow, writingConstantsAndVariablesIsRefused)
{
    Subgraph graph = chain();
    graph.operators[1].outputs.push_back(TensorIndex(3));
    EXPECT_EQ(refusal(graph), "the model contradicts itself at operator 1 SECOND: expected a tensor to compute as output, got tensor 3 (c), a constant");
    graph.operators[1].inputs.clear();
    graph.operators[1].outputs.back() = TensorIndex(4);
    EXPECT_EQ(refusal(graph), "the model contradicts itself at operator 1 SECOND: expected a tensor to compute as output, got tensor 4 (v), a variable");
}

TEST(DataFlow, anInputWithAValueOfItsOwnIsRefused)
{
    Subgraph graph = chain();
    graph.inputs.push_back(TensorIndex(3));
    EXPECT_NE(refusal(graph), "");
}

TEST(DataFlow, anOutputThatNothingProducesIsRefused)
{
    Subgraph graph = chain();
    graph.operators.pop_back();
    EXPECT_EQ(refusal(graph), "the model contradicts itself at the graph's outputs: expected a tensor that is known by then, got tensor 2 (b), which nothing produces");
}

Model modelThatCalls(std::int64_t callee)
{
    Model model;
    model.subgraphs = {chain(), chain(), chain()};
    model.subgraphs[0].operators[0].options.set("then_subgraph_index", std::int64_t{1});
    model.subgraphs[1].operators[1].options.set("body_subgraph_index", callee);
    return model;
}

TEST(SubgraphCalls, callsThatEndAreFine)
{
    EXPECT_TRUE(checkSubgraphCalls(modelThatCalls(2)));
}

TEST(SubgraphCalls, recursionIsRefused)
{
    EXPECT_FALSE(checkSubgraphCalls(modelThatCalls(0)));
    EXPECT_FALSE(checkSubgraphCalls(modelThatCalls(1)));
}

TEST(SubgraphCalls, subgraphsThatDoNotExistAreRefused)
{
    const auto checked = checkSubgraphCalls(modelThatCalls(3));
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().message(), "the model contradicts itself at subgraph 1, operator 1 SECOND, body_subgraph_index: expected a subgraph below 3, got 3");
    EXPECT_FALSE(checkSubgraphCalls(modelThatCalls(-1)));
}

} // namespace
} // namespace quantloupe
