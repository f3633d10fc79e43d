// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "graph/feedback.h"
#include "interpreter/interpreter.h"
#include "interpreter/rnn_recording.h"

#include <functional>
#include <map>
#include <stop_token>
#include <vector>

namespace quantloupe {

/// One tensor over all samples, sample after sample; with feedback the time steps of a sample one after another.
struct TensorSamples {
    Shape shape; ///< of one sample
    std::vector<std::byte> bytes;
};

/// One quantity inside a recurrent operator over all samples: [sample, (time step of the feedback,) sequence, step, unit].
struct InternalSamples {
    OperatorIndex op;
    InternalQuantity quantity{};
    std::size_t sequences = 0;
    std::size_t steps = 0;
    std::size_t units = 0;
    std::vector<RnnRecord::Form> forms; ///< one, or one a step of an unrolled layer
    std::vector<float> values;          ///< real; NaN where a step has no such quantity

    /// Of the codes; float32 where there are none, or steps of different types.
    DataType type() const;
    /// In the form that the operator computes in: round(value / scale) + zero point; 0 where there is no value.
    std::vector<std::int32_t> codes() const;
};

struct BatchRunOptions {
    std::size_t samples = 0;
    bool carriesState = false; ///< samples in order, on one thread
    unsigned threads = 0;      ///< 0: one per core
    std::vector<TensorIndex> tensors;
    Feedback feedback;         ///< when not empty a sample is a sequence of `steps` runs
    std::size_t steps = 1;
    bool internals = false;    ///< keep the insides of recurrent operators too
};

struct BatchRunResults {
    std::map<TensorIndex, TensorSamples> tensors;
    std::vector<InternalSamples> internals; ///< in operator order
};

/// Writes one step of one sample of one model input. A fed input is asked for only at step 0, where it holds the real
/// value 0 and may be left at that. Called from several threads.
using InputReader = std::function<Result<void>(std::size_t sample, std::size_t step, std::size_t input, std::span<std::byte> out)>;

/// Runs a model on many samples and keeps the tensors asked for; what is missing is left out of the result. A tensor
/// whose shape differs from sample to sample is an error. A stop request ends with ErrorCode::Cancelled.
Result<BatchRunResults> runSamples(std::shared_ptr<const PreparedModel> model, const BatchRunOptions &options, const InputReader &read,
                                                        std::stop_token stop = {}, const ProgressSink &progress = {});

} // namespace quantloupe
