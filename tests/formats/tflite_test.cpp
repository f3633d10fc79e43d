// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/tflite.h"

#include "support/tflite_builder.h"

#include <chrono>
#include <cmath>
#include <limits>
#include <random>

namespace quantloupe::test {
namespace {

Result<std::shared_ptr<const Model>> read(const Bytes &bytes)
{
    return readTflite(share(bytes), "small.tflite");
}

Result<std::shared_ptr<const Model>> read(const TfliteBuilder &builder)
{
    return read(builder.bytes());
}

/// The message of a refusal; empty when the model opened.
std::string refusal(const TfliteBuilder &builder)
{
    const auto model = read(builder);
    return model ? std::string() : model.error().message();
}

TEST(Tflite, aSmallModelIsReadWhole)
{
    const auto model = read(smallQuantizedModel());
    ASSERT_TRUE(model) << model.error().message();
    const Subgraph &graph = (*model)->main();
    ASSERT_EQ(graph.operators.size(), 2u);
    EXPECT_EQ(graph.operators[0].name, "FULLY_CONNECTED");
    EXPECT_EQ(graph.operators[1].name, "SOFTMAX");
    EXPECT_EQ(graph.operators[1].options.real("beta"), 1.0);
    EXPECT_EQ(graph.tensors[1].name, "dense/kernel");
    EXPECT_EQ(graph.tensors[1].shape.text(), "2x4");
    EXPECT_EQ(graph.tensors[1].quant.scales, (std::vector<float>{0.01f, 0.02f}));
    EXPECT_EQ(graph.tensors[3].quant.zeroPoint(), 3);
    EXPECT_EQ((*model)->description, "built for a test");
    EXPECT_EQ(kindOf(**model), ModelKind::Quantized);
}

TEST(Tflite, alignedConstantsPointIntoTheFile)
{
    flatbuffers::FlatBufferBuilder builder;
    builder.ForceVectorAlignment(64, 1, 16);
    const auto data = builder.CreateVector(std::vector<std::uint8_t>(64, 7));
    const std::vector buffers{fbs::CreateBuffer(builder), fbs::CreateBuffer(builder, data)};
    const auto shape = builder.CreateVector(std::vector<std::int32_t>{64});
    const std::vector tensors{fbs::CreateTensor(builder, shape, 9, 1)};
    const std::vector subgraphs{fbs::CreateSubGraph(builder, builder.CreateVector(tensors))};
    const auto subgraphList = builder.CreateVector(subgraphs);
    fbs::FinishModelBuffer(builder, fbs::CreateModel(builder, 3, 0, subgraphList, 0, builder.CreateVector(buffers)));
    const SharedBytes file = share(std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize())));
    const auto model = readTflite(file, "aligned.tflite");
    ASSERT_TRUE(model) << model.error().message();
    const auto constant = (*model)->main().tensors[0].constant.bytes;
    EXPECT_TRUE(constant.data() > file.data() && constant.data() < file.data() + file.size());
}

TEST(Tflite, constantsAreAligned)
{
    const auto model = read(smallQuantizedModel());
    ASSERT_TRUE(model);
    for (const Tensor &tensor : (*model)->main().tensors)
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.constant.bytes.data()) % 16, 0u);
}

TEST(Tflite, unalignedBytesAreCopiedFirst)
{
    const Bytes bytes = smallQuantizedModel().bytes();
    Bytes shifted(bytes.size() + 1);
    std::ranges::copy(bytes, shifted.begin() + 1);
    const SharedBytes whole = share(shifted);
    const auto model = readTflite({whole.owner, whole.bytes.subspan(1)}, "small.tflite");
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_EQ((*model)->main().tensors[2].constant.bytes.size(), 8u);
}

