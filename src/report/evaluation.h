// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/profile.h"
#include "metrics/anomaly.h"
#include "metrics/classification.h"
#include "metrics/keyword_detection.h"
#include "report/archived_evaluation.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// What the model's output is for.
enum class EvaluationTask {
    Classification, ///< one score a class; one single score is the second of two classes'
    Autoencoder,    ///< its input again: the reconstruction error tells abnormal samples
};
std::string_view name(EvaluationTask task);
std::optional<EvaluationTask> evaluationTask(std::string_view name);

/// How good one of the two models is.
struct ModelEvaluation {
    std::optional<Classification> classification;
    std::optional<DetectionFigures> detection; ///< keyword spotting
    std::optional<AnomalyFigures> anomaly;
    bool operator==(const ModelEvaluation &) const = default;
};

/// A sample that the two models answer differently.
struct ChangedAnswer {
    std::size_t sample = 0;
    std::int64_t label = 0;
    std::int64_t floatClass = 0;
    std::int64_t quantizedClass = 0;
    double floatScore = 0.0;     ///< each model's score for the label's class
    double quantizedScore = 0.0;
    bool operator==(const ChangedAnswer &) const = default;

    bool isRegression() const { return floatClass == label; }      ///< right in float, wrong quantized
    bool isImprovement() const { return quantizedClass == label; } ///< the other way round
};

/// Both models on the same labelled samples.
struct Evaluation {
    static constexpr std::size_t kMostChangedListed = 4096;

    EvaluationTask task = EvaluationTask::Classification;
    std::string dataset;
    std::size_t samples = 0;
    KernelProfile kernels = KernelProfile::Litert;
    std::string state; ///< "reset" or "carry"
    std::vector<std::string> classes; ///< names; numbers where there are none

    ModelEvaluation floatModel;
    ModelEvaluation quantizedModel;
    std::optional<DetectionSettings> detection;

    std::size_t regressions = 0;  ///< right in float, wrong quantized
    std::size_t improvements = 0; ///< wrong in float, right quantized
    std::size_t otherChanges = 0; ///< both wrong, in different ways
    double signTest = 1.0;        ///< probability of so uneven a split by chance; from 0.05 up it proves nothing
    std::vector<ChangedAnswer> changed; ///< in sample order, at most kMostChangedListed

    std::vector<ArchivedEvaluation> archived;
};

} // namespace quantloupe
