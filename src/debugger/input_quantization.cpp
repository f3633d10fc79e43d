// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/input_quantization.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// The same for codes of 8 and 16 bits, which come out whole below: a sum with 2^23 * 1.5 has no place for fractions, and
/// rounds half to even. Written so that the compiler takes vectors.
template <typename Code> void quantizeNarrow(const QuantParams &quant, IntegerRange range, std::span<const float> values, std::byte *out)
{
    constexpr float kNoFractions = 12582912.0f;
    auto *const codes = reinterpret_cast<Code *>(out);
    const float scale = quant.isQuantized() ? quant.scale() : 1.0f;
    const float zeroPoint = quant.isQuantized() ? static_cast<float>(quant.zeroPoint()) : 0.0f;
    const auto low = static_cast<float>(range.min);
    const auto high = static_cast<float>(range.max);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float steps = values[i] / scale + zeroPoint;
        const float within = steps > low ? (steps < high ? steps : high) : steps <= low ? low : 0.0f; // NaN is 0
        codes[i] = static_cast<Code>(static_cast<std::int32_t>((within + kNoFractions) - kNoFractions));
    }
}

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
    case DataType::Int8: quantizeNarrow<std::int8_t>(input.quant, range, values, out.data()); return {};
    case DataType::UInt8: quantizeNarrow<std::uint8_t>(input.quant, range, values, out.data()); return {};
    case DataType::Int16: quantizeNarrow<std::int16_t>(input.quant, range, values, out.data()); return {};
    case DataType::Int32: quantize<std::int32_t>(input.quant, range, values, out.data()); return {};
    case DataType::Bool: quantize<std::uint8_t>({}, range, values, out.data()); return {};
    default:
        return fail(ErrorCode::FeatureUnsupported, {.place = fmt::format("model input {}", input.name), .expected = "float32, int8, uint8, int16, int32 or bool", .got = std::string(name(input.type))});
    }
}

} // namespace quantloupe