TEST(Tflite, optionsCarryTheDefaultsOfTheSchema)
{
    TfliteBuilder builder;
    const auto x = builder.tensor({.name = "x", .shape = {1, 4, 4, 1}});
    const auto y = builder.tensor({.name = "y", .shape = {1, 4, 4, 1}});
    fbs::Conv2DOptionsT options;
    options.stride_w = 2;
    builder.op(fbs::BuiltinOperator::CONV_2D, {x, x, -1}, {y}, options);
    const auto model = read(builder.ends({x}, {y}));
    ASSERT_TRUE(model) << model.error().message();
    const Operator &op = (*model)->main().operators.front();
    EXPECT_EQ(op.options.integer("stride_w"), 2);
    EXPECT_EQ(op.options.integer("dilation_w_factor"), 1);
    EXPECT_EQ(op.options.all().size(), 7u);
    EXPECT_FALSE(op.inputs[2].isValid());
}

TEST(Tflite, anOperatorWithoutOptionsGetsTheDefaultsOfItsTable)
{
    TfliteBuilder builder = smallFloatModel();
    builder.op(fbs::BuiltinOperator::ADD, {0, 0}, {builder.tensor({.name = "sum", .shape = {1, 4}})});
    const auto model = read(builder);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_TRUE((*model)->main().operators.back().options.boolean("pot_scale_int16"));
}

TEST(Tflite, optionListsAndTextsAreRead)
{
    TfliteBuilder builder = smallFloatModel();
    fbs::ReshapeOptionsT reshape;
    reshape.new_shape = {4, -1};
    builder.op(fbs::BuiltinOperator::RESHAPE, {0}, {builder.tensor({.name = "r", .shape = {4, 1}})}, reshape);
    fbs::BucketizeOptionsT bucketize;
    bucketize.boundaries = {0.5f, 2.0f};
    builder.op(fbs::BuiltinOperator::BUCKETIZE, {0}, {builder.tensor({.name = "b", .shape = {1, 4}, .type = DataType::Int32})}, bucketize);
    fbs::VarHandleOptionsT handle;
    handle.shared_name = "state";
    builder.op(fbs::BuiltinOperator::VAR_HANDLE, {}, {builder.tensor({.name = "v", .type = DataType::Resource})}, handle);
    const auto model = read(builder);
    ASSERT_TRUE(model) << model.error().message();
    const auto &operators = (*model)->main().operators;
    EXPECT_TRUE(std::ranges::equal(operators[2].options.integers("new_shape"), std::vector<std::int64_t>{4, -1}));
    EXPECT_TRUE(std::ranges::equal(operators[3].options.reals("boundaries"), std::vector<double>{0.5, 2.0}));
    EXPECT_EQ(operators[4].options.text("shared_name"), "state");
}

TEST(Tflite, optionsOfTheSecondUnionAreRead)
{
    TfliteBuilder builder = smallFloatModel();
    fbs::OperatorT &op = builder.op(fbs::BuiltinOperator::REDUCE_WINDOW, {0}, {builder.tensor({.name = "r", .shape = {1, 4}})});
    fbs::ReduceWindowOptionsT options;
    options.reduce_function = 3;
    op.builtin_options_2.Set(options);
    const auto model = read(builder);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_EQ((*model)->main().operators.back().options.integer("reduce_function"), 3);
}

TEST(Tflite, anUnknownBuiltinOperatorIsNamedByItsNumber)
{
    TfliteBuilder builder = smallFloatModel();
    builder.model().operator_codes[1]->builtin_code = 5000;
    const auto model = read(builder);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_EQ((*model)->main().operators[1].name, "BUILTIN_5000");
}

TEST(Tflite, filesThatOnlyFillTheOldOperatorCodeAreRead)
{
    TfliteBuilder builder = smallFloatModel();
    for (auto &code : builder.model().operator_codes)
        code->builtin_code = 0;
    const auto model = read(builder);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_EQ((*model)->main().operators[0].name, "FULLY_CONNECTED");
}

