// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace quantloupe {

/// What one pass over one sample of one tensor gathers; diff = dequantized quantized value - float value.
/// Elements where either side is not finite are counted apart and left out of the sums.
struct ErrorSums {
    std::uint64_t count = 0;
    std::uint64_t notFinite = 0;
    double diff = 0.0;
    double diffSquared = 0.0;
    double maxAbsDiff = 0.0;
    double floatSquared = 0.0;
    std::uint64_t atMinCode = 0; ///< elements at the smallest code of the type
    std::uint64_t atMaxCode = 0;
};

/// A figure per tensor. As in QuantizationDebugger it is taken per sample and averaged over samples (samples where it
/// is NaN left out), so that max_abs_error is a mean of maxima; `ofAverages` metrics follow from other averages.
struct Metric {
    std::string_view name;        ///< the column's name: "mean_squared_error"
    std::string_view unit;        ///< "real", "real^2", "LSB", "dB", ""
    std::string_view description; ///< one sentence: what it says and its trap
    double (*ofSample)(const ErrorSums &) = nullptr;
    /// For figures of the whole run: from the averages of the metrics before it, the scale and the code range.
    struct Averages {
        double meanSquaredError;
        double scale;
        double codes; ///< number of steps in the range: 255 for int8, 65535 for int16
    };
    double (*ofAverages)(const Averages &) = nullptr;
    bool isReportColumn = false; ///< a column of MLTK's quantization_report.csv
    bool hasIdeal = false;
    double ideal = 0.0;          ///< the value of rounding alone: 1/sqrt(12) for rmse/scale
    double warnAbove = 0.0;      ///< coloured from here (0: not)
};

/// All metrics in the order of their columns.
std::span<const Metric *const> metrics();
/// Position in metrics(), or -1.
int metricIndex(std::string_view name);

} // namespace quantloupe
