// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/model.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::size_t kAlignment = 16;

bool isIntegerActivation(const Tensor &tensor)
{
    return tensor.quant.isQuantized() && isQuantizable(tensor.type) && tensor.type != DataType::Int32;
}

} // namespace

ConstantData ConstantData::copyOf(std::span<const std::byte> bytes)
{
    // One element more than needed, so that an empty constant still has an owner and counts as known.
    struct alignas(kAlignment) Block {
        std::byte bytes[kAlignment];
    };
    auto storage = std::make_shared<std::vector<Block>>(bytes.size() / kAlignment + 1);
    if (!bytes.empty())
        std::memcpy(storage->data(), bytes.data(), bytes.size());
    return {storage, {reinterpret_cast<const std::byte *>(storage->data()), bytes.size()}};
}

ModelKind kindOf(const Model &model)
{
    bool integerWeights = false;
    for (const Subgraph &subgraph : model.subgraphs) {
        for (const Operator &op : subgraph.operators) {
            for (const TensorIndex output : op.outputs)
                if (isIntegerActivation(subgraph.tensor(output)))
                    return ModelKind::Quantized;
            for (const TensorIndex input : op.inputs)
                integerWeights |= input.isValid() && subgraph.tensor(input).isConstant() && isIntegerActivation(subgraph.tensor(input));
        }
    }
    return integerWeights ? ModelKind::DynamicRange : ModelKind::Float;
}

std::string_view name(ModelKind kind)
{
    switch (kind) {
    case ModelKind::Float: return "float";
    case ModelKind::DynamicRange: return "dynamic-range";
    case ModelKind::Quantized: return "quantized";
    }
    return {};
}

std::string placeOf(const Subgraph &subgraph, TensorIndex index)
{
    return fmt::format("tensor {} ({})", index.value, subgraph.tensor(index).name);
}

std::string placeOf(const Subgraph &subgraph, OperatorIndex index)
{
    return fmt::format("operator {} {}", index.value, subgraph.op(index).name);
}

} // namespace quantloupe
