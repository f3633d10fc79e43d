// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quantloupe {

/// Element types of the TensorFlow Lite format, in the format's own order.
enum class DataType : std::int8_t {
    Float32, Float16, Int32, UInt8, Int64, String, Bool, Int16, Complex64, Int8, Float64, Complex128, UInt64,
    Resource, Variant, UInt32, UInt16, Int4, BFloat16, Int2, UInt4, Float8E4M3Fn, Float8E5M2
};
inline constexpr int kDataTypeCount = 23;

/// The field's lower-case name ("float32", "int8").
std::string_view name(DataType type);

/// Bytes of one element as kept in memory; 0 where elements have no fixed whole number of bytes (string, int4, ...). A
/// resource is the number of its variable.
std::size_t elementSize(DataType type);

/// True for the types that hold quantized values when a tensor carries a scale.
bool isQuantizable(DataType type);

/// Smallest and largest value of an integer type of at most 32 bits.
struct IntegerRange {
    std::int64_t min;
    std::int64_t max;
};
IntegerRange integerRange(DataType type);

template <typename T> inline constexpr DataType dataTypeOf = DataType::Variant;
template <> inline constexpr DataType dataTypeOf<float> = DataType::Float32;
template <> inline constexpr DataType dataTypeOf<double> = DataType::Float64;
template <> inline constexpr DataType dataTypeOf<std::int8_t> = DataType::Int8;
template <> inline constexpr DataType dataTypeOf<std::uint8_t> = DataType::UInt8;
template <> inline constexpr DataType dataTypeOf<std::int16_t> = DataType::Int16;
template <> inline constexpr DataType dataTypeOf<std::uint16_t> = DataType::UInt16;
template <> inline constexpr DataType dataTypeOf<std::int32_t> = DataType::Int32;
template <> inline constexpr DataType dataTypeOf<std::uint32_t> = DataType::UInt32;
template <> inline constexpr DataType dataTypeOf<std::int64_t> = DataType::Int64;
template <> inline constexpr DataType dataTypeOf<std::uint64_t> = DataType::UInt64;
template <> inline constexpr DataType dataTypeOf<bool> = DataType::Bool;

} // namespace quantloupe
