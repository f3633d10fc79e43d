// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sequential and Functional models, outermost or as layers of others. Their configurations: Keras 2 and tf_keras name the
// tensors that a layer reads as [layer, node, output, arguments], Keras 3 as {"class_name": "__keras_tensor__", "config":
// {"keras_history": [layer, node, output]}} somewhere in the arguments.
#include "keras/layer.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <unordered_map>

namespace quantloupe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostCalls = 20'000;
constexpr int kDeepest = 32;

struct TensorName {
    std::string layer;
    std::int64_t node = 0;
    std::int64_t output = 0;
};

std::optional<TensorName> tensorName(const Json &json)
{
    const Json *history = &json;
    if (json.is_object() && json.value("class_name", Json()) == "__keras_tensor__" && json.contains("config") && json["config"].is_object())
        history = json["config"].contains("keras_history") ? &json["config"]["keras_history"] : nullptr;
    if (!history || !history->is_array() || history->size() < 3 || !(*history)[0].is_string() || !(*history)[1].is_number_integer() || !(*history)[2].is_number_integer())
        return std::nullopt;
    if ((*history)[0] == "_CONSTANT_VALUE")
        return std::nullopt;
    return TensorName{(*history)[0].get<std::string>(), (*history)[1].get<std::int64_t>(), (*history)[2].get<std::int64_t>()};
}

/// All tensors that a structure of lists and objects names, in its order.
void collectTensors(const Json &json, std::vector<TensorName> &names, int depth = 0)
{
    if (auto name = tensorName(json)) {
        names.push_back(std::move(*name));
        // Keras 2: the call's keyword arguments may name tensors too.
        if (json.is_array() && json.size() > 3 && json[3].is_object())
            collectTensors(json[3], names, depth + 1);
        return;
    }
    if (depth < kDeepest && (json.is_array() || json.is_object()))
        for (const Json &inner : json)
            collectTensors(inner, names, depth + 1);
}

struct Call {
    const Json *layer = nullptr; ///< its serialized form
    std::string name;
    std::size_t node = 0;
    std::vector<TensorName> reads;
    const Json *arguments = nullptr;
    bool isDone = false;
};

struct Dimensions {
    Dims dims;
    std::vector<std::int32_t> signature;
};

/// "batch_input_shape": [null, 49, 40, 1]. What is left open is 1, as a .tflite has it.
std::optional<Dimensions> inputShape(const LayerConfig &config)
{
    const Json *shape = nullptr;
    for (const char *const key : {"batch_input_shape", "batch_shape"})
        if (!shape)
            shape = config.find(key);
    if (!shape || !shape->is_array())
        return std::nullopt;
    Dimensions result;
    for (const Json &dim : *shape) {
        const std::int64_t value = dim.is_number_integer() ? dim.get<std::int64_t>() : -1;
        result.dims.push_back(value < 0 ? 1 : value);
        result.signature.push_back(value < 0 || value > 0x7fffffff ? -1 : static_cast<std::int32_t>(value));
    }
    return result;
}

DataType inputType(const LayerConfig &config)
{
    const Json *const type = config.find("dtype");
    const std::string name = type && type->is_string() ? type->get<std::string>() : "float32";
    return name == "int32" ? DataType::Int32 : name == "int64" ? DataType::Int64 : name == "uint8" ? DataType::UInt8 : name == "int8" ? DataType::Int8
        : name == "bool" ? DataType::Bool : DataType::Float32;
}

std::string nameOf(const Json &layer)
{
    if (layer.contains("config") && layer["config"].is_object() && layer["config"].contains("name") && layer["config"]["name"].is_string())
        return layer["config"]["name"].get<std::string>();
    return layer.contains("name") && layer["name"].is_string() ? layer["name"].get<std::string>() : std::string();
}

class ModelLowering {
public:
    ModelLowering(LayerCall &call, const std::function<WeightList(const std::string &)> &weights, bool isOutermost) : m_call(call), m_weights(weights), m_isOutermost(isOutermost)
    {
    }

    LayerResult operator()()
    {
        const Json &config = m_call.config.json();
        const Json *layers = config.is_array() ? &config : m_call.config.find("layers");
        if (!layers || !layers->is_array())
            return fail(m_call.invalid("a list of layers", "none"));
        if (m_call.depth >= kDeepest)
            return fail(m_call.unsupported("models nested less deeply", "more levels"));
        for (const Json &layer : *layers) {
            if (!layer.is_object() || !layer.contains("class_name") || !layer["class_name"].is_string() || !layer.contains("config"))
                return fail(m_call.invalid("layers with class_name and config", "another in the list"));
        }
        if (m_isOutermost && config.is_object() && config.contains("name") && config["name"].is_string())
            m_call.name = config["name"].get<std::string>();
        const bool isGraph = m_call.config.has("input_layers") || std::ranges::any_of(*layers, [](const Json &layer) { return layer.contains("inbound_nodes"); });
        return m_call.className == "Sequential" || !isGraph ? sequential(*layers) : functional(*layers);
    }

private:
    std::string pathOf(const std::string &layer) const { return m_isOutermost || m_call.name.empty() ? layer : m_call.name + "/" + layer; }

