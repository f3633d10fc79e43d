// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/lower.h"

#include "graph/data_flow.h"
#include "keras/inferred_layers.h"
#include "keras/layer.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr int kDeepestConfig = 250;

} // namespace

bool LoweredKeras::isComplete() const
{
    return !model->main().outputs.empty() && std::ranges::all_of(unknown, &UnknownLayer::isInferred);
}

std::string LoweredKeras::layerOf(TensorIndex tensor) const
{
    const std::string &full = model->main().tensor(tensor).name;
    for (std::string name = full;; name.resize(name.rfind('/'))) {
        if (std::ranges::find(layers, name, &LoweredLayer::name) != layers.end())
            return name;
        if (name.find('/') == std::string::npos)
            return full;
    }
}

Result<LoweredKeras> lowerKeras(const KerasFile &file, const Model *quantized)
{
    // What reads it goes from level to level by itself: a bound on the levels is one on the stack.
    bool isTooDeep = false;
    const auto json = nlohmann::json::parse(file.config, [&](int depth, nlohmann::json::parse_event_t, nlohmann::json &) { return !(isTooDeep |= depth > kDeepestConfig); }, false);
    if (isTooDeep)
        return fail(ErrorCode::FeatureUnsupported, {.file = file.file, .place = "the model's configuration", .expected = fmt::format("at most {} levels", kDeepestConfig), .got = "more"});
    if (!json.is_object() || !json.contains("class_name") || !json["class_name"].is_string() || !json.contains("config"))
        return fail(ErrorCode::ModelInvalid, {.file = file.file, .place = "the model's configuration", .expected = "a JSON object with class_name and config", .got = json.is_discarded() ? "no JSON" : "another"});
    const std::string className = json["class_name"].get<std::string>();
    if (!isModelClass(className))
        return fail(ErrorCode::FeatureUnsupported, {.file = file.file, .place = "the model's configuration", .expected = "a Sequential or Functional model", .got = className});

    Lowering lowering;
    lowering.format = file.format;
    lowering.isKeras3 = std::atoi(file.kerasVersion.c_str()) >= 3;
    std::optional<InferredLayers> inferred;
    if (quantized)
        lowering.unknownLayers = &inferred.emplace(*quantized);

    LayerCall call{"", className, LayerConfig(json["config"]), {}, {}, lowering, lowering.graph};
    const auto weightsOf = [&](const std::string &layer) {
        WeightList list;
        if (const KerasLayerWeights *const held = file.weightsOf(layer))
            for (const KerasWeight &weight : held->weights)
                list.push_back(&weight);
        return list;
    };
    auto outputs = lowerModel(call, weightsOf, true);
    if (!outputs)
        return fail(outputs.error().inFile(file.file));

    auto model = std::make_shared<Model>();
    model->file = file.file;
    model->format = "keras";
    model->description = file.kerasVersion.empty() ? "Keras" : "Keras " + file.kerasVersion;
    for (const auto &layer : file.layers)
        for (const auto &weight : layer.weights)
            model->fileSize += weight.bytes.size();
    model->subgraphs.push_back(lowering.graph.take());
    Subgraph &graph = model->subgraphs.front();
    graph.name = call.name;
    for (const TensorIndex output : *outputs)
        if (output.isValid())
            graph.outputs.push_back(output);
    if (auto checked = checkDataFlow(graph); !checked)
        return fail(checked.error().inFile(file.file));
    return LoweredKeras{std::move(model), std::move(lowering.layers), std::move(lowering.unknown)};
}

} // namespace quantloupe
