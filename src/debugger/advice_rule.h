// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/dataset.h"
#include "graph/model.h"
#include "report/report.h"

#include <span>
#include <string_view>
#include <vector>

namespace quantloupe {

/// What a model's input looks like over the samples of a run.
struct InputStatistics {
    double mean = 0.0;
    double deviation = 0.0;
    double min = 0.0;
    double max = 0.0;
    std::size_t samples = 0; ///< 0: not looked at
};

/// What an advice may rest on: the models, and what a run on them measured.
struct AdviceContext {
    const Model &quantized;
    const Model &floats;
    const Report &report;
    std::vector<InputStatistics> inputs = {}; ///< by model input
};

/// Something to do about the quantization, with the figures that speak for it. One rule a file; a row in adviceRules().
/// A rule says nothing where its condition does not hold: no advice without evidence.
struct AdviceRule {
    std::string_view id; ///< of the findings it makes
    void (*check)(const AdviceContext &context, std::vector<Finding> &findings);
};

std::span<const AdviceRule *const> adviceRules();

/// What all rules advise, in their order.
std::vector<Finding> adviceFor(const AdviceContext &context);

/// Of a dataset's first samples, 256 at most; an input that cannot be read is not looked at.
std::vector<InputStatistics> inputStatistics(const Dataset &dataset, std::size_t samples);

// For the rules.

/// The local figure where there is one, else the accumulated; NaN where the row has none.
double measured(const TensorComparison &row, std::string_view metric);
/// "operator 3 CONV_2D (conv/Relu)".
std::string placeOf(const TensorComparison &row);
/// Names the first few places: "A, B, C and 4 others".
std::string placesText(const std::vector<const TensorComparison *> &rows);
/// From here on rounding does not explain an error: the threshold of the metric rmse/scale.
double outlierThreshold();
/// Half as much again as rounding alone: a recurrent operator feeds its error back, so less is already worth a remedy.
inline constexpr double kRecurrentThreshold = 0.433;
/// True for LSTM, SVDF and the fused RNN operators.
bool isRecurrent(std::string_view opName);

inline constexpr std::string_view kQuantizationTips = "MLTK tutorial \"Model Quantization Tips\" (siliconlabs.github.io/mltk)";
inline constexpr std::string_view kQuantizationSpec = "TensorFlow Lite 8-bit quantization specification";

} // namespace quantloupe
