// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/input_quantization.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace quantloupe {
namespace {

template <typename Code> void quantize(const QuantParams &quant, IntegerRange range, std::span<const float> values, std::byte *out)
{
    auto *const codes = reinterpret_cast<Code *>(out);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float steps = quant.isQuantized() ? values[i] / quant.scale() + static_cast<float>(quant.zeroPoint()) : values[i];
        // nearbyint rounds half to even in the default rounding mode.
        codes[i] = static_cast<Code>(std::clamp(std::nearbyint(static_cast<double>(steps)), static_cast<double>(range.min), static_cast<double>(range.max)));
    }
}

} // namespace

Result<void> quantizeInput(const Tensor &input, std::span<const float> values, std::span<std::byte> out)
{
    const IntegerRange range = integerRange(input.type);
    switch (input.type) {
    case DataType::Float32: std::memcpy(out.data(), values.data(), std::min(out.size(), values.size_bytes())); return {};
    case DataType::Int8: quantize<std::int8_t>(input.quant, range, values, out.data()); return {};
    case DataType::UInt8: quantize<std::uint8_t>(input.quant, range, values, out.data()); return {};
    case DataType::Int16: quantize<std::int16_t>(input.quant, range, values, out.data()); return {};
    case DataType::Int32: quantize<std::int32_t>(input.quant, range, values, out.data()); return {};
    case DataType::Bool: quantize<std::uint8_t>({}, range, values, out.data()); return {};
    default:
        return fail(ErrorCode::FeatureUnsupported, {.place = fmt::format("model input {}", input.name), .expected = "float32, int8, uint8, int16, int32 or bool", .got = std::string(name(input.type))});
    }
}

} // namespace quantloupe
