// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model.h"
#include "interpreter/rnn_recording.h"

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// A recurrent layer that was converted step by step into plain operators, and where its gates and states are.
struct UnrolledRecurrence {
    enum class Cell { Lstm, Gru, Simple };
    /// By InternalQuantity; invalid where a step has none: the first one knows no state, and the converter folds what is 0.
    using StepTensors = std::array<TensorIndex, kInternalQuantityCount>;

    Cell cell = Cell::Lstm;
    std::string name; ///< the path that its tensors' names share; empty where they share none
    std::vector<StepTensors> steps;
    OperatorIndex op;          ///< makes the last step's hidden state
    std::size_t operators = 0; ///< that make the tensors named here
    std::size_t sequences = 0; ///< the batch axis of its tensors
    std::size_t units = 0;

    TensorIndex at(std::size_t step, InternalQuantity quantity) const { return steps[step][static_cast<std::size_t>(quantity)]; }
    /// "LSTM (unrolled)"
    std::string_view title() const;

    /// Writes the real values of one sample's tensor; what it leaves alone counts as missing.
    using ReadValues = std::function<void(TensorIndex tensor, std::size_t sample, std::span<float> out)>;
    /// What `read` gives, in the form in which fused operators show their insides. Integer forms are those of `forms`; null: float.
    RnnRecord record(std::size_t batch, const ReadValues &read, const Subgraph *forms) const;
};

/// LSTMs and GRUs told by how a step's states follow from its gates, simple recurrent layers of three steps or more by their shared
/// weights. A single step counts where its state is an input of the model.
std::vector<UnrolledRecurrence> findUnrolledRecurrences(const Subgraph &graph);

/// Real values of one tensor's elements: codes by their scale, float32 as they are. False for other types.
bool readReal(const Tensor &tensor, std::span<const std::byte> elements, std::span<float> out);

} // namespace quantloupe
