// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model.h"
#include "keras/layer.h"

namespace quantloupe {

/// What a quantized model shows of layers that the Keras file does not tell: the operators whose tensors' names the
/// converter made of the layer's name ("model/lambda/strided_slice"). Only operators without learned weights, that read
/// nothing but the layer's inputs and constants, are taken; they are copied with float tensors.
class InferredLayers : public UnknownLayers {
public:
    explicit InferredLayers(const Model &quantized) : m_quantized(quantized.main()) {}

    std::optional<std::vector<TensorIndex>> infer(LayerCall &call) const override;

private:
    const Subgraph &m_quantized;
};

} // namespace quantloupe