TEST(Tflite, customOperatorsOpenUnderTheirCode)
{
    TfliteBuilder builder = smallFloatModel();
    fbs::OperatorT &op = builder.custom("NumericVerify", {0}, {builder.tensor({.name = "verified", .shape = {1, 4}})});
    op.custom_options = {1, 2, 3};
    const auto model = read(builder);
    ASSERT_TRUE(model) << model.error().message();
    const Operator &read = (*model)->main().operators.back();
    EXPECT_EQ(read.name, "NumericVerify");
    EXPECT_TRUE(read.isCustom);
    EXPECT_EQ(read.customOptions.bytes.size(), 3u);
}

TEST(Tflite, aCustomOperatorCannotPassForABuiltinOne)
{
    TfliteBuilder builder = smallFloatModel();
    builder.custom("ADD", {0}, {builder.tensor({.name = "c", .shape = {1, 4}})});
    const auto model = read(builder);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_EQ((*model)->main().operators.back().name, "custom:ADD");
}

TEST(Tflite, metadataIsFoundByName)
{
    TfliteBuilder builder = smallFloatModel();
    builder.model().metadata.push_back(std::make_unique<fbs::MetadataT>());
    builder.model().metadata[0]->name = "min_runtime_version";
    builder.model().metadata[0]->buffer = 1;
    const auto model = read(builder);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_EQ((*model)->metadata.at("min_runtime_version").bytes.size(), 32u);
}

TEST(Tflite, aConstantWithoutElementsNeedsNoBytes)
{
    TfliteBuilder builder = smallFloatModel();
    const auto shape = builder.tensor({.name = "shape", .shape = {0}, .type = DataType::Int32});
    builder.op(fbs::BuiltinOperator::RESHAPE, {0, shape}, {builder.tensor({.name = "scalar"})});
    const auto model = read(builder);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_TRUE((*model)->main().tensors[static_cast<std::size_t>(shape)].isConstant());
}

TEST(Tflite, fourBitConstantsArePackedTwoInAByte)
{
    TfliteBuilder builder = smallFloatModel();
    builder.tensor({.name = "w", .shape = {5}, .type = DataType::Int4, .scales = {1.0f}, .data = Bytes(3)});
    EXPECT_EQ(refusal(builder), "");
}

TEST(Tflite, dataAfterTheFlatbufferIsReadWhenItLiesInTheFile)
{
    TfliteBuilder builder = smallFloatModel();
    fbs::BufferT &buffer = *builder.model().buffers[1];
    buffer.data.clear();
    buffer.offset = 1; // so that the size of the file does not change below
    buffer.size = 32;
    const std::size_t size = builder.bytes().size();
    buffer.offset = (size + 15) / 16 * 16;
    Bytes bytes = builder.bytes();
    bytes.resize((bytes.size() + 15) / 16 * 16);
    ASSERT_EQ(bytes.size(), buffer.offset);
    bytes.resize(bytes.size() + 32, std::byte{0x3f});
    const auto model = read(bytes);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_EQ((*model)->main().tensors[1].constant.bytes[31], std::byte{0x3f});
}

// --- What is refused, each with the sentence that says why. ---

TEST(TfliteRefuses, anotherFormat)
{
    const auto model = read(toBytes("PK\x03\x04 and something more"));
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::FormatUnknown);
}

TEST(TfliteRefuses, anotherVersionOfTheFormat)
{
    TfliteBuilder builder = smallFloatModel();
    builder.model().version = 4;
    EXPECT_EQ(refusal(builder), "small.tflite: something in the model is not supported at format version: expected 3, got 4");
}

TEST(TfliteRefuses, aModelWithoutSubgraphs)
{
    TfliteBuilder builder = smallFloatModel();
    builder.model().subgraphs.clear();
    EXPECT_EQ(refusal(builder), "small.tflite: the model contradicts itself: expected at least one subgraph, got none");
}

