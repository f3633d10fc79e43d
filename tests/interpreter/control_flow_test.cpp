// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops, branches and variables beyond what the goldens hold: what the reference would never come back from, and shapes
// that change on the way.
#include "interpreter/interpreter.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::says;

namespace {

TensorIndex add(Subgraph &graph, const Shape &shape, DataType type)
{
    Tensor tensor;
    tensor.shape = shape;
    tensor.type = type;
    graph.tensors.push_back(std::move(tensor));
    return TensorIndex(graph.tensors.size() - 1);
}

TensorIndex input(Subgraph &graph, const Shape &shape, DataType type)
{
    graph.inputs.push_back(add(graph, shape, type));
    return graph.inputs.back();
}

template <typename T> TensorIndex constant(Subgraph &graph, const Shape &shape, const std::vector<T> &values)
{
    const TensorIndex index = add(graph, shape, dataTypeOf<T>);
    graph.tensors[index.position()].constant = ConstantData::copyOf(std::as_bytes(std::span(values)));
    return index;
}

Operator &op(Subgraph &graph, std::string name, std::vector<TensorIndex> inputs, std::vector<TensorIndex> outputs)
{
    Operator added;
    added.name = std::move(name);
    added.inputs = std::move(inputs);
    added.outputs = std::move(outputs);
    graph.operators.push_back(std::move(added));
    return graph.operators.back();
}

/// A graph whose output is a bool whatever its inputs are.
Subgraph always(bool answer, std::initializer_list<std::pair<Shape, DataType>> inputs)
{
    Subgraph graph;
    for (const auto &[shape, type] : inputs)
        input(graph, shape, type);
    const TensorIndex result = add(graph, {}, DataType::Bool);
    graph.tensors[result.position()].constant = ConstantData::copyOf(std::as_bytes(std::span(&answer, 1)));
    graph.outputs = {result};
    return graph;
}

/// x -> WHILE(condition, body) -> y.
std::shared_ptr<Model> loop(const Shape &shape, Subgraph condition, Subgraph body)
{
    auto model = std::make_shared<Model>();
    model->subgraphs.resize(1);
    Subgraph &graph = model->subgraphs[0];
    const TensorIndex x = input(graph, shape, DataType::Int32);
    const TensorIndex y = add(graph, shape, DataType::Int32);
    Operator &repeat = op(graph, "WHILE", {x}, {y});
    repeat.options.set("cond_subgraph_index", std::int64_t{1});
    repeat.options.set("body_subgraph_index", std::int64_t{2});
    graph.outputs = {y};
    model->subgraphs.push_back(std::move(condition));
    model->subgraphs.push_back(std::move(body));
    return model;
}

Subgraph unchanged(const Shape &shape)
{
    Subgraph body;
    body.outputs = {input(body, shape, DataType::Int32)};
    return body;
}

/// v -> [v, v], as long as v is shorter than `most`.
std::shared_ptr<Model> doubling(std::int32_t most)
{
    Subgraph condition;
    const TensorIndex v = input(condition, {1}, DataType::Int32);
    const TensorIndex length = add(condition, {1}, DataType::Int32);
    const TensorIndex isShort = add(condition, {1}, DataType::Bool);
    op(condition, "SHAPE", {v}, {length});
    op(condition, "LESS", {length, constant<std::int32_t>(condition, {1}, {most})}, {isShort});
    condition.outputs = {isShort};
    Subgraph body;
    const TensorIndex once = input(body, {1}, DataType::Int32);
    const TensorIndex twice = add(body, {2}, DataType::Int32);
    op(body, "CONCATENATION", {once, once}, {twice});
    body.outputs = {twice};
    return loop({1}, std::move(condition), std::move(body));
}

std::shared_ptr<const PreparedModel> prepared(std::shared_ptr<const Model> model)
{
    const auto result = PreparedModel::prepare(std::move(model), KernelProfile::Litert, 4);
    return result ? *result : nullptr;
}

std::vector<std::int32_t> codes(std::span<const std::byte> bytes)
{
    std::vector<std::int32_t> values(bytes.size() / sizeof(std::int32_t));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

} // namespace

TEST(ControlFlow, aLoopWithoutEndIsGivenUp)
{
    Interpreter interpreter(prepared(loop({1}, always(true, {{{1}, DataType::Int32}}), unchanged({1}))));
    const auto done = interpreter.invoke(1);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::RuntimeFault);
    EXPECT_TRUE(says(done.error().message(), "loops that end"));
}

TEST(ControlFlow, aLoopIsCancelled)
{
    Interpreter interpreter(prepared(loop({1}, always(true, {{{1}, DataType::Int32}}), unchanged({1}))));
    std::stop_source stop;
    stop.request_stop();
    const auto done = interpreter.invoke(1, nullptr, stop.get_token());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::Cancelled);
}

TEST(ControlFlow, modelsWithLoopsRunOneSampleAtATime)
{
    EXPECT_EQ(prepared(loop({1}, always(false, {{{1}, DataType::Int32}}), unchanged({1})))->maxBatch(), 1u);
}

