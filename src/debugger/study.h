// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/debugger.h"
#include "report/tensor_study.h"

#include <span>
#include <stop_token>

namespace quantloupe {

/// Looks at rows of the report that compareModels() makes of the same subject, dataset and options, element by element:
/// densities (coarser where many rows are asked for), channels, codes, weights. One pass over the samples for every 64 rows,
/// on one thread; a stop request ends it with Cancelled. Fails with Usage for a row that does not exist.
Result<std::vector<TensorStudy>> studyTensors(const Subject &subject, const Dataset &dataset, const RunOptions &options, std::span<const std::size_t> rows,
                                              std::stop_token stop = {}, const ProgressSink &progress = {});

/// Looks at one sample. With state carried over, all samples before it are run too.
Result<SampleStudy> studySample(const Subject &subject, const Dataset &dataset, const RunOptions &options, std::size_t sample, std::stop_token stop = {});

} // namespace quantloupe
