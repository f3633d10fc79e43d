// SPDX-License-Identifier: GPL-3.0-or-later
//
// What went on inside a recurrent operator, time step by time step, quantized against float.
#pragma once

#include "base/data_type.h"
#include "base/index.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// What a quantity is within its operator.
enum class RnnRole {
    GateSum,        ///< a gate before its activation; Q3.12 in integer LSTM operators, so it ends at +-8
    Gate,           ///< a gate after its activation
    Cell,           ///< the cell state after the step
    CellActivation, ///< tanh(cell), as the output gate met it
    Hidden,         ///< the hidden state after the step, which is the operator's output
    Memory,         ///< the memory of SVDF's filters
};
std::string_view name(RnnRole role);
std::optional<RnnRole> rnnRole(std::string_view name);

/// One side's values by time step: over all samples, sequences and units. NaN where nothing finite was met.
struct RnnValues {
    std::vector<double> mean;
    std::vector<double> min;
    std::vector<double> max;
    /// Share (0..1) of the values that the integer form's limits cut: of the quantized side those that lie on a limit,
    /// of the float side those that lie beyond one.
    std::vector<double> saturated;
};

/// Quantized against float by time step; diff = quantized - float in real units.
struct RnnError {
    std::vector<double> rmse;
    std::vector<double> meanError;
    std::vector<double> maxAbsError;
    RnnValues floats;
    /// [step * units + unit], for heat maps; of Cell, Hidden and Memory, empty for other roles and where steps * units
    /// passes kMostCells.
    std::vector<float> meanSquaredErrorByUnit;

    static constexpr std::size_t kMostCells = std::size_t{1} << 20;
};

struct RnnQuantity {
    std::string name;                    ///< "forget_gate_sum", "cell"
    RnnRole role = RnnRole::Hidden;
    std::string gate;                    ///< "input", "forget", "cell", "output"; "update", "reset", "candidate"; empty for what belongs to no gate
    std::size_t units = 0;               ///< hidden: the projection's where there is one
    DataType type = DataType::Float32;   ///< of the quantized model's form
    float scale = 1.0f;                  ///< real = scale * (code - zeroPoint); 1 and 0 for float32
    std::int32_t zeroPoint = 0;
    double lowest = 0.0;                 ///< the limits of the integer form in real units; infinite for float32
    double highest = 0.0;
    /// Of unrolled layers, whose steps have a scale and limits each (scale and zeroPoint above are then the last step's, lowest and
    /// highest hold all of them); NaN for steps without the quantity. Empty where one form serves all steps.
    std::vector<double> scaleByStep;
    std::vector<double> lowestByStep;
    std::vector<double> highestByStep;
    RnnValues quantized;
    std::vector<double> saturatedByUnit; ///< share (0..1) over samples, sequences and steps
    std::optional<RnnError> local;       ///< against the float twin, which has states of its own
    std::optional<RnnError> accumulated; ///< against the float model
};

/// One recurrent operator of the quantized model, or a recurrent layer that the converter unrolled into plain operators. Local
/// errors of the latter are those of its single operators.
struct RnnTrace {
    OperatorIndex op;           ///< of an unrolled layer the one that makes the last hidden state
    TensorIndex tensor;         ///< its output
    std::string opName;         ///< "UNIDIRECTIONAL_SEQUENCE_LSTM", "GRU (unrolled)"
    std::string name;           ///< the output tensor's; of an unrolled layer the path that its tensors share
    std::size_t operators = 1;  ///< more than 1: an unrolled layer
    std::size_t steps = 0;      ///< of one sample
    std::size_t sequences = 0;  ///< the operator's own batch axis, mostly 1
    std::size_t units = 0;      ///< of the gates and the cell
    std::vector<RnnQuantity> quantities;

    /// Null when there is none of that name.
    const RnnQuantity *find(std::string_view quantityName) const;
};

} // namespace quantloupe
