// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/tflite_builder.h"

#include <algorithm>

namespace quantloupe::test {

TfliteBuilder::TfliteBuilder()
{
    m_model.version = 3;
    m_model.description = "built for a test";
    m_model.subgraphs.push_back(std::make_unique<fbs::SubGraphT>());
    m_model.buffers.push_back(std::make_unique<fbs::BufferT>()); // the empty one
    graph().name = "main";
}

std::int32_t TfliteBuilder::tensor(TensorSpec spec)
{
    auto tensor = std::make_unique<fbs::TensorT>();
    tensor->name = std::move(spec.name);
    tensor->shape = std::move(spec.shape);
    tensor->type = static_cast<std::int8_t>(spec.type);
    tensor->is_variable = spec.isVariable;
    if (!spec.scales.empty()) {
        tensor->quantization = std::make_unique<fbs::QuantizationParametersT>();
        tensor->quantization->zero_point = spec.zeroPoints.empty() ? std::vector<std::int64_t>(spec.scales.size()) : std::move(spec.zeroPoints);
        tensor->quantization->scale = std::move(spec.scales);
        tensor->quantization->quantized_dimension = spec.axis;
    }
    if (spec.data) {
        tensor->buffer = static_cast<std::uint32_t>(m_model.buffers.size());
        auto buffer = std::make_unique<fbs::BufferT>();
        for (const std::byte byte : *spec.data)
            buffer->data.push_back(static_cast<std::uint8_t>(byte));
        m_model.buffers.push_back(std::move(buffer));
    }
    graph().tensors.push_back(std::move(tensor));
    return static_cast<std::int32_t>(graph().tensors.size()) - 1;
}

fbs::OperatorT &TfliteBuilder::op(fbs::BuiltinOperator code, std::vector<std::int32_t> inputs, std::vector<std::int32_t> outputs)
{
    auto row = std::make_unique<fbs::OperatorCodeT>();
    row->deprecated_builtin_code = static_cast<std::int8_t>(std::min(static_cast<int>(code), 127));
    row->builtin_code = static_cast<std::int32_t>(code);
    auto added = std::make_unique<fbs::OperatorT>();
    added->opcode_index = static_cast<std::uint32_t>(m_model.operator_codes.size());
    added->inputs = std::move(inputs);
    added->outputs = std::move(outputs);
    m_model.operator_codes.push_back(std::move(row));
    graph().operators.push_back(std::move(added));
    return *graph().operators.back();
}

fbs::OperatorT &TfliteBuilder::custom(std::string code, std::vector<std::int32_t> inputs, std::vector<std::int32_t> outputs)
{
    fbs::OperatorT &added = op(fbs::BuiltinOperator::CUSTOM, std::move(inputs), std::move(outputs));
    m_model.operator_codes.back()->custom_code = std::move(code);
    return added;
}

TfliteBuilder &TfliteBuilder::ends(std::vector<std::int32_t> inputs, std::vector<std::int32_t> outputs)
{
    graph().inputs = std::move(inputs);
    graph().outputs = std::move(outputs);
    return *this;
}

Bytes TfliteBuilder::bytes() const
{
    flatbuffers::FlatBufferBuilder builder;
    builder.ForceDefaults(false);
    fbs::FinishModelBuffer(builder, fbs::Model::Pack(builder, &m_model));
    const auto span = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
    return {span.begin(), span.end()};
}

TfliteBuilder smallQuantizedModel()
{
    TfliteBuilder builder;
    const auto x = builder.tensor({.name = "x", .shape = {1, 4}, .type = DataType::Int8, .scales = {0.5f}, .zeroPoints = {-1}});
    const auto w = builder.tensor({.name = "dense/kernel", .shape = {2, 4}, .type = DataType::Int8, .scales = {0.01f, 0.02f},
                                   .data = bytesOfValues<std::int8_t>({10, -20, 30, -40, 50, -60, 70, -80})});
    const auto b = builder.tensor({.name = "dense/bias", .shape = {2}, .type = DataType::Int32, .scales = {0.005f, 0.01f}, .data = bytesOfValues<std::int32_t>({100, -100})});
    const auto y = builder.tensor({.name = "dense/BiasAdd", .shape = {1, 2}, .type = DataType::Int8, .scales = {0.25f}, .zeroPoints = {3}});
    const auto z = builder.tensor({.name = "softmax", .shape = {1, 2}, .type = DataType::Int8, .scales = {1.0f / 256.0f}, .zeroPoints = {-128}});
    builder.op(fbs::BuiltinOperator::FULLY_CONNECTED, {x, w, b}, {y}, fbs::FullyConnectedOptionsT{});
    fbs::SoftmaxOptionsT softmax;
    softmax.beta = 1.0f;
    builder.op(fbs::BuiltinOperator::SOFTMAX, {y}, {z}, softmax);
    builder.ends({x}, {z});
    return builder;
}

TfliteBuilder smallDynamicRangeModel()
{
    TfliteBuilder builder = smallFloatModel();
    const auto weights = builder.tensor({.name = "dense/kernel8", .shape = {2, 4}, .type = DataType::Int8, .scales = {0.01f}, .data = Bytes(8)});
    builder.graph().operators[0]->inputs[1] = weights;
    return builder;
}

TfliteBuilder smallFloatModel()
{
    TfliteBuilder builder;
    const auto x = builder.tensor({.name = "x", .shape = {1, 4}});
    const auto w = builder.tensor({.name = "dense/kernel", .shape = {2, 4}, .data = bytesOfValues<float>({0.1f, -0.2f, 0.3f, -0.4f, 1.0f, -1.2f, 1.4f, -1.6f})});
    const auto b = builder.tensor({.name = "dense/bias", .shape = {2}, .data = bytesOfValues<float>({0.5f, -1.0f})});
    const auto y = builder.tensor({.name = "dense/BiasAdd", .shape = {1, 2}});
    const auto z = builder.tensor({.name = "softmax", .shape = {1, 2}});
    builder.op(fbs::BuiltinOperator::FULLY_CONNECTED, {x, w, b}, {y}, fbs::FullyConnectedOptionsT{});
    fbs::SoftmaxOptionsT softmax;
    softmax.beta = 1.0f;
    builder.op(fbs::BuiltinOperator::SOFTMAX, {y}, {z}, softmax);
    builder.ends({x}, {z});
    return builder;
}

} // namespace quantloupe::test
