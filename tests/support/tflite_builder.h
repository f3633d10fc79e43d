// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/data_type.h"
#include "support/bytes.h"

#include "tflite_generated.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quantloupe::test {

/// One tensor to add. Tensors are per-tensor quantized when `scales` has one entry.
struct TensorSpec {
    std::string name = {};
    std::vector<std::int32_t> shape = {};
    DataType type = DataType::Float32;
    std::vector<float> scales = {};
    std::vector<std::int64_t> zeroPoints = {};
    std::int32_t axis = 0;
    std::optional<Bytes> data = {};
    bool isVariable = false;
};

/// Builds small .tflite files. `model()` is the file before it is packed: change any field to make a broken one.
class TfliteBuilder {
public:
    TfliteBuilder();

    fbs::ModelT &model() { return m_model; }
    fbs::SubGraphT &graph() { return *m_model.subgraphs.front(); }

    std::int32_t tensor(TensorSpec spec);
    /// Options by the schema's object types: `op(BuiltinOperator::ADD, {0, 1}, {2}, fbs::AddOptionsT{})`.
    template <typename Options> fbs::OperatorT &op(fbs::BuiltinOperator code, std::vector<std::int32_t> inputs, std::vector<std::int32_t> outputs, Options options)
    {
        fbs::OperatorT &added = op(code, std::move(inputs), std::move(outputs));
        added.builtin_options.Set(std::move(options));
        return added;
    }
    fbs::OperatorT &op(fbs::BuiltinOperator code, std::vector<std::int32_t> inputs, std::vector<std::int32_t> outputs);
    fbs::OperatorT &custom(std::string code, std::vector<std::int32_t> inputs, std::vector<std::int32_t> outputs);
    TfliteBuilder &ends(std::vector<std::int32_t> inputs, std::vector<std::int32_t> outputs);

    Bytes bytes() const;

private:
    fbs::ModelT m_model;
};

template <typename T> Bytes bytesOfValues(const std::vector<T> &values)
{
    const auto bytes = std::as_bytes(std::span(values));
    return {bytes.begin(), bytes.end()};
}

/// x [1, 4] int8 -> FULLY_CONNECTED with [2, 4] weights and bias -> y [1, 2] int8 -> SOFTMAX -> z.
TfliteBuilder smallQuantizedModel();
/// The same network in float, with the same names.
TfliteBuilder smallFloatModel();
/// The float one with int8 weights.
TfliteBuilder smallDynamicRangeModel();

} // namespace quantloupe::test
