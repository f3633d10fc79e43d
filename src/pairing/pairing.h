// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "graph/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// Why an operator of the float model is taken for the twin of a quantized one.
enum class PairingRule {
    None,
    SameDataFlow,     ///< same operator and shape, fed by paired tensors; the only candidate
    SameDataFlowName, ///< ... chosen among several by its tensor's name
    SameDataFlowWeights, ///< ... chosen among several by its weights
    SameValues,       ///< its float values are those of a layer of the Keras model
    SameName,         ///< operator, shape and tensor name agree; the inputs could not be followed
};
std::string_view name(PairingRule rule);

struct OperatorPair {
    OperatorIndex floatOperator; ///< invalid: unpaired
    PairingRule rule = PairingRule::None;
    double confidence = 0.0; ///< 0..1
    std::string whyUnpaired;
};

struct Pairing {
    std::vector<OperatorPair> operators;   ///< by quantized operator; QUANTIZE and DEQUANTIZE have no pair
    std::vector<TensorIndex> floatTensors; ///< by quantized tensor; invalid where there is none

    std::size_t pairedCount() const;
};

/// True for the operators that only exist in the quantized model.
bool isConversion(const Operator &op);

/// Finds for every operator of the quantized model the one of the float model that means the same. Follows the data
/// from the models' inputs; names and weights decide between equals. Nothing is guessed: what stays unpaired says why.
/// Fails with ModelsDiffer when inputs or weights show two different networks.
Result<Pairing> pairModels(const Model &floatModel, const Model &quantizedModel);

} // namespace quantloupe
