// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/dataset.h"
#include "graph/model.h"
#include "report/finding.h"

#include <cstddef>
#include <vector>

namespace quantloupe {

/// Compares the values of the first `samples` samples with the range that the quantized inputs can hold: values outside it
/// saturate, and a range that is hardly used was calibrated on other data. Nothing is found for inputs without a scale.
std::vector<Finding> datasetRangeFindings(const Model &quantized, const Dataset &dataset, std::size_t samples);

} // namespace quantloupe