TEST(ControlFlow, aLoopThatNeverRunsGivesItsInputs)
{
    Interpreter interpreter(prepared(loop({2}, always(false, {{{2}, DataType::Int32}}), unchanged({2}))));
    const std::vector<std::int32_t> x{5, 6};
    std::memcpy(interpreter.input(0).data(), x.data(), 8);
    ASSERT_TRUE(interpreter.invoke(1));
    EXPECT_EQ(codes(interpreter.output(0)), x);
}

TEST(ControlFlow, tensorsMayGrowInALoop)
{
    const auto model = prepared(doubling(1 << 18)); // more shapes than are kept ready
    ASSERT_TRUE(model);
    Interpreter interpreter(model);
    for (int run = 0; run < 2; ++run) {
        const std::int32_t x = 7 + run;
        std::memcpy(interpreter.input(0).data(), &x, sizeof x);
        ASSERT_TRUE(interpreter.invoke(1));
        EXPECT_EQ(interpreter.shape(model->graph().outputs[0]), Shape{1 << 18});
        EXPECT_EQ(codes(interpreter.output(0)), std::vector<std::int32_t>(1 << 18, x));
    }
}

TEST(ControlFlow, aBodyThatSwapsItsInputsSwapsThem)
{
    // (counter, a, b) -> (counter + 1, b, a) while counter < 3
    Subgraph condition;
    const TensorIndex c = input(condition, {1}, DataType::Int32);
    input(condition, {1}, DataType::Int32);
    input(condition, {1}, DataType::Int32);
    const TensorIndex isLess = add(condition, {1}, DataType::Bool);
    op(condition, "LESS", {c, constant<std::int32_t>(condition, {1}, {3})}, {isLess});
    condition.outputs = {isLess};
    Subgraph body;
    const TensorIndex counter = input(body, {1}, DataType::Int32);
    const TensorIndex a = input(body, {1}, DataType::Int32);
    const TensorIndex b = input(body, {1}, DataType::Int32);
    const TensorIndex next = add(body, {1}, DataType::Int32);
    op(body, "ADD", {counter, constant<std::int32_t>(body, {1}, {1})}, {next});
    body.outputs = {next, b, a};

    auto model = loop({1}, std::move(condition), std::move(body));
    Subgraph &graph = model->subgraphs[0];
    for (int i = 0; i < 2; ++i) {
        graph.operators[0].inputs.push_back(input(graph, {1}, DataType::Int32));
        graph.operators[0].outputs.push_back(add(graph, {1}, DataType::Int32));
    }
    graph.outputs = graph.operators[0].outputs;
    Interpreter interpreter(prepared(model));
    for (std::int32_t i = 0; i < 3; ++i) {
        const std::int32_t value = 10 * i;
        std::memcpy(interpreter.input(static_cast<std::size_t>(i)).data(), &value, sizeof value);
    }
    ASSERT_TRUE(interpreter.invoke(1));
    EXPECT_EQ(codes(interpreter.output(0)), (std::vector<std::int32_t>{3}));
    EXPECT_EQ(codes(interpreter.output(1)), (std::vector<std::int32_t>{20}));
    EXPECT_EQ(codes(interpreter.output(2)), (std::vector<std::int32_t>{10}));
}

TEST(ControlFlow, aSubgraphThatDoesNotFitIsRefused)
{
    const auto refused = [](std::shared_ptr<const Model> model) {
        const auto result = PreparedModel::prepare(std::move(model), KernelProfile::Litert, 1);
        return result ? std::string() : result.error().message();
    };
    EXPECT_TRUE(says(refused(loop({1}, always(true, {}), unchanged({1}))), "1 inputs") || says(refused(loop({1}, always(true, {}), unchanged({1}))), "0 inputs"));
    EXPECT_TRUE(says(refused(loop({1}, always(true, {{{1}, DataType::Float32}}), unchanged({1}))), "float32 for"));
    EXPECT_TRUE(says(refused(loop({1}, unchanged({1}), unchanged({1}))), "one bool"));
    auto missing = loop({1}, always(true, {{{1}, DataType::Int32}}), unchanged({1}));
    missing->subgraphs.pop_back();
    EXPECT_TRUE(says(refused(missing), "one of 2 subgraphs"));
}

TEST(ControlFlow, anOperatorNobodyKnowsInABodyLeavesTheLoopOut)
{
    Subgraph body;
    const TensorIndex x = input(body, {1}, DataType::Int32);
    const TensorIndex y = add(body, {1}, DataType::Int32);
    op(body, "NOBODY_KNOWS", {x}, {y});
    body.outputs = {y};
    const auto model = prepared(loop({1}, always(true, {{{1}, DataType::Int32}}), std::move(body)));
    ASSERT_TRUE(model);
    ASSERT_TRUE(model->op(OperatorIndex(0)).missing);
    EXPECT_TRUE(says(model->op(OperatorIndex(0)).missing->message(), "is not computed"));
}
