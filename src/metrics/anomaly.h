// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/classification.h"

namespace quantloupe {

/// How well a score (an autoencoder's reconstruction error) tells abnormal samples from normal ones.
struct AnomalyFigures {
    std::size_t normal = 0;
    std::size_t abnormal = 0;
    double meanNormal = 0.0;   ///< of the scores
    double meanAbnormal = 0.0;
    double bestAccuracy = 0.0; ///< over all thresholds: what MLTK calls the overall accuracy of an auto-encoder
    double bestThreshold = 0.0; ///< scores at or above it count as abnormal
    Curve roc;
    Curve precisionRecall;
    bool operator==(const AnomalyFigures &) const = default;
};

/// One score and one label a sample; label 0 is normal, all others are abnormal.
AnomalyFigures anomalyFigures(std::span<const float> scores, std::span<const std::int64_t> labels);

} // namespace quantloupe
