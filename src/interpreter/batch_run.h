// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "interpreter/interpreter.h"

#include <functional>
#include <map>
#include <stop_token>
#include <vector>

namespace quantloupe {

/// One tensor over all samples, sample after sample.
struct TensorSamples {
    Shape shape; ///< of one sample
    std::vector<std::byte> bytes;
};

struct BatchRunOptions {
    std::size_t samples = 0;
    bool carriesState = false; ///< samples in order, on one thread
    unsigned threads = 0;      ///< 0: one per core
    std::vector<TensorIndex> tensors;
};

/// Writes one sample of one model input. Called from several threads.
using InputReader = std::function<Result<void>(std::size_t sample, std::size_t input, std::span<std::byte> out)>;

/// Runs a model on many samples and keeps the tensors asked for; what is missing is left out of the result. A tensor
/// whose shape differs from sample to sample is an error. A stop request ends with ErrorCode::Cancelled.
Result<std::map<TensorIndex, TensorSamples>> runSamples(std::shared_ptr<const PreparedModel> model, const BatchRunOptions &options, const InputReader &read,
                                                        std::stop_token stop = {}, const ProgressSink &progress = {});

} // namespace quantloupe
