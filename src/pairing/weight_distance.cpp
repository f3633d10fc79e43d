// SPDX-License-Identifier: GPL-3.0-or-later
#include "pairing/weight_distance.h"

#include <cmath>
#include <cstring>

namespace quantloupe {
namespace {

/// The slice of `axis` that a flat index lies in.
class ChannelOf {
public:
    explicit ChannelOf(const Tensor &tensor)
    {
        if (!tensor.quant.isPerChannel() || tensor.quant.axis >= tensor.shape.rank())
            return;
        m_inner = static_cast<std::size_t>(tensor.shape.product(tensor.quant.axis + 1, tensor.shape.rank()));
        m_count = static_cast<std::size_t>(tensor.shape[tensor.quant.axis]);
    }
    std::size_t operator()(std::size_t i) const { return m_count == 0 ? 0 : i / m_inner % m_count; }

private:
    std::size_t m_inner = 1;
    std::size_t m_count = 0;
};

template <typename T> void dequantize(const Tensor &tensor, std::vector<float> &out)
{
    const ChannelOf channel(tensor);
    const auto *const codes = reinterpret_cast<const T *>(tensor.constant.bytes.data());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::size_t c = channel(i);
        out[i] = static_cast<float>(static_cast<double>(tensor.quant.scales[c]) * (static_cast<double>(codes[i]) - static_cast<double>(tensor.quant.zeroPoints[c])));
    }
}

} // namespace

std::vector<float> realValues(const Tensor &tensor)
{
    std::vector<float> values(static_cast<std::size_t>(tensor.shape.elementCount()));
    if (!tensor.isConstant())
        return {};
    if (tensor.type == DataType::Float32) {
        std::memcpy(values.data(), tensor.constant.bytes.data(), values.size() * sizeof(float));
        return values;
    }
    if (!tensor.quant.isQuantized())
        return {};
    switch (tensor.type) {
    case DataType::Int8: dequantize<std::int8_t>(tensor, values); break;
    case DataType::UInt8: dequantize<std::uint8_t>(tensor, values); break;
    case DataType::Int16: dequantize<std::int16_t>(tensor, values); break;
    case DataType::Int32: dequantize<std::int32_t>(tensor, values); break;
    case DataType::Int64: dequantize<std::int64_t>(tensor, values); break; // biases of int16 activations
    default: return {};
    }
    return values;
}

std::optional<double> weightDistance(const Subgraph &quantized, const Operator &q, const Subgraph &floats, const Operator &f)
{
    for (std::size_t i = 0; i < std::min(q.inputs.size(), f.inputs.size()); ++i) {
        if (!q.inputs[i].isValid() || !f.inputs[i].isValid())
            continue;
        const Tensor &left = quantized.tensor(q.inputs[i]);
        const Tensor &right = floats.tensor(f.inputs[i]);
        if (!left.isConstant() || !right.isConstant() || left.shape.rank() < 2 || left.shape != right.shape)
            continue;
        const auto a = realValues(left);
        const auto b = realValues(right);
        if (a.empty() || b.empty())
            continue;
        double difference = 0.0;
        double norm = 0.0;
        for (std::size_t k = 0; k < a.size(); ++k) {
            difference += (static_cast<double>(a[k]) - b[k]) * (static_cast<double>(a[k]) - b[k]);
            norm += static_cast<double>(b[k]) * b[k];
        }
        return norm > 0.0 ? std::sqrt(difference / norm) : (difference > 0.0 ? 1.0 : 0.0);
    }
    return std::nullopt;
}

} // namespace quantloupe
