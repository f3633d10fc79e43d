// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/outline.h"

#include <algorithm>

namespace quantloupe {
namespace {

/// Builds a graph by name: op("ADD", {"x", "#c"}, "y"); '#' marks a constant, and what nothing produced before is an input.
class GraphText {
public:
    GraphText &op(const char *name, std::vector<std::string> inputs, const char *output)
    {
        Operator added{.name = name};
        for (const std::string &input : inputs)
            added.inputs.push_back(tensor(input, true));
        added.outputs = {tensor(output, false)};
        m_graph.operators.push_back(std::move(added));
        return *this;
    }
    GraphText &shape(const char *name, Shape shape)
    {
        m_graph.tensors[tensor(name, true).position()].shape = std::move(shape);
        return *this;
    }
    Subgraph ends(const char *output)
    {
        m_graph.outputs = {tensor(output, false)};
        return m_graph;
    }

private:
    TensorIndex tensor(const std::string &name, bool isRead)
    {
        const auto found = std::find_if(m_graph.tensors.begin(), m_graph.tensors.end(), [&](const Tensor &each) { return each.name == name; });
        if (found != m_graph.tensors.end())
            return TensorIndex(static_cast<std::size_t>(found - m_graph.tensors.begin()));
        m_graph.tensors.push_back({.name = name, .shape = {1}});
        const TensorIndex index(m_graph.tensors.size() - 1);
        if (name.starts_with('#'))
            m_graph.tensors.back().constant = ConstantData::copyOf(std::as_bytes(std::span("1234", 4)));
        else if (isRead)
            m_graph.inputs.push_back(index);
        return index;
    }

