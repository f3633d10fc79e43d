// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plain recurrent layer h' = activation(bias + W x + R h), which RNN takes one step of, UNIDIRECTIONAL_SEQUENCE_RNN
// many, and BIDIRECTIONAL_SEQUENCE_RNN many in both directions. Float, and hybrid with int8 weights.
// Semantics of tensorflow/lite/kernels/internal/kernel_utils.cc, RnnBatchStep.
#pragma once

#include "kernels/internals.h"
#include "kernels/row_product.h"

#include <optional>

namespace quantloupe::rnn {

/// Activations that a fused one of this operator may be: more than the RELU kinds of feed-forward operators.
enum class CellActivation { None = 0, Relu = 1, ReluN1To1 = 2, Relu6 = 3, Tanh = 4, SignBit = 5 };
Result<CellActivation> fusedCellActivation(const PrepareContext &context);
float activated(CellActivation activation, float x);

/// Where the operator has what a layer reads; auxiliary input and weights may be missing.
struct Places {
    std::size_t input = 0;
    std::size_t weights = 1;
    std::size_t recurrentWeights = 2;
    std::size_t bias = 3;
    std::size_t state = 4;
    std::optional<std::size_t> auxiliaryInput = {};
    std::optional<std::size_t> auxiliaryWeights = {};
};

/// One direction of one layer.
class Layer {
public:
    /// Checks shapes and types. `input` is [batch, features], or with time in front of or behind the batch.
    static Result<Layer> make(const PrepareContext &context, const Places &places, ScratchLayout &layout, bool isTimeMajor, bool isBackward);

    std::size_t units() const { return m_units; }
    /// Writes hidden states to rows of `rowWidth` elements in output `output`, from element `firstColumn` on.
    void run(EvalContext &context, std::size_t output, std::size_t rowWidth, std::size_t firstColumn) const;

private:
    void tell(EvalContext &context, std::size_t sample, std::size_t sequence, std::size_t step, const float *sums, const float *hidden) const;
    std::size_t row(std::size_t sequence, std::size_t step) const { return m_isTimeMajor ? step * m_sequences + sequence : sequence * m_steps + step; }

    Places m_places;
    bool m_isTimeMajor = false;
    bool m_isBackward = false;
    std::size_t m_sequences = 1;
    std::size_t m_steps = 1;
    std::size_t m_features = 0;
    std::size_t m_auxiliaryFeatures = 0;
    std::size_t m_units = 0;
    CellActivation m_activation = CellActivation::None;
    RowProduct m_fromInput;
    RowProduct m_fromState;
    std::optional<RowProduct> m_fromAuxiliary;
    std::vector<float> m_bias;
    ScratchPlace<float> m_sums;
    ScratchPlace<float> m_product;
    RowProduct::Scratch m_hybrid;
};

} // namespace quantloupe::rnn
