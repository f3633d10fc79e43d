// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/data_type.h"
#include "base/error.h"
#include "base/index.h"
#include "base/shape.h"
#include "kernels/profile.h"
#include "metrics/histogram.h"
#include "report/finding.h"
#include "report/rnn_trace.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quantloupe {

struct CauseAnalysis; // report/causes.h
struct Evaluation;    // report/evaluation.h

/// What happens to variables (LSTM state) between samples.
enum class StatePolicy {
    Reset, ///< every sample starts from the initial state
    Carry, ///< state leaks from sample to sample, as TensorFlow's QuantizationDebugger does
};
std::string_view name(StatePolicy policy);
std::optional<StatePolicy> statePolicy(std::string_view name);

/// Which error a figure is. Always shown with it.
enum class ErrorKind {
    Local,       ///< the operator's float twin on the dequantized actual inputs: what this operator alone adds
    Accumulated, ///< float model and quantized model run separately on the same sample
};
std::string_view name(ErrorKind kind);
inline constexpr std::size_t kErrorKinds = 2;

struct RankedSample {
    std::size_t sample;
    double rmse;
};

/// Error of one operator's output over all samples.
struct ErrorStatistics {
    std::vector<double> metrics;         ///< averages, in the order of metrics()
    std::uint64_t notFinite = 0;         ///< elements left out because a side was NaN or infinite
    Histogram errorInLsb;                ///< diff / scale
    Histogram floatValues;               ///< the float side on the quantized tensor's grid (real units)
    std::vector<float> rmseBySample;     ///< the first kMaxSamplesListed samples, in order
    std::vector<RankedSample> worstSamples; ///< largest rmse first, at most kMaxWorstSamples

    static constexpr std::size_t kMaxSamplesListed = 4096;
    static constexpr std::size_t kMaxWorstSamples = 32;
};

/// One row: the output of one quantized operator.
struct TensorComparison {
    OperatorIndex op;
    TensorIndex tensor;        ///< in the quantized model
    std::string opName;        ///< "CONV_2D"
    std::string tensorName;
    DataType type = DataType::Int8;
    Shape shape;
    float scale = 0.0f;
    std::int64_t zeroPoint = 0;

    TensorIndex floatTensor;   ///< in the float model; invalid when unpaired
    std::string floatTensorName;
    std::string pairedBy;      ///< the rule: "same name", "structure", ...
    double confidence = 0.0;   ///< 0..1

    std::optional<ErrorStatistics> local;
    std::optional<ErrorStatistics> accumulated;
    std::string whyNotCompared; ///< a sentence, when a kind asked for is absent

    Histogram quantizedValues; ///< dequantized values on the tensor's own grid (real units); int8: one bin a code

    const std::optional<ErrorStatistics> &statistics(ErrorKind kind) const { return kind == ErrorKind::Local ? local : accumulated; }
};

struct ModelSummary {
    std::string file;
    std::string kind;   ///< "float", "dynamic-range", "quantized"
    std::size_t bytes = 0;
    std::size_t operators = 0;
    std::size_t tensors = 0;
};

struct TensorStudy;

/// A whole comparison. Built once, never changed, shared as shared_ptr<const Report>.
struct Report {
    static constexpr int kSchemaVersion = 1;

    ModelSummary floatModel;
    ModelSummary quantizedModel;
    std::string dataset;
    std::size_t samples = 0;      ///< measured
    std::size_t samplesAsked = 0;
    bool isCancelled = false;     ///< stopped early: the figures rest on `samples` samples
    bool isPartial = false;       ///< shown while the run goes on

    StatePolicy state = StatePolicy::Reset;
    KernelProfile kernels = KernelProfile::Litert;
    bool hasLocal = false;
    bool hasAccumulated = false;

    std::vector<TensorComparison> rows; ///< in the quantized model's operator order
    std::vector<RnnTrace> rnn;          ///< the insides of recurrent operators, in operator order
    std::vector<std::shared_ptr<const TensorStudy>> details; ///< rows that were also looked at element by element, where asked for
    std::vector<Finding> findings;
    std::vector<std::string> leftOut;   ///< one sentence per operator that could not be compared

    std::shared_ptr<const Evaluation> evaluation; ///< passes of their own, made when asked for
    std::shared_ptr<const CauseAnalysis> causes;

    /// The row with the largest rmse/scale of a kind, among those with at least `minElements` elements; -1 without one.
    int worstRow(ErrorKind kind, std::int64_t minElements = 2) const;
};

} // namespace quantloupe
