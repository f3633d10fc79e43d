// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/causes.h"

#include <algorithm>

namespace quantloupe {
namespace {

struct Row {
    std::string_view name;
    std::string_view description;
};

constexpr std::array<Row, kCauseCount> kRows{{
    {"inputs", "Inherited: the operator's inputs were off already. Look at the operators before it."},
    {"weights", "Rounding of the weights. Per-channel quantization or quantization-aware training makes it smaller."},
    {"bias", "Rounding of the bias to 32 (64) bits; rarely more than nothing."},
    {"clipping", "Results beyond what the output's scale can hold. Calibrate with data that reach them."},
    {"rounding", "Results between two codes of the output: scale/sqrt(12) at best. A smaller range or 16 bits make it smaller."},
    {"arithmetic", "The integer arithmetic itself: fixed-point factors, tables, and all that goes on inside an LSTM."},
    {"state", "State carried over from the sample before. Reset the state between sequences."},
}};

} // namespace

std::string_view name(Cause cause)
{
    return kRows[static_cast<std::size_t>(cause)].name;
}

std::string_view description(Cause cause)
{
    return kRows[static_cast<std::size_t>(cause)].description;
}

Cause OperatorCauses::largest() const
{
    return static_cast<Cause>(std::ranges::max_element(causes, {}, &CauseShare::share) - causes.begin());
}

} // namespace quantloupe
