// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quantloupe {

/// What somebody else measured, from an archive's eval-results.json. Figures that are not there are NaN or empty.
struct ArchivedEvaluation {
    std::string side;  ///< "h5" or "tflite": which model it was
    std::string task;  ///< as stored: "classification", "auto_encoder"
    std::vector<std::string> classes;
    double accuracy = 0.0;
    double rocArea = 0.0; ///< average over the classes
    std::vector<double> classAccuracies;
    std::vector<double> classRocAreas;
    std::vector<std::vector<std::uint64_t>> confusion;
};

} // namespace quantloupe
