// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/data_type.h"
#include "base/index.h"
#include "base/shape.h"
#include "kernels/profile.h"
#include "metrics/histogram.h"
#include "report/report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quantloupe {

/// Counts of (float value, dequantized value) pairs over equal cells, in real units. Cell (column, row) holds
/// xLower + column * xWidth <= float < ..., and the same of y and the dequantized value.
struct Density {
    double xLower = 0.0;
    double xWidth = 1.0;
    double yLower = 0.0;
    double yWidth = 1.0;
    std::size_t columns = 0;
    std::size_t rows = 0;
    std::vector<std::uint64_t> counts; ///< [row][column]
    std::uint64_t beyond = 0;          ///< pairs whose float value lies off the cells

    std::uint64_t at(std::size_t column, std::size_t row) const { return counts[row * columns + column]; }
    std::uint64_t total() const;
    /// Neighbouring cells added up until at most `mostCells` are left along each axis.
    Density coarser(std::size_t mostCells) const;
    bool operator==(const Density &) const = default;
};

/// Error of one slice of a tensor: over all samples for an activation, over its elements for a weight.
struct ChannelError {
    std::uint64_t count = 0;    ///< elements where both sides are finite
    double rmse = 0.0;          ///< real units; NaN without elements
    double meanError = 0.0;     ///< its bias: mean of dequantized - float
    double maxAbsError = 0.0;
    double floatMin = 0.0;      ///< NaN without elements
    double floatMax = 0.0;
    double shareAtEnds = 0.0;   ///< of the codes at the smallest or largest of the type
};

/// How a quantized tensor uses its codes.
struct UsedCodes {
    std::int64_t minCode = -128; ///< of the type
    std::int64_t maxCode = 127;
    std::uint64_t elements = 0;
    std::uint64_t used = 0;      ///< different codes that occur
    std::int64_t lowest = 0;     ///< of those that occur
    std::int64_t highest = 0;
    double shareAtMin = 0.0;
    double shareAtMax = 0.0;
    /// Share of the type's codes below `lowest` and above `highest`: range that was paid for and not used.
    double unusedBelow() const;
    double unusedAbove() const;
};

/// One kind of error of one tensor, element by element.
struct ErrorStudy {
    Density density;
    std::vector<ChannelError> channels; ///< along the last axis
};

/// A constant input of the operator: weights, biases, gate matrices.
struct WeightStudy {
    std::size_t input = 0; ///< position among the operator's inputs
    std::string name;
    DataType type = DataType::Int8;
    Shape shape;
    std::int32_t axis = 0;                ///< along which the scales go
    std::vector<float> scales;            ///< one, or one a channel
    std::vector<std::int64_t> zeroPoints;
    UsedCodes codes;
    Histogram quantizedValues;            ///< dequantized, on the bins of floatValues
    std::string whyNotCompared;           ///< a sentence when there is no float side
    Histogram floatValues;                ///< empty without a float side
    Histogram errorInLsb;                 ///< diff over the channel's own scale
    std::vector<ChannelError> channels;   ///< along `axis`; empty without a float side
    double rmse = 0.0;                    ///< of all elements; NaN without a float side
    double rmseOverScale = 0.0;           ///< root of the mean of (diff over the channel's scale)²
};

/// What a report is too small for: one row looked at element by element. Made on demand (debugger/study.h).
struct TensorStudy {
    std::size_t row = 0; ///< of the report
    std::size_t samples = 0;
    std::int32_t channelCount = 1; ///< length of the last axis
    UsedCodes codes;
    std::optional<ErrorStudy> local;
    std::optional<ErrorStudy> accumulated;
    std::vector<WeightStudy> weights;

    const std::optional<ErrorStudy> &error(ErrorKind kind) const { return kind == ErrorKind::Local ? local : accumulated; }
};

/// One sample looked at: what went in, what came out, and the error of every row on its way.
struct SampleStudy {
    struct Values {
        std::string name;
        Shape shape;
        std::vector<float> floats;      ///< the dataset's own values, or the float model's output
        std::vector<float> dequantized; ///< empty for inputs
    };
    struct RowError {
        double local = 0.0; ///< rmse, real units; NaN where it was not measured
        double accumulated = 0.0;
    };

    std::size_t sample = 0;
    std::optional<std::int64_t> label;
    std::vector<Values> inputs;
    std::vector<Values> outputs;
    std::vector<RowError> rows; ///< as the report's rows
};

} // namespace quantloupe
