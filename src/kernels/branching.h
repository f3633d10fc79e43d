// SPDX-License-Identifier: GPL-3.0-or-later
//
// What IF and WHILE share: their results come from subgraphs that run when they run.
#pragma once

#include "kernels/kernel.h"

#include <functional>

namespace quantloupe {

/// Runs the subgraphs an operator needs on its inputs and returns its outputs.
using Branches = std::function<Result<std::vector<TensorValue>>(SubgraphRunner &, std::vector<TensorValue> inputs)>;

/// The inputs from `first` on, as a subgraph gets them.
std::vector<OperandDesc> branchInputs(const PrepareContext &context, std::size_t first);
/// Fails unless the outputs are as many and of the types the operator has.
Result<void> requireOutputs(const PrepareContext &context, const SubgraphSignature &signature);

/// The operator whose outputs, of shapes known before, `branches` computes.
EvalFunction branching(PrepareContext &context, std::size_t firstInput, std::span<const OperandDesc> outputs, Branches branches);
/// The same where the outputs' shapes are known only from their values: computes them at once when the operator is
/// prepared at run time, and is an error with code ValueUnknown before.
Result<EvalFunction> dynamicBranching(PrepareContext &context, std::size_t firstInput, const Branches &branches);

} // namespace quantloupe
