// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "graph/model.h"
#include "kernels/kernel.h"

#include <memory>
#include <optional>
#include <vector>

namespace quantloupe {

/// What is known of a tensor before a run.
struct TensorPlan {
    Shape shape;                  ///< as computed from the inputs' shapes
    ConstantData value;           ///< constants and what follows from constants alone
    bool isDynamic = false;       ///< its shape depends on values and is known only while running
    bool isMissing = false;       ///< nothing produces it: its operator, or one before it, cannot run
};

struct OperatorPlan {
    EvalFunction eval;            ///< empty when folded, dynamic or missing
    std::size_t scratchBytes = 0;
    bool isFolded = false;        ///< computed once while preparing
    bool isDynamic = false;       ///< prepared again at every run
    std::optional<Error> missing; ///< why it cannot run: not supported, or it depends on one that is not
};

/// A model made ready to run: every operator prepared, every static shape known, results that depend on constants only
/// computed. Immutable; one is shared by the interpreters of all threads.
class PreparedModel {
public:
    /// `maxBatch` samples at most are run at once; models with dynamic shapes run one at a time.
    /// Fails when the model contradicts itself. An operator that is not supported is no failure: its plan says why.
    static Result<std::shared_ptr<const PreparedModel>> prepare(std::shared_ptr<const Model> model, KernelProfile profile, std::size_t maxBatch);

    const Model &model() const { return *m_model; }
    const Subgraph &graph() const { return m_model->main(); }
    KernelProfile profile() const { return m_profile; }
    std::size_t maxBatch() const { return m_maxBatch; }

    const TensorPlan &tensor(TensorIndex index) const { return m_tensors[index.position()]; }
    const OperatorPlan &op(OperatorIndex index) const { return m_operators[index.position()]; }
    std::size_t scratchBytes() const { return m_scratchBytes; }

private:
    Result<void> prepareAll();
    Result<void> prepareOperator(OperatorIndex index);
    Result<void> fold(OperatorIndex index);

    std::shared_ptr<const Model> m_model;
    KernelProfile m_profile = KernelProfile::Litert;
    std::size_t m_maxBatch = 1;
    std::size_t m_scratchBytes = 0;
    std::vector<TensorPlan> m_tensors;
    std::vector<OperatorPlan> m_operators;
};

/// Fills `outputs[i].shape` from the stored shape and calls the kernel's prepare(). Shared with runs of single
/// operators on other data (float twins).
Result<EvalFunction> prepareKernel(const Operator &op, std::span<const OperandDesc> inputs, std::span<OperandDesc> outputs,
                                   std::span<const OperandDesc> intermediates, KernelProfile profile, std::size_t maxBatch, std::size_t &scratchBytes);

} // namespace quantloupe
