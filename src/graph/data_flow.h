// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "graph/model.h"

namespace quantloupe {

/// Checks the order of operators: whatever one reads is a constant, an input, a variable or was produced before it; no
/// tensor is produced twice, or by an operator that also reads it; constants, variables and inputs are never produced.
/// Indices must be in range already.
Result<void> checkDataFlow(const Subgraph &subgraph);

/// Checks that operators which run subgraphs (IF, WHILE, CALL_ONCE, ...) name existing ones, and never one that leads
/// back to themselves.
Result<void> checkSubgraphCalls(const Model &model);

} // namespace quantloupe