    static const Json &configOf(const Json &layer) { return layer["config"]; }

    Result<TensorIndex> makeInput(const LayerConfig &config, const std::string &name)
    {
        const auto shape = inputShape(config);
        if (!shape)
            return fail(m_call.unsupported("an input of a known shape", fmt::format("{} without one", name)));
        if (shape->dims.empty())
            return fail(m_call.invalid("an input with a batch dimension", name));
        return m_call.graph.input(name, shape->dims, shape->signature, inputType(config));
    }

    LayerResult run(const Json &layer, const std::string &name, std::vector<TensorIndex> inputs, const Json *arguments, std::size_t node)
    {
        if (++m_call.lowering.calls > kMostCalls)
            return fail(m_call.unsupported(fmt::format("at most {} layers", kMostCalls), "more"));
        const std::string path = node == 0 ? pathOf(name) : fmt::format("{}:{}", pathOf(name), node);
        LayerCall call{path, layer["class_name"].get<std::string>(), LayerConfig(configOf(layer)), std::move(inputs), m_weights(name), m_call.lowering, m_call.graph, m_call.depth + 1, arguments};
        return lowerCall(call);
    }

    LayerResult sequential(const Json &layers)
    {
        std::vector<TensorIndex> flow = m_call.inputs;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const Json &layer = layers[i];
            const std::string name = nameOf(layer);
            const LayerConfig config(configOf(layer));
            const bool isInput = layer["class_name"] == "InputLayer";
            if (flow.empty()) {
                // Nested in an outermost model without shape of its own: the first layer, or the model's build shape, tells it.
                const Json *build = m_call.config.find("build_input_shape");
                Json asShape = Json::object();
                if (!inputShape(config) && build)
                    asShape["batch_input_shape"] = *build;
                QL_TRY(const TensorIndex input, makeInput(inputShape(config) || !build ? config : LayerConfig(asShape), isInput ? name : name + "_input"));
                flow = {input};
            }
            if (isInput)
                continue;
            QL_TRY(flow, run(layer, name, flow, nullptr, 0));
        }
        if (flow.empty())
            return fail(m_call.invalid("at least one layer", "none"));
        return flow;
    }

    Result<void> collectCalls(const Json &layers)
    {
        for (const Json &layer : layers) {
            const std::string name = nameOf(layer);
            const Json *const nodes = layer.contains("inbound_nodes") && layer["inbound_nodes"].is_array() ? &layer["inbound_nodes"] : nullptr;
            m_layers[name] = &layer;
            if (layer["class_name"] == "InputLayer" || !nodes)
                continue;
            for (std::size_t n = 0; n < nodes->size(); ++n) {
                const Json &node = (*nodes)[n];
                Call call{&layer, name, n, {}, &node};
                // Keras 2 has the tensors of one call in a list; a call on a single tensor may stand without it.
                collectTensors(node, call.reads);
                m_calls.push_back(std::move(call));
                if (m_calls.size() > kMostCalls)
                    return fail(m_call.unsupported(fmt::format("at most {} layers", kMostCalls), "more"));
            }
        }
        // A nested model of Keras 2 counts the call on its own inputs as node 0, so that calls in here start at 1.
        for (const Call &call : m_calls)
            for (const TensorName &read : call.reads)
                m_highestNode[read.layer] = std::max(m_highestNode[read.layer], read.node);
        return {};
    }

    std::string key(const TensorName &tensor) const
    {
        const auto layer = m_layers.find(tensor.layer);
        std::int64_t node = tensor.node;
        if (layer != m_layers.end() && layer->second->contains("inbound_nodes") && isModelClass((*layer->second)["class_name"].get<std::string>())) {
            const auto count = static_cast<std::int64_t>((*layer->second)["inbound_nodes"].size());
            const auto highest = m_highestNode.find(tensor.layer);
            // Which of the two ways of counting this file has shows by the highest number.
            if (!m_call.lowering.isKeras3 || (highest != m_highestNode.end() && highest->second >= count) || node >= count)
                node = node > 0 ? node - 1 : 0;
        }
        return fmt::format("{}\n{}\n{}", tensor.layer, node, tensor.output);
    }

    Result<void> makeInputs(const Json &layers)
    {
        std::vector<TensorName> names;
        if (const Json *const inputs = m_call.config.find("input_layers"))
            collectTensors(*inputs, names);
        if (names.empty())
            for (const Json &layer : layers)
                if (layer["class_name"] == "InputLayer")
                    names.push_back({nameOf(layer), 0, 0});
        if (!m_isOutermost && names.size() != m_call.inputs.size())
            return fail(m_call.invalid(fmt::format("{} inputs", names.size()), fmt::format("{}", m_call.inputs.size())));
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto layer = m_layers.find(names[i].layer);
            if (layer == m_layers.end())
                return fail(m_call.invalid("input layers that are in the list", names[i].layer));
            TensorIndex tensor;
            if (m_isOutermost) {
                QL_TRY(tensor, makeInput(LayerConfig(configOf(*layer->second)), names[i].layer));
            } else {
                tensor = m_call.inputs[i];
            }
            m_tensors[fmt::format("{}\n0\n0", names[i].layer)] = tensor;
        }
        return {};
    }

    LayerResult functional(const Json &layers)
    {
        QL_CHECK(collectCalls(layers));
        QL_CHECK(makeInputs(layers));
        // Layers mostly stand in an order in which they can run; shared ones are called again further down.
        for (std::size_t left = m_calls.size(); left > 0;) {
            const std::size_t before = left;
            for (Call &call : m_calls) {
                if (call.isDone)
                    continue;
                QL_TRY(const bool isDone, tryCall(call));
                left -= isDone;
            }
            if (left == before)
                return fail(m_call.invalid("layers that read what others give", fmt::format("{} layers that do not", left)));
        }
        return outputs();
    }

    Result<bool> tryCall(Call &call)
    {
        std::vector<TensorIndex> inputs;
        for (const TensorName &read : call.reads) {
            const auto found = m_tensors.find(key(read));
            if (found == m_tensors.end())
                return false;
            inputs.push_back(found->second);
        }
        const bool isRead = !inputs.empty();
        if (!isRead)
            return fail(m_call.unsupported("layers that read tensors", call.name));
        QL_TRY(const auto results, run(*call.layer, call.name, std::move(inputs), call.arguments, call.node));
        for (std::size_t i = 0; i < std::max<std::size_t>(results.size(), 1); ++i)
            m_tensors[fmt::format("{}\n{}\n{}", call.name, call.node, i)] = results[i];
        if (results.size() == 1 && !results.front().isValid()) // how many outputs an unknown layer has is not known either
            for (std::size_t i = 1; i < 8; ++i)
                m_tensors[fmt::format("{}\n{}\n{}", call.name, call.node, i)] = TensorIndex();
        call.isDone = true;
        return true;
    }

    LayerResult outputs()
    {
        std::vector<TensorName> names;
        if (const Json *const listed = m_call.config.find("output_layers"))
            collectTensors(*listed, names);
        std::vector<TensorIndex> results;
        for (const TensorName &name : names) {
            const auto found = m_tensors.find(key(name));
            if (found == m_tensors.end())
                return fail(m_call.invalid("output layers that are in the list", name.layer));
            results.push_back(found->second);
        }
        if (results.empty())
            return fail(m_call.invalid("at least one output layer", "none"));
        return results;
    }

    LayerCall &m_call;
    const std::function<WeightList(const std::string &)> &m_weights;
    bool m_isOutermost;
    std::unordered_map<std::string, const Json *> m_layers;
    std::vector<Call> m_calls;
    std::unordered_map<std::string, std::int64_t> m_highestNode;
    std::unordered_map<std::string, TensorIndex> m_tensors; ///< by layer, node and output
};

