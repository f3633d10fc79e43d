// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/data_type.h"
#include "base/index.h"
#include "base/shape.h"
#include "graph/options.h"

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace quantloupe {

/// real = scale * (code - zeroPoint). One scale and zero point for the tensor, or one of each per slice of `axis`.
struct QuantParams {
    std::vector<float> scales;
    std::vector<std::int64_t> zeroPoints; ///< as many as scales; readers pad a missing list with zeros
    std::int32_t axis = 0;                ///< the format's quantized_dimension

    bool isQuantized() const { return !scales.empty(); }
    bool isPerChannel() const { return scales.size() > 1; }
    float scale() const { return scales.empty() ? 0.0f : scales.front(); }
    std::int64_t zeroPoint() const { return zeroPoints.empty() ? 0 : zeroPoints.front(); }
    bool operator==(const QuantParams &) const = default;
};

/// Bytes of a constant tensor, 16-byte aligned, kept alive by whoever shares them (the file's bytes, a folded result).
struct ConstantData {
    std::shared_ptr<const void> owner;
    std::span<const std::byte> bytes;

    explicit operator bool() const { return owner != nullptr; }
    /// Copies into aligned storage of its own.
    static ConstantData copyOf(std::span<const std::byte> bytes);
};

struct Tensor {
    std::string name;
    DataType type = DataType::Float32;
    Shape shape;
    std::vector<std::int32_t> shapeSignature; ///< as the format's shape_signature: -1 for a dynamic axis; often empty
    QuantParams quant;
    ConstantData constant; ///< empty for what is computed at run time
    bool isVariable = false;

    bool isConstant() const { return static_cast<bool>(constant); }
};

struct Operator {
    std::string name; ///< "CONV_2D"; for custom operators their custom code
    bool isCustom = false;
    std::int32_t version = 1;
    std::vector<TensorIndex> inputs; ///< an invalid index is an optional input left out
    std::vector<TensorIndex> outputs;
    std::vector<TensorIndex> intermediates;
    Options options;
    ConstantData customOptions;
};

struct Subgraph {
    std::string name;
    std::vector<Tensor> tensors;
    std::vector<Operator> operators; ///< in an order in which they can run
    std::vector<TensorIndex> inputs;
    std::vector<TensorIndex> outputs;

    const Tensor &tensor(TensorIndex index) const { return tensors[index.position()]; }
    const Operator &op(OperatorIndex index) const { return operators[index.position()]; }
};

/// The one representation every reader produces. Readers guarantee: indices are in range, operators stand in
/// topological order, a constant's bytes are exactly its shape times its element size, scales are finite, and as many
/// as the quantized axis is long.
struct Model {
    std::string file;        ///< where it was read from, "archive.mltk.zip:entry.tflite" inside an archive
    std::string format;      ///< name of the format row that read it ("tflite")
    std::string description; ///< the file's own text, often "MLIR Converted."
    std::vector<Subgraph> subgraphs;
    std::map<std::string, ConstantData> metadata; ///< named buffers ("SL_PARAMSv1", "min_runtime_version")
    std::size_t fileSize = 0;

    const Subgraph &main() const { return subgraphs.front(); }
};

/// What the types of a model's constants and activations say it is.
enum class ModelKind {
    Float,        ///< float weights and activations
    DynamicRange, ///< float activations, some weights int8: not a true float reference
    Quantized,    ///< integer activations
};
ModelKind kindOf(const Model &model);
std::string_view name(ModelKind kind);

/// "tensor 5 (conv/kernel)" and "operator 3 CONV_2D": how messages name a place.
std::string placeOf(const Subgraph &subgraph, TensorIndex index);
std::string placeOf(const Subgraph &subgraph, OperatorIndex index);

} // namespace quantloupe
