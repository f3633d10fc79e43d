// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/real_values.h"

#include <cassert>
#include <cstdint>
#include <cstring>

namespace quantloupe {
namespace {

template <typename Code> void numbers(const Tensor &tensor, const Shape &shape, const std::byte *elements, std::span<float> out)
{
    const auto *const codes = reinterpret_cast<const Code *>(elements);
    const QuantParams &quant = tensor.quant;
    const std::size_t channels = quant.scales.size();
    const bool isPerChannel = quant.isPerChannel() && quant.axis < shape.rank();
    const auto inner = isPerChannel ? static_cast<std::size_t>(shape.product(quant.axis + 1, shape.rank())) : 1;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (!quant.isQuantized()) {
            out[i] = static_cast<float>(codes[i]);
            continue;
        }
        const std::size_t channel = isPerChannel ? i / inner % channels : 0;
        const std::int64_t zeroPoint = channel < quant.zeroPoints.size() ? quant.zeroPoints[channel] : 0;
        out[i] = static_cast<float>(static_cast<double>(quant.scales[channel]) * static_cast<double>(static_cast<std::int64_t>(codes[i]) - zeroPoint));
    }
}

} // namespace

bool hasRealForm(const Tensor &tensor)
{
    switch (tensor.type) {
    case DataType::Float32:
    case DataType::Int8:
    case DataType::UInt8:
    case DataType::Int16:
    case DataType::Int32:
    case DataType::Int64:
    case DataType::Bool: return true;
    default: return false;
    }
}

void realValues(const Tensor &tensor, const Shape &shape, const std::byte *elements, std::span<float> out)
{
    switch (tensor.type) {
    case DataType::Float32: std::memcpy(out.data(), elements, out.size_bytes()); return;
    case DataType::Int8: return numbers<std::int8_t>(tensor, shape, elements, out);
    case DataType::UInt8:
    case DataType::Bool: return numbers<std::uint8_t>(tensor, shape, elements, out);
    case DataType::Int16: return numbers<std::int16_t>(tensor, shape, elements, out);
    case DataType::Int32: return numbers<std::int32_t>(tensor, shape, elements, out);
    case DataType::Int64: return numbers<std::int64_t>(tensor, shape, elements, out);
    default: assert(!"ask hasRealForm() first");
    }
}

} // namespace quantloupe
