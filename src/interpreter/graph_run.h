// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/aligned_buffer.h"
#include "interpreter/subgraph_plan.h"
#include "interpreter/tensor_memory.h"

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
    /// `lives`, one a tensor, tell how long each is needed, in steps that run one after the other; tensors whose lives do not meet
    /// share memory. One with fewer samples than the plan's maxBatch() is there for a part of a batch at a time. None at all means
    /// that everything stays, of whole batches.
    explicit GraphRun(std::shared_ptr<const SubgraphPlan> plan, std::vector<TensorLife> lives = {});

    /// What a run meets outside of its graph. Only `surroundings` is always there.
    struct Context {
        Surroundings surroundings;
        OperatorObserver *observer = nullptr;
        InternalsSink *internals = nullptr;
        std::stop_token stop = {};
    };
    Result<void> invoke(std::size_t batch, const Context &context);
    /// Runs one operator on a part of a batch; nothing where it is missing. Every operator before it must have run on that part.
    Result<void> invoke(OperatorIndex op, SampleRange samples, const Context &context);
    void resetState();

    const SubgraphPlan &plan() const { return *m_plan; }
    std::span<std::byte> writable(TensorIndex tensor, std::size_t sample);
    const Shape &shape(TensorIndex tensor) const;
    /// The tensor's bytes of one sample; empty when it is missing.
    std::span<const std::byte> bytes(TensorIndex tensor, std::size_t sample = 0) const;
    Operand operand(TensorIndex tensor) const { return tensor.isValid() ? m_operands[tensor.position()] : Operand{}; }
    /// From the first sample of a part of a batch on.
    Operand operand(TensorIndex tensor, const SampleRange &samples) const;

private:
    void allocate();
    std::vector<bool> tensorsInUse() const;
    bool isInArena(std::size_t tensor) const;
    TensorLife life(std::size_t tensor) const { return m_lives.empty() ? TensorLife{m_plan->maxBatch()} : m_lives[tensor]; }
    Result<void> run(OperatorIndex op, SampleRange samples, const Context &context);
    Result<void> prepareDynamic(OperatorIndex op, const Surroundings &around);
    Result<void> placeDynamic(TensorIndex tensor, const Shape &shape);
    void allocateState(OperatorIndex op, std::size_t stateBytes);
    std::size_t byteSize(TensorIndex tensor) const;

    std::shared_ptr<const SubgraphPlan> m_plan;
    std::vector<TensorLife> m_lives; ///< by tensor; empty: all stay
    AlignedBuffer m_arena;
    AlignedBuffer m_scratch;
    std::vector<Operand> m_operands;       ///< by tensor
    std::vector<Operand> m_inputs;         ///< of the operator that runs
    std::vector<Operand> m_outputs;

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
