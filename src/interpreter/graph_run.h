// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/aligned_buffer.h"
#include "interpreter/subgraph_plan.h"

#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace quantloupe {

/// Told of every operator right after it ran, while its operands are still in the cache.
class OperatorObserver {
public:
    virtual ~OperatorObserver() = default;
    virtual void operatorDone(OperatorIndex op, std::size_t batch) = 0;
};

/// The memory of one graph, and its runs. Tensors stay readable until the next run.
class GraphRun {
public:
    explicit GraphRun(std::shared_ptr<const SubgraphPlan> plan);

    /// What a run meets outside of its graph. Only `surroundings` is always there.
    struct Context {
        Surroundings surroundings;
        OperatorObserver *observer = nullptr;
        InternalsSink *internals = nullptr;
        std::stop_token stop = {};
    };
    Result<void> invoke(std::size_t batch, const Context &context);
    void resetState();

    const SubgraphPlan &plan() const { return *m_plan; }
    std::span<std::byte> writable(TensorIndex tensor, std::size_t sample);
    const Shape &shape(TensorIndex tensor) const;
    /// The tensor's bytes of one sample; empty when it is missing.
    std::span<const std::byte> bytes(TensorIndex tensor, std::size_t sample = 0) const;
    Operand operand(TensorIndex tensor) const { return tensor.isValid() ? m_operands[tensor.position()] : Operand{}; }

private:
    void allocate();
    std::vector<bool> tensorsInUse() const;
    bool isInArena(std::size_t tensor) const;
    void gatherOperands();
    Result<void> run(OperatorIndex op, std::size_t batch, const Context &context);
    Result<void> prepareDynamic(OperatorIndex op, const Surroundings &around);
    Result<void> placeDynamic(TensorIndex tensor, const Shape &shape);
    void allocateState(OperatorIndex op, std::size_t stateBytes);
    std::size_t byteSize(TensorIndex tensor) const;

    std::shared_ptr<const SubgraphPlan> m_plan;
    AlignedBuffer m_arena;
    AlignedBuffer m_scratch;
    std::vector<Operand> m_operands;       ///< by tensor
    std::vector<Operand> m_inputs;         ///< of all operators, one after another
    std::vector<Operand> m_outputs;
    std::vector<std::size_t> m_firstInput; ///< by operator, into m_inputs
    std::vector<std::size_t> m_firstOutput;

    struct Dynamic {
        Shape shape;
        AlignedBuffer bytes;
    };
    struct DynamicOperator {
        EvalFunction eval;
        KernelMemory memory;
    };
    std::vector<Dynamic> m_dynamicTensors; ///< by tensor; empty for static graphs
    std::vector<DynamicOperator> m_dynamicOperators;
    std::vector<AlignedBuffer> m_states; ///< by operator: what it keeps besides variable tensors
};

} // namespace quantloupe
