// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model.h"

namespace quantloupe {

/// Operand places of UNIDIRECTIONAL_SEQUENCE_LSTM (the format's order).
inline constexpr std::size_t kLstmOutputState = 18;
inline constexpr std::size_t kLstmCellState = 19;
inline constexpr std::size_t kLstmHidden = 4; ///< among the intermediates

/// Calls f(index, operator) for every integer LSTM of a graph: those whose cell state is int16.
template <typename F> void forEachIntegerLstm(const Subgraph &graph, F &&f)
{
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        const Operator &op = graph.operators[i];
        if (op.name == "UNIDIRECTIONAL_SEQUENCE_LSTM" && op.inputs.size() > kLstmCellState && op.inputs[kLstmCellState].isValid()
            && graph.tensor(op.inputs[kLstmCellState]).type == DataType::Int16)
            f(OperatorIndex(i), op);
    }
}

} // namespace quantloupe
