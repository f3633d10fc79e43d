// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/data_type.h"

#include <array>
#include <limits>

namespace quantloupe {
namespace {

struct Row {
    std::string_view name;
    std::size_t size;
};

constexpr std::array<Row, kDataTypeCount> kRows{{
    {"float32", 4}, {"float16", 2}, {"int32", 4}, {"uint8", 1}, {"int64", 8}, {"string", 0}, {"bool", 1},
    {"int16", 2}, {"complex64", 8}, {"int8", 1}, {"float64", 8}, {"complex128", 16}, {"uint64", 8},
    {"resource", 4}, {"variant", 0}, {"uint32", 4}, {"uint16", 2}, {"int4", 0}, {"bfloat16", 2}, {"int2", 0},
    {"uint4", 0}, {"float8_e4m3fn", 1}, {"float8_e5m2", 1},
}};

} // namespace

std::string_view name(DataType type)
{
    return kRows[static_cast<std::size_t>(type)].name;
}

std::size_t elementSize(DataType type)
{
    return kRows[static_cast<std::size_t>(type)].size;
}

bool isQuantizable(DataType type)
{
    return type == DataType::Int8 || type == DataType::UInt8 || type == DataType::Int16 || type == DataType::Int32
        || type == DataType::Int4;
}

IntegerRange integerRange(DataType type)
{
    switch (type) {
    case DataType::Int4: return {-8, 7};
    case DataType::Int8: return {-128, 127};
    case DataType::UInt8: return {0, 255};
    case DataType::Int16: return {-32768, 32767};
    case DataType::UInt16: return {0, 65535};
    case DataType::Bool: return {0, 1};
    default: return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
    }
}

} // namespace quantloupe
