// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "dataset/dataset.h"
#include "debugger/subject.h"
#include "graph/feedback.h"
#include "report/report.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace quantloupe {

struct RunOptions {
    bool local = true;
    bool accumulated = true;
    StatePolicy state = StatePolicy::Reset;
    KernelProfile kernels = KernelProfile::Litert;
    unsigned threads = 0;    ///< 0: one per core
    std::size_t samples = 0; ///< 0: all
    bool findings = true;    ///< look for what the run shows, which takes some more runs of a few samples
    Feedback feedback = {};  ///< of the quantized model; when not empty a sample is a sequence of the dataset's time steps
};

/// Reports on what was measured so far while a run goes on; throttled to a few a second, called from a worker thread.
using PartialReportSink = std::function<void(std::shared_ptr<const Report>)>;

/// Runs both models of `subject` on `dataset` and compares them. The report does not depend on the number of threads.
/// A stop request ends it within one batch of samples: the report then holds what was measured and says so.
Result<std::shared_ptr<const Report>> compareModels(const Subject &subject, const Dataset &dataset, const RunOptions &options, std::stop_token stop = {},
                                                    const ProgressSink &progress = {}, const PartialReportSink &partial = {});

} // namespace quantloupe
