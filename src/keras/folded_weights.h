// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keras/lower.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace quantloupe {

/// Weights and bias of a linear operator (convolution, fully connected) of a float graph, with the constant factors and
/// terms before and after it multiplied in: what a converter may have made of them.
struct FoldedWeights {
    std::string layers;          ///< "conv2d + batch_normalization"
    std::vector<float> weights;  ///< in the operator's own layout
    std::vector<float> bias;     ///< by output channel
    Shape shape;
    bool isDepthwise = false;
};

/// All ways of folding, operator by operator; without any folding first.
std::vector<FoldedWeights> foldings(const LoweredKeras &keras);

bool isLinear(const Operator &op);
/// Where a linear operator has its weights and its bias.
std::size_t weightsPosition(const Operator &op);
std::size_t biasPosition(const Operator &op);

} // namespace quantloupe
