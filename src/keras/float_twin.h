// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "keras/lower.h"
#include "pairing/pairing.h"

#include <memory>
#include <string>
#include <vector>

namespace quantloupe {

/// Where the float weights of one quantized operator come from.
struct WeightMatch {
    std::string layer;     ///< "conv2d"; with what was folded in: "conv2d + batch_normalization"
    double distance = 0.0; ///< |quantized - float| / |float| over the weights
};

/// The quantized model's graph in float: operator for operator what the converter made, with the weights that the Keras
/// model holds. BatchNormalization and biases are folded as the quantized weights show.
struct FloatTwin {
    std::shared_ptr<const Model> model;
    Pairing pairing;                    ///< of the quantized model's operators with those of `model`
    std::vector<WeightMatch> weights;   ///< by quantized operator; empty layer for those without weights
    std::vector<TensorIndex> inputs;    ///< by input of `model`: the input of the lowered Keras model
    std::vector<std::string> assumed;   ///< constants that the Keras model does not have: the quantized model's own were taken
};

/// Fails with ModelsDiffer, saying how, when inputs or most weights show two different networks. Operators whose weights
/// are not found in the Keras model stay unpaired, with the reason.
Result<FloatTwin> makeFloatTwin(const LoweredKeras &keras, const Model &quantized);

} // namespace quantloupe
