// SPDX-License-Identifier: GPL-3.0-or-later
//
// What goes on inside recurrent operators, for observers: the gates, cell and hidden state of every time step.
#pragma once

#include "base/index.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace quantloupe {

/// The quantities an operator can show. Of an LSTM: each gate before its activation (Q3.12 in the integer form, after
/// layer normalisation where there is one) and after it, then what the gates made.
enum class InternalQuantity {
    InputGateSum,
    ForgetGateSum,
    CellGateSum,
    OutputGateSum,
    InputGate,
    ForgetGate,
    CellGate,
    OutputGate,
    Cell,           ///< the cell state after the step
    CellActivation, ///< tanh(cell) as the output gate met it (a wrong value where the reference skips tanh)
    Hidden,         ///< the hidden state after the step, projected where there is a projection
    SvdfState,      ///< of SVDF: the memory of every filter, oldest first
    UpdateGateSum,  ///< of a GRU: the gate that keeps the hidden state ...
    ResetGateSum,
    CandidateGateSum,
    UpdateGate,
    ResetGate,
    CandidateGate,
};
inline constexpr std::size_t kInternalQuantityCount = 18;
/// "input_gate_sum", "cell", ...: names for files and tables.
std::string_view name(InternalQuantity quantity);

/// One quantity over the units: exactly one of the spans is filled. real = scale * (code - zeroPoint).
struct InternalValues {
    InternalQuantity quantity{};
    std::span<const float> real = {};
    std::span<const std::int8_t> codes8 = {};
    std::span<const std::int16_t> codes16 = {};
    float scale = 1.0f;
    std::int32_t zeroPoint = 0;
    std::int32_t clip = 0; ///< codes are kept within +-clip; 0: within the type's range

    std::size_t size() const { return real.size() + codes8.size() + codes16.size(); }
    bool isInteger() const { return real.empty(); }
    float realValue(std::size_t unit) const
    {
        if (!isInteger())
            return real[unit];
        return realOf(codes8.empty() ? codes16[unit] : codes8[unit]);
    }
    float realOf(std::int32_t code) const { return scale * static_cast<float>(code - zeroPoint); }
    /// Smallest and largest code that can be. Only of the integer form.
    std::pair<std::int32_t, std::int32_t> codeLimits() const
    {
        if (clip > 0)
            return {-clip, clip};
        return codes8.empty() ? std::pair{-32768, 32767} : std::pair{-128, 127};
    }
};

/// One time step of one sequence. The spans live as long as the call. An LSTM whose input gate is coupled to the forget
/// gate (CIFG) shows no InputGateSum.
struct InternalsStep {
    std::size_t sample = 0;   ///< within the batch that runs
    std::size_t sequence = 0; ///< along the operator's own batch axis
    std::size_t step = 0;
    std::span<const InternalValues> values;
};

/// Told of every step of the recurrent operators. Nothing is computed for it when none is set.
class InternalsSink {
public:
    virtual ~InternalsSink() = default;
    /// The operator whose steps follow.
    virtual void operatorStarts(OperatorIndex op) = 0;
    virtual void step(const InternalsStep &step) = 0;
};

} // namespace quantloupe