    Subgraph m_graph;
};

/// What the converter of TensorFlow 2.16 makes of LayerNormalization (seen in spoken_digits).
GraphText &normalize(GraphText &graph, const std::string &x, const std::string &path, const char *output)
{
    const auto in = [&](const char *name) { return path + name; };
    return graph.op("MEAN", {x, "#axes"}, in("/mean").c_str())
        .op("SQUARED_DIFFERENCE", {x, in("/mean")}, in("/difference").c_str())
        .op("MEAN", {in("/difference"), "#axes"}, in("/variance").c_str())
        .op("ADD", {in("/variance"), "#epsilon"}, in("/add").c_str())
        .op("RSQRT", {in("/add")}, in("/rsqrt").c_str())
        .op("MUL", {in("/rsqrt"), "#gamma"}, in("/mul").c_str())
        .op("MUL", {x, in("/mul")}, in("/mul_1").c_str())
        .op("MUL", {in("/mean"), in("/mul")}, in("/mul_2").c_str())
        .op("SUB", {"#beta", in("/mul_2")}, in("/sub").c_str())
        .op("ADD", {in("/mul_1"), in("/sub")}, output);
}

bool allOpen(const Block &) { return true; }

std::vector<std::string> titles(const Outline &outline)
{
    std::vector<std::string> titles;
    for (const auto &node : outline.nodes)
        titles.push_back(node.title);
    return titles;
}

TEST(Blocks, aDecomposedLayerNormalizationEndsBeforeTheResidual)
{
    GraphText graph;
    graph.op("RELU", {"x"}, "model/relu");
    normalize(graph, "model/relu", "model/norm", "model/norm/add_1").op("ADD", {"model/norm/add_1", "model/relu"}, "model/sum");
    const Subgraph subgraph = graph.ends("model/sum");
    const auto blocks = findBlocks(subgraph);
    ASSERT_EQ(blocks.size(), 1u);
    EXPECT_EQ(blocks[0].kind, BlockKind::LayerNormalization);
    EXPECT_EQ(blocks[0].name, "model/norm");
    EXPECT_EQ(blocks[0].operators.size(), 10u);
    const Outline outline = outlineOf(subgraph, {});
    EXPECT_EQ(titles(outline), (std::vector<std::string>{"input", "RELU", "LayerNormalization", "ADD", "output"}));
    EXPECT_EQ(outline.edges.size(), 5u);
    EXPECT_EQ(outlineOf(subgraph, allOpen).nodes.size(), 14u);
}

TEST(Blocks, aConvolutionTakesItsNormalizationAndActivation)
{
    const Subgraph graph = GraphText().op("CONV_2D", {"x", "#w"}, "c").op("MUL", {"c", "#s"}, "m").op("ADD", {"m", "#b"}, "a").op("RELU", {"a"}, "r").op("RELU", {"r"}, "y").ends("y");
    const auto blocks = findBlocks(graph);
    ASSERT_EQ(blocks.size(), 1u);
    EXPECT_EQ(blocks[0].title, "CONV_2D + MUL + ADD + RELU");
}

TEST(Blocks, aConvolutionThatIsReadTwiceStaysAlone)
{
    EXPECT_TRUE(findBlocks(GraphText().op("CONV_2D", {"x", "#w"}, "c").op("RELU", {"c"}, "r").op("ADD", {"c", "r"}, "y").ends("y")).empty());
    EXPECT_TRUE(findBlocks(GraphText().op("CONV_2D", {"x", "#w"}, "c").op("ADD", {"c", "x2"}, "y").ends("y")).empty());
}

Subgraph unrolled(int steps)
{
    GraphText graph;
    std::string state = "#zero";
    for (int step = 0; step < steps; ++step) {
        const std::string at = std::to_string(step);
        graph.op("STRIDED_SLICE", {"x", "#begin" + at}, ("x" + at).c_str())
            .op("FULLY_CONNECTED", {"x" + at, "#kernel"}, ("rnn/k" + at).c_str())
            .op("FULLY_CONNECTED", {state, "#recurrent"}, ("rnn/r" + at).c_str())
            .op("ADD", {"rnn/k" + at, "rnn/r" + at}, ("rnn/a" + at).c_str())
            .op("TANH", {"rnn/a" + at}, ("rnn/h" + at).c_str());
        state = "rnn/h" + at;
    }
    graph.shape("#recurrent", {12, 4}).shape("#kernel", {12, 9});
    return graph.ends(state.c_str());
}

TEST(Blocks, stepsThatFollowEachOtherAreOneRecurrence)
{
    const auto blocks = findBlocks(unrolled(5));
    ASSERT_EQ(blocks.size(), 1u);
    EXPECT_EQ(blocks[0].kind, BlockKind::UnrolledRecurrence);
    EXPECT_EQ(blocks[0].title, "GRU, 5 steps");
    EXPECT_EQ(blocks[0].name, "rnn");
    EXPECT_TRUE(findBlocks(unrolled(2)).empty());
}

TEST(Outline, aFoldedBlockMovesBehindAllThatItReads)
{
    const Outline outline = outlineOf(unrolled(4), {});
    int blocks = 0;
    for (const auto &node : outline.nodes)
        blocks += node.kind == Outline::NodeKind::Block;
    EXPECT_EQ(blocks, 1);
    for (const LayoutEdge &edge : outline.edges)
        EXPECT_LT(edge.from, edge.to);
}

TEST(Outline, thirtyThousandOperatorsAreLaidOut)
{
    const Outline outline = outlineOf(unrolled(6000), allOpen);
    EXPECT_EQ(outline.nodes.size(), 30002u);
    EXPECT_EQ(outline.layout.layer.size(), 30002u);
}

TEST(LayeredLayout, nodesStandBelowWhatTheyReadAndApart)
{
    // A diamond with a short cut and a late input.
    const std::vector<LayoutEdge> edges{{0, 1}, {0, 2}, {1, 4}, {2, 4}, {0, 4}, {3, 4}};
    const LayeredLayout layout = layoutInLayers(5, edges);
    EXPECT_EQ(layout.layer, (std::vector<int>{0, 1, 1, 1, 2}));
    ASSERT_EQ(layout.rows.size(), 3u);
    const auto &row = layout.rows[1];
    for (std::size_t i = 1; i < row.size(); ++i)
        EXPECT_GE(layout.x[static_cast<std::size_t>(row[i])] - layout.x[static_cast<std::size_t>(row[i - 1])], 1.0 - 1e-9);
    EXPECT_EQ(layout.bends[4].size(), 1u);
    EXPECT_GE(*std::min_element(layout.x.begin(), layout.x.end()), 0.0);
}

TEST(LayeredLayout, aChainIsStraight)
{
    std::vector<LayoutEdge> edges;
    for (int i = 0; i + 1 < 50; ++i)
        edges.push_back({i, i + 1});
    const LayeredLayout layout = layoutInLayers(50, edges);
    EXPECT_EQ(layout.width, 0.0);
    EXPECT_EQ(layout.layer.back(), 49);
}

TEST(LayeredLayout, aSkipOverManyLayersIsLeftStraight)
{
    std::vector<LayoutEdge> edges;
    for (int i = 0; i + 1 < 50; ++i)
        edges.push_back({i, i + 1});
    edges.push_back({0, 49});
    EXPECT_TRUE(layoutInLayers(50, edges).bends.back().empty());
    EXPECT_EQ(layoutInLayers(0, {}).width, 0.0);
}

} // namespace
} // namespace quantloupe