TEST(TfliteRefuses, anOperandOutOfRange)
{
    TfliteBuilder builder = smallFloatModel();
    builder.graph().operators[0]->inputs[1] = 99;
    EXPECT_EQ(refusal(builder), "small.tflite: the model contradicts itself at subgraph 0, operator 0 FULLY_CONNECTED: expected tensor indices below 5, got 99");
    builder.graph().operators[0]->inputs[1] = -2;
    EXPECT_NE(refusal(builder), "");
}

TEST(TfliteRefuses, anOutputLeftOut)
{
    TfliteBuilder builder = smallFloatModel();
    builder.graph().operators[0]->outputs[0] = -1;
    EXPECT_NE(refusal(builder), "");
    builder = smallFloatModel();
    builder.graph().outputs[0] = -1;
    EXPECT_NE(refusal(builder), "");
    builder = smallFloatModel();
    builder.graph().inputs[0] = 5;
    EXPECT_NE(refusal(builder), "");
}

TEST(TfliteRefuses, anOperatorCodeOutOfRange)
{
    TfliteBuilder builder = smallFloatModel();
    builder.graph().operators[0]->opcode_index = 2;
    EXPECT_EQ(refusal(builder), "small.tflite: the model contradicts itself at subgraph 0, operator 0: expected an operator code below 2, got 2");
}

TEST(TfliteRefuses, aBufferOutOfRange)
{
    TfliteBuilder builder = smallFloatModel();
    builder.graph().tensors[1]->buffer = 77;
    EXPECT_EQ(refusal(builder), "small.tflite: the model contradicts itself at subgraph 0, tensor 1 (dense/kernel): expected a buffer below 3, got buffer 77");
}

TEST(TfliteRefuses, aConstantWhoseBytesAreNotItsShape)
{
    TfliteBuilder builder = smallFloatModel();
    builder.graph().tensors[1]->shape = {2, 5};
    EXPECT_EQ(refusal(builder),
              "small.tflite: the model contradicts itself at subgraph 0, tensor 1 (dense/kernel): expected 40 bytes of data for float32 2x5, got 32");
}

TEST(TfliteRefuses, aMissingBuffer)
{
    TfliteBuilder builder = smallFloatModel();
    builder.graph().tensors[1]->buffer = 0;
    EXPECT_EQ(refusal(builder), "small.tflite: the model contradicts itself at subgraph 0, operator 0 FULLY_CONNECTED: expected a tensor that is known by then, "
                                "got tensor 1 (dense/kernel), which nothing produces");
}

TEST(TfliteRefuses, shapesThatAreTooLarge)
{
    TfliteBuilder builder = smallFloatModel();
    builder.graph().tensors[3]->shape = {65536, 65536};
    EXPECT_NE(refusal(builder), "");
    builder.graph().tensors[3]->shape = std::vector<std::int32_t>(9, 1);
    EXPECT_NE(refusal(builder), "");
    builder.graph().tensors[3]->shape = {1, -2};
    EXPECT_NE(refusal(builder), "");
}

TEST(TfliteRefuses, elementTypesNobodyKnows)
{
    TfliteBuilder builder = smallFloatModel();
    builder.graph().tensors[3]->type = 100;
    EXPECT_NE(refusal(builder), "");
    builder.graph().tensors[3]->type = -1;
    EXPECT_NE(refusal(builder), "");
}

TEST(TfliteRefuses, scalesThatDoNotFitTheShape)
{
    TfliteBuilder builder = smallQuantizedModel();
    builder.graph().tensors[1]->quantization->scale = {1.0f, 2.0f, 3.0f};
    builder.graph().tensors[1]->quantization->zero_point = {0, 0, 0};
    EXPECT_EQ(refusal(builder), "small.tflite: the model contradicts itself at subgraph 0, tensor 1 (dense/kernel): expected 1 scale, or 2 for 2x4 along dimension 0, got 3 scales");
}

