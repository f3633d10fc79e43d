// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/data_type.h"
#include "base/result.h"
#include "base/shape.h"
#include "base/shared_bytes.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// One array of weights as the file stores it. Its components are separated by '/': first the top-level layer, then of
/// nested models and wrapped layers each name, last the weight.
/// - .h5: "conv2d/conv2d/kernel:0", "bidirectional/bidirectional/forward_lstm/lstm_cell/kernel:0",
///   "model_1/dense/bias:0" (the layer, then the name in weight_names as it stands there, which tells the role).
/// - .keras: "conv2d/0", "bidirectional/forward_layer/cell/0", "model_1/dense/1": the layers of nested models by their
///   names in the configuration, wrapped layers by the attribute that holds them, last the position in the layer's own
///   list of variables, in the order in which the layer makes them.
struct KerasWeight {
    std::string path;
    DataType type = DataType::Float32; ///< as stored: float16, float32, float64 or an integer type
    Shape shape;
    SharedBytes bytes; ///< C order, this machine's byte order
};

/// What one layer of the outermost model holds; of a nested model or a wrapper everything inside it.
struct KerasLayerWeights {
    std::string layer; ///< its name in the configuration
    /// .h5: in the order of weight_names: of each layer (a nested model counts as one) the trainable weights stand before
    /// the others. .keras: layer by layer, each with its variables in order.
    std::vector<KerasWeight> weights;
};

enum class KerasFormat { H5, Keras };

/// A Keras model as saved: nothing of it has been interpreted or executed.
struct KerasFile {
    std::string file; ///< for messages
    KerasFormat format = KerasFormat::H5;
    std::string config;       ///< JSON: {"class_name": "Sequential" or "Functional" or "Model", "config": {...}}
    std::string kerasVersion; ///< "2.9.0", "3.3.3"; empty where the file does not say
    std::string backend;      ///< "tensorflow"; empty where the file does not say
    std::vector<KerasLayerWeights> layers; ///< those that hold weights, in the file's order

    /// Null where the file has no weights for that layer.
    const KerasLayerWeights *weightsOf(std::string_view layer) const
    {
        for (const KerasLayerWeights &weights : layers)
            if (weights.layer == layer)
                return &weights;
        return nullptr;
    }
};

/// By content: an HDF5 file (also one that is no Keras model), or a zip archive with config.json and model.weights.h5.
bool looksLikeKeras(std::span<const std::byte> bytes);

/// Reads a Keras 2 or 3 model, .h5 or .keras, told apart by content. `name` is what messages call it. Hostile input ends
/// in an error: HDF5 is read by a process of its own (hdf5/hdf5_file.h).
Result<KerasFile> readKerasFile(std::span<const std::byte> bytes, std::string_view name);

} // namespace quantloupe
