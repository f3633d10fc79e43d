// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// What several operators are together.
enum class BlockKind {
    LayerNormalization, ///< MEAN, SQUARED_DIFFERENCE, MEAN, ADD, RSQRT, MUL ...: what the converter makes of the layer
    UnrolledRecurrence, ///< the steps of an LSTM, GRU or simple RNN, one after the other
    FoldableConvolution, ///< a convolution or FULLY_CONNECTED, a normalization by constants, an activation
};
std::string_view name(BlockKind kind);

struct Block {
    BlockKind kind;
    std::string title; ///< "LayerNormalization", "LSTM, 98 steps", "CONV_2D + MUL + ADD + RELU"
    std::string name;  ///< the path that its tensors' names share; empty where they share none
    std::vector<OperatorIndex> operators; ///< in running order
};

/// Blocks told by their structure; no operator is in two. Whatever lies on a path between two operators of a block is in it, so that
/// each may stand as one node of an acyclic graph.
std::vector<Block> findBlocks(const Subgraph &subgraph);

} // namespace quantloupe
