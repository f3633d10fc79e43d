// SPDX-License-Identifier: GPL-3.0-or-later
//
// The .h5 of Keras 2 and 3: the configuration is an attribute of the root, the weights are named by lists in attributes
// (keras/src/legacy/saving/legacy_h5_format.py).
#include "keras/keras_readers.h"

#include <fmt/format.h>
#include <set>

namespace quantloupe {
namespace {

constexpr std::string_view kConfig = "model_config";
constexpr std::string_view kLayerNames = "layer_names";
constexpr std::string_view kWeightNames = "weight_names";
constexpr std::string_view kTopLevel = "top_level_model_weights"; ///< variables of the model itself

/// A list that did not fit into one attribute (64 kB) was split into name0, name1, ...
std::vector<std::string> listOf(const Hdf5File &file, const std::string &group, std::string_view name)
{
    if (const auto *whole = file.attribute(group, name))
        return *whole;
    std::vector<std::string> list;
    for (std::size_t part = 0; const auto *texts = file.attribute(group, fmt::format("{}{}", name, part)); ++part)
        list.insert(list.end(), texts->begin(), texts->end());
    return list;
}

bool hasList(const Hdf5File &file, std::string_view group, std::string_view name)
{
    return file.attribute(group, name) || file.attribute(group, fmt::format("{}0", name));
}

/// An attribute of one text, of the weights' group or of the root.
std::string textOf(const Hdf5File &file, std::string_view weights, std::string_view name)
{
    for (const std::string_view group : {std::string_view("/"), weights})
        if (const auto *texts = file.attribute(group, name); texts && texts->size() == 1)
            return texts->front();
    return {};
}

Result<KerasLayerWeights> weightsOfLayer(const Hdf5File &file, const std::string &weights, const std::string &layer)
{
    const std::string group = (weights == "/" ? weights : weights + "/") + layer;
    if (!file.groups.contains(group))
        return fail(ErrorCode::ModelDamaged, {.file = file.file, .place = group, .expected = "the group of a layer", .got = file.links.contains(group) ? "a link, which is not followed" : "nothing there"});
    KerasLayerWeights found{.layer = layer, .weights = {}};
    std::set<std::string> names;
    for (const std::string &name : listOf(file, group, kWeightNames)) {
        if (!names.insert(name).second)
            return fail(ErrorCode::ModelDamaged, {.file = file.file, .place = group, .got = fmt::format("the weight {} is listed twice", name)});
        QL_TRY(found.weights.emplace_back(), kerasWeight(file, group + "/" + name, layer + "/" + name));
    }
    return found;
}

} // namespace

Result<KerasFile> readKerasH5(std::span<const std::byte> bytes, const std::string &name)
{
    QL_TRY(const Hdf5File file, readHdf5(bytes, name, {.without = {"optimizer_weights"}}));
    const std::string weights = file.groups.contains("/model_weights") ? "/model_weights" : "/";
    KerasFile keras{.file = name,
                    .format = KerasFormat::H5,
                    .config = textOf(file, weights, kConfig),
                    .kerasVersion = textOf(file, weights, "keras_version"),
                    .backend = textOf(file, weights, "backend"),
                    .layers = {}};
    if (keras.config.empty())
        return fail(ErrorCode::FormatUnknown, {.file = name, .expected = "a whole Keras model, saved with model.save()",
                                               .got = hasList(file, weights, kLayerNames) || file.groups.contains("/layers") ? "only its weights" : "an HDF5 file without model_config"});
    QL_CHECK(checkConfig(keras.config, name));
    std::vector<std::string> layers = listOf(file, weights, kLayerNames);
    if (!hasList(file, weights, kLayerNames))
        return fail(ErrorCode::ModelDamaged, {.file = name, .place = weights, .expected = "the attribute layer_names", .got = "nothing there"});
    if (hasList(file, fmt::format("{}/{}", weights, kTopLevel), kWeightNames))
        layers.emplace_back(kTopLevel);
    std::set<std::string> names;
    for (const std::string &layer : layers) {
        if (!names.insert(layer).second)
            return fail(ErrorCode::ModelDamaged, {.file = name, .place = weights, .got = fmt::format("the layer {} is listed twice", layer)});
        QL_TRY(KerasLayerWeights found, weightsOfLayer(file, weights, layer));
        if (!found.weights.empty())
            keras.layers.push_back(std::move(found));
    }
    return keras;
}

} // namespace quantloupe