/// Which of a nested model's weights a layer of it holds: those with its name in their paths, after the model's own.
WeightList weightsNamed(const WeightList &all, const std::string &layer)
{
    WeightList found;
    std::size_t nearest = std::string::npos;
    for (const KerasWeight *const weight : all) {
        const std::size_t start = weight->path.find('/');
        const std::size_t at = start == std::string::npos ? start : weight->path.find("/" + layer + "/", start);
        if (at == std::string::npos || at > nearest)
            continue;
        if (at < nearest)
            found.clear();
        nearest = at;
        found.push_back(weight);
    }
    return found;
}

LayerResult lower(LayerCall &call)
{
    return lowerModel(call, [&](const std::string &layer) { return weightsNamed(call.weights, layer); }, false);
}

} // namespace

bool isModelClass(std::string_view className)
{
    return className == "Sequential" || className == "Functional" || className == "Model";
}

LayerResult lowerModel(LayerCall &call, const std::function<WeightList(const std::string &layer)> &weights, bool isOutermost)
{
    return ModelLowering(call, weights, isOutermost)();
}

std::span<const KerasLayer> model_layers()
{
    static const KerasLayer kLayers[] = {{"Sequential", lower}, {"Functional", lower}, {"Model", lower}};
    return kLayers;
}

} // namespace quantloupe
