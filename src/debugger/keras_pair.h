// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "keras/keras_file.h"
#include "pairing/pairing.h"
#include "report/finding.h"

#include <memory>
#include <vector>

namespace quantloupe {

/// A Keras model as the float side of a quantized one.
struct KerasPair {
    /// The quantized model's graph in float, operator for operator, with the Keras model's weights. A tensor that has the
    /// values of a layer's result has that layer's name.
    std::shared_ptr<const Model> floatModel;
    Pairing pairing;
    std::vector<Finding> findings; ///< what was inferred, and what stays unpaired
};

/// Lowers the Keras model, gives the quantized model's graph its weights, and runs both on a few random samples: an
/// operator is paired only if its float values are those of a layer of the Keras model, or lead to them. Fails with
/// ModelsDiffer when the two files hold different networks.
Result<KerasPair> pairKeras(const KerasFile &file, const std::shared_ptr<const Model> &quantized);

} // namespace quantloupe