TEST(TfliteRefuses, aQuantizedDimensionOutOfRange)
{
    TfliteBuilder builder = smallQuantizedModel();
    builder.graph().tensors[1]->quantization->quantized_dimension = 2;
    EXPECT_NE(refusal(builder), "");
    builder.graph().tensors[1]->quantization->quantized_dimension = -1;
    EXPECT_NE(refusal(builder), "");
}

TEST(TfliteRefuses, scalesThatAreNotFiniteOrNegative)
{
    for (const float scale : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -0.5f}) {
        TfliteBuilder builder = smallQuantizedModel();
        builder.graph().tensors[3]->quantization->scale = {scale};
        EXPECT_NE(refusal(builder), "") << scale;
    }
}

TEST(Tflite, aScaleOfZeroOpens)
{
    TfliteBuilder builder = smallQuantizedModel();
    builder.graph().tensors[1]->quantization->scale = {0.0f, 0.02f};
    EXPECT_EQ(refusal(builder), "");
}

TEST(Tflite, missingZeroPointsAreZero)
{
    TfliteBuilder builder = smallQuantizedModel();
    builder.graph().tensors[1]->quantization->zero_point.clear();
    const auto model = read(builder);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_EQ((*model)->main().tensors[1].quant.zeroPoints, (std::vector<std::int64_t>{0, 0}));
}

TEST(TfliteRefuses, zeroPointsOutsideTheType)
{
    TfliteBuilder builder = smallQuantizedModel();
    builder.graph().tensors[3]->quantization->zero_point = {128};
    EXPECT_EQ(refusal(builder), "small.tflite: the model contradicts itself at subgraph 0, tensor 3 (dense/BiasAdd): expected zero points in -128..127 for int8, got 128");
}

TEST(TfliteRefuses, anotherNumberOfZeroPointsThanScales)
{
    TfliteBuilder builder = smallQuantizedModel();
    builder.graph().tensors[1]->quantization->zero_point = {0};
    EXPECT_NE(refusal(builder), "");
}

TEST(TfliteRefuses, sparseTensors)
{
    TfliteBuilder builder = smallFloatModel();
    builder.graph().tensors[1]->sparsity = std::make_unique<fbs::SparsityParametersT>();
    EXPECT_EQ(refusal(builder), "small.tflite: something in the model is not supported at subgraph 0, tensor 1 (dense/kernel): a sparse tensor");
}

TEST(TfliteRefuses, aVariableWithData)
{
    TfliteBuilder builder = smallFloatModel();
    builder.graph().tensors[1]->is_variable = true;
    EXPECT_NE(refusal(builder), "");
}

TEST(TfliteRefuses, booleansThatAreNeither)
{
    TfliteBuilder builder = smallFloatModel();
    builder.tensor({.name = "mask", .shape = {2}, .type = DataType::Bool, .data = bytesOfValues<std::uint8_t>({1, 2})});
    EXPECT_NE(refusal(builder), "");
}

TEST(TfliteRefuses, externalDataOutsideTheFile)
{
    for (const auto &[offset, size] : {std::pair<std::uint64_t, std::uint64_t>{1u << 20, 32}, {~0ull - 8, 32}, {16, ~0ull}}) {
        TfliteBuilder builder = smallFloatModel();
        builder.model().buffers[1]->data.clear();
        builder.model().buffers[1]->offset = offset;
        builder.model().buffers[1]->size = size;
        EXPECT_NE(refusal(builder), "") << offset;
    }
    TfliteBuilder builder = smallFloatModel();
    builder.custom("Big", {0}, {builder.tensor({.name = "c", .shape = {1, 4}})}).large_custom_options_offset = 1u << 30;
    EXPECT_NE(refusal(builder), "");
}

