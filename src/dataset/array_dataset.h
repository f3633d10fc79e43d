// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/dataset.h"
#include "dataset/input_arrays.h"

#include <memory>
#include <string>
#include <vector>

namespace quantloupe {

/// Samples from one array per input, of any type of number. All elements are looked at once: a sample that is not finite
/// would poison every figure, so it is refused (DatasetNotFinite).
Result<std::shared_ptr<const Dataset>> makeArrayDataset(InputArrays arrays, std::vector<std::int64_t> labels, std::string file);

/// One class per sample: whole numbers of shape [samples] or [samples, 1], or one-hot rows.
Result<std::vector<std::int64_t>> readLabels(const NpyArray &array, std::size_t samples);

} // namespace quantloupe
