// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/aligned_buffer.h"
#include "interpreter/prepared_model.h"

#include <memory>
#include <span>
#include <vector>

namespace quantloupe {

/// Told of every operator right after it ran, while its operands are still in the cache.
class OperatorObserver {
public:
    virtual ~OperatorObserver() = default;
    virtual void operatorDone(OperatorIndex op, std::size_t batch) = 0;
};

/// Runs a prepared model on batches of samples. Each thread has its own. All tensors of a run stay readable until the
/// next one.
class Interpreter {
public:
    explicit Interpreter(std::shared_ptr<const PreparedModel> model);

    const PreparedModel &model() const { return *m_model; }

    /// Where sample `sample` of model input `input` is to be written before invoke().
    std::span<std::byte> input(std::size_t input, std::size_t sample = 0);
    std::span<const std::byte> output(std::size_t output, std::size_t sample = 0) const;

    /// Runs `batch` samples, at most model().maxBatch(). Fails where an operator meets values it is not defined for.
    Result<void> invoke(std::size_t batch, OperatorObserver *observer = nullptr);

    /// Variables back to their initial values: integers to their zero point, all else to 0. Called before every batch
    /// for state `reset`; between runs it is left out for `carry`, which must go one sample at a time.
    void resetState();

    /// Shape in the last run; the planned one where shapes are static.
    const Shape &shape(TensorIndex tensor) const;
    /// The tensor's bytes of one sample; empty when it is missing.
    std::span<const std::byte> bytes(TensorIndex tensor, std::size_t sample = 0) const;
    Operand operand(TensorIndex tensor) const { return tensor.isValid() ? m_operands[tensor.position()] : Operand{}; }

    void setInternalsSink(InternalsSink *sink) { m_internals = sink; }

private:
    void allocate();
    Result<void> run(OperatorIndex op, std::size_t batch);
    Result<void> prepareDynamic(OperatorIndex op);
    std::size_t byteSize(TensorIndex tensor) const;

    std::shared_ptr<const PreparedModel> m_model;
    AlignedBuffer m_arena;
    AlignedBuffer m_scratch;
    std::vector<Operand> m_operands;           ///< by tensor
    std::vector<Operand> m_inputs;             ///< of all operators, one after another
    std::vector<Operand> m_outputs;
    std::vector<std::size_t> m_firstInput;     ///< by operator, into m_inputs
    std::vector<std::size_t> m_firstOutput;

    struct Dynamic {
        Shape shape;
        AlignedBuffer bytes;
    };
    struct DynamicOperator {
        EvalFunction eval;
        std::size_t scratchBytes = 0;
    };
    std::vector<Dynamic> m_dynamicTensors;     ///< by tensor; empty for static models
    std::vector<DynamicOperator> m_dynamicOperators;
    InternalsSink *m_internals = nullptr;
};

} // namespace quantloupe
