// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/tflite_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace quantloupe::tflite {
namespace {

tl::unexpected<Error> invalid(std::string expected, std::string got)
{
    return fail(ErrorCode::ModelInvalid, {.expected = std::move(expected), .got = std::move(got)});
}

tl::unexpected<Error> unsupported(std::string got)
{
    return fail(ErrorCode::FeatureUnsupported, {.got = std::move(got)});
}

Result<DataType> readType(std::int8_t type)
{
    if (type < 0 || type >= kDataTypeCount)
        return fail(ErrorCode::FeatureUnsupported, {.expected = fmt::format("an element type below {}", kDataTypeCount), .got = fmt::format("type {}", type)});
    return static_cast<DataType>(type);
}

std::span<const std::int32_t> spanOf(const flatbuffers::Vector<std::int32_t> *list)
{
    return list ? std::span(list->data(), list->size()) : std::span<const std::int32_t>();
}

/// Bytes that a constant of this type must have; nothing for types without a fixed size.
std::optional<std::uint64_t> byteCount(DataType type, const Shape &shape)
{
    const auto count = static_cast<std::uint64_t>(shape.elementCount());
    switch (type) {
    case DataType::Int4:
    case DataType::UInt4: return (count + 1) / 2; // two in a byte, the first in the low half
    case DataType::Int2: return (count + 3) / 4;
    case DataType::String: return std::nullopt;
    default: return count * elementSize(type); // 0 for resources and variants
    }
}

/// Anything but 0 and 1 is no value that a C++ bool can hold.
bool holdsBooleans(std::span<const std::byte> bytes)
{
    for (const std::byte byte : bytes)
        if (byte > std::byte{1})
            return false;
    return true;
}

Result<void> checkConstant(const Tensor &tensor)
{
    const auto bytes = byteCount(tensor.type, tensor.shape);
    if (bytes && *bytes != tensor.constant.bytes.size())
        return invalid(fmt::format("{} bytes of data for {} {}", *bytes, name(tensor.type), tensor.shape.text()), fmt::format("{}", tensor.constant.bytes.size()));
    if (tensor.isVariable)
        return invalid("a variable without data of its own", fmt::format("{} bytes", tensor.constant.bytes.size()));
    if (tensor.type == DataType::Bool && !holdsBooleans(tensor.constant.bytes))
        return invalid("booleans of 0 or 1", "other bytes");
    return {};
}

Result<void> readScales(const fbs::QuantizationParameters &from, Tensor &tensor, Allowance &allowance)
{
    const std::size_t count = from.scale()->size();
    const std::int32_t axis = from.quantized_dimension();
    if (axis < 0 || (tensor.shape.rank() > 0 && axis >= tensor.shape.rank()))
        return invalid(fmt::format("a quantized_dimension below {}", tensor.shape.rank()), fmt::format("{}", axis));
    const std::int32_t slices = tensor.shape.rank() > 0 ? tensor.shape[axis] : 1;
    if (count > 1 && count != static_cast<std::size_t>(slices))
        return invalid(fmt::format("1 scale, or {} for {} along dimension {}", slices, tensor.shape.text(), axis), fmt::format("{} scales", count));
    QL_CHECK(allowance.take(count * sizeof(float)));
    tensor.quant.axis = axis;
    tensor.quant.scales.assign(from.scale()->begin(), from.scale()->end());
    for (std::size_t i = 0; i < count; ++i)
        if (!std::isfinite(tensor.quant.scales[i]) || tensor.quant.scales[i] < 0.0f) // 0 is written for constants of zeros
            return invalid("finite scales of 0 or more", fmt::format("scale[{}] {}", i, tensor.quant.scales[i]));
    return {};
}

Result<void> readZeroPoints(const fbs::QuantizationParameters &from, Tensor &tensor, Allowance &allowance)
{
    const std::size_t count = tensor.quant.scales.size();
    tensor.quant.zeroPoints.assign(count, 0);
    const auto *list = from.zero_point();
    if (!list || list->size() == 0)
        return {};
    if (list->size() != count)
        return invalid(fmt::format("{} zero points, one a scale", count), fmt::format("{}", list->size()));
    QL_CHECK(allowance.take(count * sizeof(std::int64_t)));
    std::memcpy(tensor.quant.zeroPoints.data(), list->Data(), count * sizeof(std::int64_t)); // only 4-byte alignment is verified
    const IntegerRange range = integerRange(tensor.type);
    for (const std::int64_t zeroPoint : tensor.quant.zeroPoints)
        if (zeroPoint < range.min || zeroPoint > range.max)
            return invalid(fmt::format("zero points in {}..{} for {}", range.min, range.max, name(tensor.type)), fmt::format("{}", zeroPoint));
    return {};
}

/// The compressor of TensorFlow Lite Micro turns weights into bytes of an encoding and leaves them their scales.
bool isEncoding(const fbs::Tensor &from, const Tensor &tensor, const fbs::Model &file)
{
    if (tensor.type != DataType::UInt8 || tensor.shape.rank() != 1 || from.buffer() == 0 || !file.operator_codes())
        return false;
    return std::ranges::any_of(*file.operator_codes(), [](const fbs::OperatorCode *code) { return code->custom_code() && code->custom_code()->string_view() == "TFLM_DECODE"; });
}

Result<void> readQuantization(const fbs::Tensor &from, Tensor &tensor, const fbs::Model &file, Allowance &allowance)
{
    const fbs::QuantizationParameters *quantization = from.quantization();
    if (!quantization || isEncoding(from, tensor, file))
        return {};
    if (quantization->details_type() == fbs::QuantizationDetails::BlockwiseQuantization)
        return unsupported("block-wise quantization");
    if (quantization->details_type() == fbs::QuantizationDetails::MultiAxisQuantization)
        return unsupported("quantization along several dimensions");
    if (!quantization->scale() || quantization->scale()->size() == 0)
        return {};
    QL_CHECK(readScales(*quantization, tensor, allowance));
    return readZeroPoints(*quantization, tensor, allowance);
}

Result<void> readShape(const fbs::Tensor &from, Tensor &tensor)
{
    QL_TRY(tensor.shape, Shape::make(spanOf(from.shape())));
    const auto signature = spanOf(from.shape_signature());
    if (static_cast<int>(signature.size()) == tensor.shape.rank())
        tensor.shapeSignature.assign(signature.begin(), signature.end());
    return {};
}

} // namespace

Result<Tensor> readTensor(const fbs::Tensor &from, ReadingState &state)
{
    Tensor tensor;
    QL_TRY(tensor.name, readText(from.name(), state.allowance));
    QL_TRY(tensor.type, readType(from.type()));
    QL_CHECK(readShape(from, tensor));
    if (from.sparsity())
        return unsupported("a sparse tensor");
    if (from.external_buffer() != 0)
        return unsupported("data in another file");
    QL_CHECK(readQuantization(from, tensor, state.file, state.allowance));
    tensor.isVariable = from.is_variable();
    QL_TRY(auto constant, state.buffers.constant(from.buffer()));
    if (constant) {
        tensor.constant = std::move(*constant);
        QL_CHECK(checkConstant(tensor));
    }
    return tensor;
}

} // namespace quantloupe::tflite
