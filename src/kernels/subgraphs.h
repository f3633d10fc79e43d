// SPDX-License-Identifier: GPL-3.0-or-later
//
// What operators may ask of the subgraphs and variables around them. Implemented by the interpreter.
#pragma once

#include "base/result.h"
#include "base/shape.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace quantloupe {

struct OperandDesc;

/// A tensor on its way from graph to graph.
struct TensorValue {
    Shape shape;
    std::span<const std::byte> bytes;
};

/// The outputs of a subgraph for inputs of certain shapes.
struct SubgraphSignature {
    std::vector<OperandDesc> outputs;
    bool isDynamic = false; ///< their shapes depend on values
};

/// What is known of subgraphs while a model is prepared.
class SubgraphPlanner {
public:
    virtual ~SubgraphPlanner() = default;
    /// Fails when the inputs do not fit, the subgraph contradicts itself, or it does not compute all its outputs.
    virtual Result<SubgraphSignature> signature(std::size_t subgraph, std::span<const OperandDesc> inputs) = 0;
};

/// Runs subgraphs for IF, WHILE and CALL_ONCE, and keeps resource variables.
class SubgraphRunner {
public:
    virtual ~SubgraphRunner() = default;

    /// What it returns stays there until the same subgraph runs again. Fails also when the run is cancelled, or when it
    /// has run more subgraphs than any model that ends.
    virtual Result<std::vector<TensorValue>> run(std::size_t subgraph, std::span<const TensorValue> inputs) = 0;
    /// Runs a subgraph without operands, unless it ran since the state was reset.
    virtual Result<void> runOnce(std::size_t subgraph) = 0;

    /// The number that stands for a variable in tensors of type resource.
    virtual std::int32_t variable(std::string_view container, std::string_view name) = 0;
    /// None before the first assignment.
    virtual std::optional<TensorValue> value(std::int32_t variable) const = 0;
    virtual void assign(std::int32_t variable, const TensorValue &value) = 0;
};

} // namespace quantloupe
