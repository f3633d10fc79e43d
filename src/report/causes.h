// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/index.h"
#include "kernels/profile.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// Where the error of an operator's output comes from, in the order in which things are taken from float to quantized.
enum class Cause {
    Inputs,     ///< inherited: the inputs were off already (of the first operator: the model input's own rounding)
    Weights,    ///< constants on the integer grid
    Bias,
    Clipping,   ///< results beyond what the output's scale can hold
    Rounding,   ///< results between two codes of the output
    Arithmetic, ///< what is left: fixed-point factors, tables, and all that goes on inside an LSTM
    State,      ///< state carried over from the sample before
};
inline constexpr std::size_t kCauseCount = 7;
/// "inputs", "weights", ...
std::string_view name(Cause cause);
/// One sentence for people: what the cause means and what can be done.
std::string_view description(Cause cause);

struct CauseShare {
    double share = 0.0;       ///< of the mean squared error; the shares of an operator add up to 1. Below 0: it makes up for others
    double rms = 0.0;         ///< of its own contribution, real units
    double rmseWithout = 0.0; ///< of the output when this one thing alone is in float, real units
    bool operator==(const CauseShare &) const = default;
};

struct OperatorCauses {
    OperatorIndex op;           ///< of the quantized model
    TensorIndex tensor;         ///< its output
    double scale = 0.0;
    double rmse = 0.0;          ///< accumulated error of the output over the samples, real units
    double localRmse = 0.0;     ///< what the operator adds, real units
    double idealRounding = 0.0; ///< scale / sqrt(12): rms of a perfect operator's rounding
    double outputRmse = 0.0;    ///< error of the model's outputs when all is float but what this operator adds; NaN where it was not followed
    std::array<CauseShare, kCauseCount> causes{}; ///< by Cause
    std::string note;           ///< what could not be told apart

    const CauseShare &of(Cause cause) const { return causes[static_cast<std::size_t>(cause)]; }
    Cause largest() const;
    bool operator==(const OperatorCauses &) const = default;
};

/// The causes of the errors of all operators, worst at the model's outputs first.
struct CauseAnalysis {
    std::size_t samples = 0;
    std::size_t samplesFollowed = 0; ///< those that outputRmse rests on
    KernelProfile kernels = KernelProfile::Litert;
    std::string state;               ///< "reset" or "carry"
    std::vector<OperatorCauses> operators;
    std::vector<std::string> leftOut; ///< one sentence for each operator that cannot be analysed
};

} // namespace quantloupe
