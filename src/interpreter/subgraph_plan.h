// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "graph/model.h"
#include "kernels/kernel.h"

#include <memory>
#include <optional>
#include <vector>

namespace quantloupe {

/// Bytes of one tensor that is computed: a small file must not make us fill the memory.
inline constexpr std::size_t kMostTensorBytes = std::size_t{1} << 28;
/// Fails when a tensor of that shape, an axis of length 0 taken for 1, is larger.
Result<void> requireTensorFits(const Tensor &tensor, const Shape &shape);

/// What is known of a tensor before a run.
struct TensorPlan {
    Shape shape;                  ///< as computed from the inputs' shapes
    ConstantData value;           ///< constants and what follows from constants alone
    bool isDynamic = false;       ///< its shape depends on values and is known only while running
    bool isMissing = false;       ///< nothing produces it: its operator, or one before it, cannot run
};

/// What a prepared operator wants besides its operands.
struct KernelMemory {
    std::size_t scratchBytes = 0;
    std::size_t stateBytes = 0; ///< for each sample; kept from run to run
};

struct OperatorPlan {
    EvalFunction eval;            ///< empty when folded, dynamic or missing
    KernelMemory memory;
    bool isFolded = false;        ///< computed once while preparing
    bool isDynamic = false;       ///< prepared again at every run
    std::optional<Error> missing; ///< why it cannot run: not supported, or it depends on one that is not
};

/// One graph made ready to run for inputs of certain shapes: every operator prepared, every static shape known, results
/// that depend on constants only computed. Immutable; it points into the model.
class SubgraphPlan {
public:
    /// `inputs` are the shapes of the graph's inputs; none at all means those stored in the file.
    static Result<std::shared_ptr<const SubgraphPlan>> prepare(const Model &model, std::size_t subgraph, std::span<const Shape> inputs, KernelProfile profile,
                                                               std::size_t maxBatch, SubgraphPlanner &planner);

    const Subgraph &graph() const { return *m_graph; }
    KernelProfile profile() const { return m_profile; }
    std::size_t maxBatch() const { return m_maxBatch; }

    const TensorPlan &tensor(TensorIndex index) const { return m_tensors[index.position()]; }
    const OperatorPlan &op(OperatorIndex index) const { return m_operators[index.position()]; }
    std::size_t scratchBytes() const { return m_scratchBytes; }
    /// Of all tensors of static shape, for one sample.
    std::size_t tensorBytes() const;
    /// Some operator must run one sample at a time: shapes may differ from sample to sample, and variables are shared.
    bool needsSingleSamples() const;

private:
    Result<void> prepareAll(std::span<const Shape> inputs, SubgraphPlanner &planner);
    Result<void> prepareOperator(OperatorIndex index, SubgraphPlanner &planner);
    Result<void> fold(OperatorIndex index);

    const Subgraph *m_graph = nullptr;
    KernelProfile m_profile = KernelProfile::Litert;
    std::size_t m_maxBatch = 1;
    std::size_t m_scratchBytes = 0;
    std::vector<TensorPlan> m_tensors;
    std::vector<OperatorPlan> m_operators;
};

/// What surrounds an operator with subgraphs or variables; nothing for runs of single operators.
struct Surroundings {
    SubgraphPlanner *planner = nullptr;
    SubgraphRunner *runner = nullptr;
};

/// Fills `outputs[i].shape` from the stored shape and calls the kernel's prepare(). Shared with runs of single
/// operators on other data (float twins).
Result<EvalFunction> prepareKernel(const Operator &op, std::span<const OperandDesc> inputs, std::span<OperandDesc> outputs,
                                   std::span<const OperandDesc> intermediates, KernelProfile profile, std::size_t maxBatch, KernelMemory &memory,
                                   Surroundings around = {});

} // namespace quantloupe
