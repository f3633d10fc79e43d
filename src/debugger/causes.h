// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "dataset/dataset.h"
#include "debugger/subject.h"
#include "report/causes.h"
#include "report/report.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace quantloupe {

struct CauseOptions {
    StatePolicy state = StatePolicy::Reset;
    KernelProfile kernels = KernelProfile::Litert;
    std::size_t samples = 32;         ///< at most; the analysis runs every operator several times
    std::size_t samplesFollowed = 16; ///< of these, how many are followed to the model's outputs
    std::optional<OperatorIndex> only = {}; ///< this operator alone, for an answer about it at once
};

/// Told now and then what is known so far: of fewer samples, and not yet followed to the model's outputs.
using CauseSink = std::function<void(std::shared_ptr<const CauseAnalysis>)>;

/// Takes the error of every operator apart: the operator is run again and again on the same sample with one thing more on
/// the integer grid each time, from all in float to what the quantized model computed. Fails as compareModels() does, and
/// with Cancelled when stopped.
Result<std::shared_ptr<const CauseAnalysis>> analyseCauses(const Subject &subject, const Dataset &dataset, const CauseOptions &options, std::stop_token stop = {},
                                                           const ProgressSink &progress = {}, const CauseSink &partial = {});

} // namespace quantloupe
