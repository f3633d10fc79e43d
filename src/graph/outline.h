// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/blocks.h"
#include "graph/layered_layout.h"

#include <functional>

namespace quantloupe {

/// A subgraph as it is drawn: what the user sees as one node, and where it stands.
struct Outline {
    enum class NodeKind { Input, Operator, Block, Output };
    struct Node {
        NodeKind kind;
        std::string title;  ///< operator or block; "input", "output"
        std::string name;   ///< the tensor's or the block's
        std::vector<OperatorIndex> operators; ///< none for inputs and outputs
        TensorIndex tensor; ///< what comes out of it (its last operator's first output)
        int block = -1;     ///< in `blocks`, for one that could be folded, folded or not
    };

    std::vector<Block> blocks; ///< all that were found
    std::vector<Node> nodes;   ///< in running order
    std::vector<LayoutEdge> edges;
    LayeredLayout layout;
    std::vector<int> nodeOfOperator; ///< by operator
};

/// All blocks are folded but for those that are open; null: none is.
Outline outlineOf(const Subgraph &subgraph, const std::function<bool(const Block &block)> &isOpen);

} // namespace quantloupe
