// SPDX-License-Identifier: GPL-3.0-or-later
//
// What writers and readers of report JSON share. Readers throw the library's exceptions; readReportJson() catches them.
#pragma once

#include "base/data_type.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace quantloupe::json_values {

using Json = nlohmann::ordered_json;

/// JSON has neither NaN nor infinity: null.
inline Json number(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
}

inline double numberOf(const Json &json, double ofNull = std::numeric_limits<double>::quiet_NaN())
{
    return json.is_null() ? ofNull : json.get<double>();
}

template <typename T> Json numbers(const std::vector<T> &values)
{
    Json json = Json::array();
    for (const T value : values)
        json.push_back(number(static_cast<double>(value)));
    return json;
}

template <typename T = double> std::vector<T> numbersOf(const Json &json)
{
    std::vector<T> values;
    for (const Json &value : json)
        values.push_back(static_cast<T>(numberOf(value)));
    return values;
}

[[noreturn]] inline void refuse(const std::string &why)
{
    throw Json::other_error::create(501, why, nullptr);
}

inline DataType typeNamedBy(const Json &json)
{
    const auto text = json.get<std::string>();
    for (int i = 0; i < kDataTypeCount; ++i)
        if (name(static_cast<DataType>(i)) == text)
            return static_cast<DataType>(i);
    refuse("unknown type " + text);
}

} // namespace quantloupe::json_values