TEST(TfliteRefuses, metadataInNoBuffer)
{
    TfliteBuilder builder = smallFloatModel();
    builder.model().metadata.push_back(std::make_unique<fbs::MetadataT>());
    builder.model().metadata[0]->name = "SL_PARAMSv1";
    builder.model().metadata[0]->buffer = 12;
    EXPECT_EQ(refusal(builder), "small.tflite: the model contradicts itself at metadata SL_PARAMSv1: expected a buffer below 3, got buffer 12");
}

TEST(TfliteRefuses, aCustomOperatorWithoutAName)
{
    TfliteBuilder builder = smallFloatModel();
    builder.op(fbs::BuiltinOperator::CUSTOM, {0}, {builder.tensor({.name = "c", .shape = {1, 4}})});
    EXPECT_NE(refusal(builder), "");
}

/// 2,000 operators that all point at one list of 100,000 operands: 0.5 MB that would become 800 MB.
TEST(TfliteRefuses, oneListSharedByThousandsOfOperators)
{
    flatbuffers::FlatBufferBuilder builder;
    const auto operands = builder.CreateVector(std::vector<std::int32_t>(100000, 0));
    const auto shape = builder.CreateVector(std::vector<std::int32_t>{1});
    const std::vector tensors{fbs::CreateTensor(builder, shape)};
    std::vector<flatbuffers::Offset<fbs::Operator>> operators;
    for (int i = 0; i < 2000; ++i)
        operators.push_back(fbs::CreateOperator(builder, 0, operands));
    const std::vector codes{fbs::CreateOperatorCode(builder, 9)};
    const std::vector subgraphs{fbs::CreateSubGraph(builder, builder.CreateVector(tensors), builder.CreateVector(std::vector<std::int32_t>{0}), 0, builder.CreateVector(operators))};
    fbs::FinishModelBuffer(builder, fbs::CreateModel(builder, 3, builder.CreateVector(codes), builder.CreateVector(subgraphs)));
    const auto model = readTflite(share(std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()))), "aliased.tflite");
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::ModelInvalid);
}

TEST(Tflite, thirtyThousandOperatorsOpenQuickly)
{
    TfliteBuilder builder;
    builder.tensor({.name = "x", .shape = {1, 4}});
    builder.model().operator_codes.push_back(std::make_unique<fbs::OperatorCodeT>());
    for (std::int32_t i = 0; i < 30000; ++i) {
        auto op = std::make_unique<fbs::OperatorT>();
        op->inputs = {i, 0};
        op->outputs = {builder.tensor({.name = "layer/tensor_" + std::to_string(i), .shape = {1, 4}, .scales = {0.5f}})};
        op->builtin_options.Set(fbs::AddOptionsT{});
        builder.graph().operators.push_back(std::move(op));
    }
    const Bytes bytes = builder.ends({0}, {30000}).bytes();
    const auto start = std::chrono::steady_clock::now();
    const auto model = read(bytes);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_LT(seconds.count(), 1.0);
}

TEST(TfliteBroken, everyTruncationIsRefused)
{
    const Bytes whole = smallQuantizedModel().bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const bool isOpen = read(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))).has_value();
        EXPECT_TRUE(!isOpen || size + 4 >= whole.size()) << size; // a file may lose padding at its end
    }
}

/// Must neither crash nor read outside the file (run under the asan preset, too). Whatever opens keeps its promises.
TEST(TfliteBroken, flippedBitsNeverCrash)
{
    const Bytes whole = smallQuantizedModel().bytes();
    constexpr unsigned seed = 20260101;
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    int opened = 0;
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        Bytes mutant = whole;
        mutant[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
        opened += read(mutant).has_value();
    }
    for (int i = 0; i < 20000; ++i) {
        Bytes mutant = whole;
        for (int changes = 0; changes < 4; ++changes)
            mutant[random() % mutant.size()] = static_cast<std::byte>(random());
        opened += read(mutant).has_value();
    }
    EXPECT_GT(opened, 0);
}

} // namespace
} // namespace quantloupe::test
