// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "dataset/dataset.h"
#include "debugger/subject.h"
#include "report/evaluation.h"
#include "report/report.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace quantloupe {

struct EvaluationOptions {
    StatePolicy state = StatePolicy::Reset;
    KernelProfile kernels = KernelProfile::Litert;
    unsigned threads = 0;    ///< 0: one per core
    std::size_t samples = 0; ///< 0: all
    std::optional<EvaluationTask> task; ///< else it is inferred: an output of the input's shape, and labels 0 and 1, is an autoencoder

    // Keyword spotting. What is not set comes from the model's parameters, then from MLTK's defaults.
    std::optional<double> hopMs;      ///< samples are windows of one stream, so far apart
    std::optional<double> clipMs;     ///< samples are clips of that length
    std::optional<double> threshold;  ///< of 0..1
    std::optional<double> averageMs;
    std::optional<double> suppressionMs;
    std::vector<std::int64_t> otherClasses; ///< not keywords; else those named _like_this_
};

/// Names of the classes of an output with so many elements: the model's parameters', the archive's, or else numbers.
std::vector<std::string> classNames(const Subject &subject, std::size_t classes);

/// Runs both models on all labelled samples and measures how good each is, and where their answers differ. The result does
/// not depend on the number of threads. Fails with DatasetMismatch where there are no labels or one that no class has, and
/// with Cancelled when stopped.
Result<std::shared_ptr<const Evaluation>> evaluateModels(const Subject &subject, const Dataset &dataset, const EvaluationOptions &options, std::stop_token stop = {},
                                                         const ProgressSink &progress = {});

} // namespace quantloupe
