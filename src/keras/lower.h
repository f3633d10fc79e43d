// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "graph/model.h"
#include "keras/keras_file.h"

#include <memory>
#include <string>
#include <vector>

namespace quantloupe {

/// One call of one layer in the lowered graph.
struct LoweredLayer {
    std::string name; ///< with the nested models around it: "sequential/dense"
    std::string className;
    std::vector<TensorIndex> outputs; ///< invalid where the layer, or what it reads, is not known
    bool isInferred = false; ///< its operators were taken from a quantized model
};

/// A layer that the file alone does not tell: a Lambda, a class of the project's own, an option that is not supported.
struct UnknownLayer {
    std::string name;
    std::string className;
    std::string why;
    bool isInferred = false; ///< the quantized model showed what it computes
};

/// A Keras model as a graph of .tflite operators. No operator is fused, so that every layer's result is a tensor; that
/// tensor has the layer's name.
struct LoweredKeras {
    std::shared_ptr<const Model> model;
    std::vector<LoweredLayer> layers; ///< in the order of the graph; those of nested models too
    std::vector<UnknownLayer> unknown;

    /// All outputs of the network can be computed.
    bool isComplete() const;
    /// The layer that a tensor belongs to, by its name: "dense" of "dense/BiasAdd". The name itself where there is none.
    std::string layerOf(TensorIndex tensor) const;
};

/// Lowers a model for inference: dropout does nothing, BatchNormalization uses what it learned, dimensions that the model
/// leaves open are 1. Lambda layers and classes that Keras does not have are never executed: they stay unknown, with
/// everything that depends on them, unless `quantized` (a .tflite made from the same model) shows their operators, which
/// are then used and marked as inferred. Fails when config and weights contradict each other.
Result<LoweredKeras> lowerKeras(const KerasFile &file, const Model *quantized = nullptr);

} // namespace quantloupe
