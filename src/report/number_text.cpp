// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/number_text.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

template <typename T> std::string text(T value)
{
    if (std::isnan(value))
        return "nan"; // without the sign that 0/0 has on x86
    if (std::isinf(value))
        return value < 0 ? "-inf" : "inf";
    std::string result = fmt::format("{}", value);
    if (result.find_first_of(".e") == std::string::npos)
        result += ".0";
    return result;
}

} // namespace

std::string numberText(double value) { return text(value); }
std::string numberText(float value) { return text(value); }

double decimalValue(float value)
{
    const std::string decimal = text(value);
    double result = 0.0;
    std::from_chars(decimal.data(), decimal.data() + decimal.size(), result);
    return result;
}

} // namespace quantloupe
