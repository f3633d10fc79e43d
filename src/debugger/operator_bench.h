// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/aligned_buffer.h"
#include "interpreter/prepared_model.h"

#include <map>
#include <memory>
#include <vector>

namespace quantloupe {

/// One operator of a prepared model, run by itself on one sample at a time, with constants of its own where wanted. State
/// is fresh at every run.
class OperatorBench {
public:
    /// Values that stand for constants of the operator, by input position; as many elements as the constant, float32.
    using Replacements = std::map<std::size_t, std::vector<float>>;

    static Result<OperatorBench> make(const PreparedModel &model, OperatorIndex op, const Replacements &replacements = {});

    /// Where input `i` comes from; constants and state are the bench's own. `data` must stay until the run.
    void setInput(std::size_t i, const std::byte *data) { m_inputs[i].data = const_cast<std::byte *>(data); }
    /// True for the inputs that setInput() is for.
    bool isFree(std::size_t i) const { return m_isFree[i]; }

    Result<void> run();
    const std::byte *output(std::size_t i = 0) const { return m_outputs[i].data; }

private:
    void place(const PreparedModel &model, const Operator &op, const std::vector<OperandDesc> &inputs, const std::vector<OperandDesc> &outputs, const KernelMemory &memory);
    void resetState();

    struct State {
        std::size_t input;
        std::size_t bytes;
        int fill;
    };
    EvalFunction m_eval;
    std::vector<std::unique_ptr<Tensor>> m_constants; ///< replaced ones; kernels may point to them
    std::vector<AlignedBuffer> m_storage;
    std::vector<Operand> m_inputs;
    std::vector<Operand> m_outputs;
    std::vector<bool> m_isFree;
    std::vector<State> m_states;
    AlignedBuffer m_ownState;
    AlignedBuffer m_scratch;
};

} // namespace quantloupe
