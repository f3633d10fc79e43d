// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// An eval-results.json as MLTK puts it into an archive. What a file leaves out is NaN or empty.
struct EvalResults {
    std::string modelType; ///< "classification", "auto_encoder"
    std::vector<std::string> classes;
    double accuracy = 0.0;
    double rocArea = 0.0;
    std::vector<double> classAccuracies;
    std::vector<double> classRocAreas;
    std::vector<std::vector<std::uint64_t>> confusion; ///< [label][prediction]
};

/// Fails with ReportDamaged on what is no JSON object, or where a figure is not of its kind.
Result<EvalResults> readEvalResults(std::string_view text, std::string file);

} // namespace quantloupe
