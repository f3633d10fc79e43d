// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "keras/graph_builder.h"
#include "keras/keras_file.h"
#include "keras/lower.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// A layer's "config" object. What is absent or null reads as the default; what has another type is remembered as the
/// layer's error, so that a layer reads all its options first and asks once.
class LayerConfig {
public:
    explicit LayerConfig(const nlohmann::json &json) : m_json(&json) {}

    const nlohmann::json *find(std::string_view key) const;
    bool has(std::string_view key) const { return find(key) != nullptr; }
    bool boolean(std::string_view key, bool absent) const;
    std::int64_t integer(std::string_view key, std::int64_t absent) const;
    double real(std::string_view key, double absent) const;
    std::string text(std::string_view key, std::string_view absent) const;
    /// A list of integers, or one integer taken `count` times.
    std::vector<std::int64_t> integers(std::string_view key, std::size_t count, std::int64_t absent) const;
    /// Any list of integers; empty when absent.
    std::vector<std::int64_t> list(std::string_view key) const;
    std::vector<float> reals(std::string_view key) const;

    const nlohmann::json &json() const { return *m_json; }
    Result<void> check() const;

private:
    void expect(std::string_view key, std::string_view what) const;

    const nlohmann::json *m_json;
    mutable std::optional<Error> m_error;
};

/// Weights of one layer, as far as they are known to be its own.
using WeightList = std::vector<const KerasWeight *>;

/// What a layer that cannot be lowered from the file alone (a Lambda, a project's own class) computes, known from elsewhere.
class UnknownLayers {
public:
    virtual ~UnknownLayers() = default;
    /// Adds the layer's operators, or nothing when it cannot be told what they are.
    virtual std::optional<std::vector<TensorIndex>> infer(struct LayerCall &call) const = 0;
};

/// What all calls of one model share.
struct Lowering {
    GraphBuilder graph;
    KerasFormat format = KerasFormat::H5;
    bool isKeras3 = false;
    const UnknownLayers *unknownLayers = nullptr;
    std::vector<LoweredLayer> layers;
    std::vector<UnknownLayer> unknown;
    std::size_t calls = 0;
};

/// One call of one layer: what it is, what flows in, and the graph that it adds its operators to.
struct LayerCall {
    std::string name;      ///< path of the layer: "sequential/dense"; its result's tensor gets this name
    std::string className;
    LayerConfig config;
    std::vector<TensorIndex> inputs;
    WeightList weights;
    Lowering &lowering;
    GraphBuilder &graph;
    int depth = 0; ///< of wrappers and nested models around it
    const nlohmann::json *arguments = nullptr; ///< the call's own arguments, for layers made of a function's call

    TensorIndex x() const { return inputs.front(); }
    const Shape &shape() const { return graph.shape(inputs.front()); }
    /// A name for something inside the layer: "conv2d/BiasAdd".
    std::string inner(std::string_view what) const { return name + "/" + std::string(what); }

    /// The weights with these names, in this order. Told apart by their names in a .h5 (else, and in a .keras, by their
    /// order). Fails when there are others, or fewer.
    Result<WeightList> take(std::span<const std::string_view> roles) const;
    Result<WeightList> take(std::initializer_list<std::string_view> roles) const { return take(std::span(roles.begin(), roles.size())); }
    Result<void> requireShape(const KerasWeight &weight, const Dims &dims) const;
    Result<void> requireInputs(std::size_t count) const;
    Result<void> requireRank(int rank) const;
    bool isChannelsFirst() const { return config.text("data_format", "channels_last") == "channels_first"; }

    Error unsupported(std::string expected, std::string got) const;
    Error invalid(std::string expected, std::string got) const;
};

using LayerResult = Result<std::vector<TensorIndex>>;

/// One row of the table of layers: a class and how it becomes operators. One file a layer or family.
struct KerasLayer {
    std::string_view className;
    LayerResult (*lower)(LayerCall &call);
};

/// Null for classes that are not known: Lambda, and whatever a project defines itself.
const KerasLayer *findKerasLayer(std::string_view className);
/// All of them, in the order of their files.
std::vector<const KerasLayer *> kerasLayers();

/// One call of a layer, as far as it can be lowered: its result is noted under its name. Outputs that are not known, because
/// the layer is not, or what it reads, are invalid indices.
LayerResult lowerCall(LayerCall &call);
/// The layers of a "Sequential" or "Functional" config, fed with `call`'s inputs (of the outermost model: none, it makes
/// its own). `weights` gives what a layer of this model holds.
LayerResult lowerModel(LayerCall &call, const std::function<WeightList(const std::string &layer)> &weights, bool isOutermost);
bool isModelClass(std::string_view className);

/// Runs a layer that another one holds (TimeDistributed, Bidirectional): `layer` is its serialized form.
LayerResult lowerInner(LayerCall &outer, const nlohmann::json &layer, std::string name, std::vector<TensorIndex> inputs, WeightList weights);

/// The activation that a layer's config names under `key`: a name, or a serialized layer or function. `linear` gives x.
Result<TensorIndex> activate(LayerCall &call, std::string_view key, std::string_view absent, TensorIndex x);
/// By name, without a config. Fails for names that Keras does not have.
Result<TensorIndex> activateAs(LayerCall &call, std::string_view activation, TensorIndex x, const std::string &tensor);
/// Name of an activation given as a string or a serialized function; empty when it is something else.
std::string activationName(const nlohmann::json &activation);

/// A value of a config in a message: numbers and texts as they are, the rest by its kind.
std::string shortText(const nlohmann::json &value);

/// A layer's result has its layer's name; an input or a shared tensor keeps its own.
LayerResult named(LayerCall &call, TensorIndex result);

} // namespace quantloupe
