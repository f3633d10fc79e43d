// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "graph/model.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// "serving_default_x:0" -> "x": a tensor's name without TensorFlow's signature prefix and output number.
std::string_view plainName(std::string_view name);

/// An output that is an input at the next time step. Positions among the graph's inputs and outputs.
struct FeedbackLink {
    std::size_t output = 0;
    std::size_t input = 0;
    bool operator==(const FeedbackLink &) const = default;
};

/// Hidden state that a model's caller keeps: the step form of recurrent models, which take their state as inputs and
/// hand the new one out. A sample is then a sequence, and each of its steps one run.
class Feedback {
public:
    Feedback() = default;
    /// Links as "OUT=IN": tensor names as in the model or without what converters put round them, or out0, in1, ... .
    /// Fails with Usage where a name fits no tensor or several, where an input is fed twice, and where two ends differ in
    /// shape or cannot be converted into each other; and when no input is left for data.
    static Result<Feedback> parse(std::span<const std::string> links, const Subgraph &graph);

    /// The same links in another form of the model (its float original): by the tensors' names where all of them are
    /// there, else by position. Fails with ModelsDiffer where the two models differ in shape or number.
    Result<Feedback> inTwin(const Subgraph &graph, const Subgraph &twin) const;

    bool isEmpty() const { return m_links.empty(); }
    std::span<const FeedbackLink> links() const { return m_links; }
    bool feeds(std::size_t input) const;

private:
    std::vector<FeedbackLink> m_links;
};

} // namespace quantloupe
