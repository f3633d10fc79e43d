// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace quantloupe {

struct LayoutEdge {
    int from;
    int to; ///< larger than `from`: nodes are numbered in an order in which they can run
};

/// Where the nodes of an acyclic graph stand: in layers, each below all that it reads, with few crossings.
/// Time and memory grow with nodes + edges; an edge over more than kLongestBent layers is left straight.
struct LayeredLayout {
    static constexpr int kLongestBent = 24;

    std::vector<int> layer; ///< by node, from 0
    std::vector<double> x;  ///< by node: centre; neighbours of a layer are at least 1 apart, the smallest is 0
    std::vector<std::vector<double>> bends; ///< by edge: where it passes the layers between its ends; empty when straight
    std::vector<std::vector<int>> rows; ///< by layer: its nodes from left to right
    double width = 0.0; ///< largest x
};

LayeredLayout layoutInLayers(int nodes, std::span<const LayoutEdge> edges);

} // namespace quantloupe
