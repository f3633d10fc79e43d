// SPDX-License-Identifier: GPL-3.0-or-later
//
// The .keras of Keras 2.12 and later: a zip archive of config.json, metadata.json and model.weights.h5. The weights do not
// lie under the layers' names but under their classes, counted in the order of the model's layers, and below that under
// the attribute that holds a wrapped layer (keras/src/saving/saving_lib.py).
#include "keras/keras_readers.h"

#include "archive/zip_archive.h"
#include "keras/snake_case.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>

namespace quantloupe {
namespace {

using nlohmann::json;

std::string_view asText(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

std::string textIn(const json &object, const char *key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const json &memberOf(const json &object, std::string_view key)
{
    static const json kNothing;
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found == object.end() ? kNothing : *found;
}

/// The names right below a group.
template <typename Map> std::vector<std::string> namesBelow(const Map &map, const std::string &group)
{
    const std::string start = group == "/" ? group : group + "/";
    std::vector<std::string> names;
    for (auto at = map.lower_bound(start); at != map.end() && at->first.starts_with(start); ++at)
        if (at->first.size() > start.size() && at->first.find('/', start.size()) == std::string::npos)
            names.push_back(at->first.substr(start.size()));
    return names;
}

/// "0", "1", ..., "10": by number, and then what is none.
bool isBefore(const std::string &a, const std::string &b)
{
    const auto number = [](const std::string &text) {
        std::uint32_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() ? value : 0xffffffffu;
    };
    return std::pair(number(a), a) < std::pair(number(b), b);
}

/// Collects what lies below one layer's group into its list.
class Collection {
public:
    /// `taken` are the groups that some layer has already: a hostile configuration may name one a million times.
    Collection(const Hdf5File &file, std::set<std::string> &taken, std::vector<KerasWeight> &weights) : m_file(file), m_taken(taken), m_weights(weights) {}

    /// `config` is the layer's own ({"class_name", "config"}), or null where there is none to tell names from.
    Result<void> addLayer(const json &config, const std::string &group, const std::string &path)
    {
        if (!m_taken.insert(group).second)
            return {};
        QL_CHECK(addVariables(group, path));
        const json &inside = memberOf(config, "config");
        if (memberOf(inside, "layers").is_array())
            return addLayersOf(inside, group, path);
        auto members = namesBelow(m_file.groups, group);
        std::ranges::stable_partition(members, [](const std::string &member) { return member == "forward_layer"; }); // as in a .h5
        for (const std::string &member : members)
            if (member != "vars" && member != "seed_generator" && member != "generator") // states of random numbers
                if (const auto added = addLayer(memberOf(inside, member), group + "/" + member, path + "/" + member); !added)
                    return added;
        return {};
    }

private:
    Result<void> addVariables(const std::string &group, const std::string &path)
    {
        const std::string variables = group + "/vars";
        auto names = namesBelow(m_file.arrays, variables);
        std::ranges::sort(names, isBefore);
        for (const std::string &name : names) {
            QL_TRY(m_weights.emplace_back(), kerasWeight(m_file, variables + "/" + name, path + "/" + name));
        }
        return {};
    }

    Result<void> addLayersOf(const json &model, const std::string &group, const std::string &path);

    const Hdf5File &m_file;
    std::set<std::string> &m_taken;
    std::vector<KerasWeight> &m_weights;
};

struct LayerGroup {
    const json *config;
    std::string name;
    std::string group;
};

/// The layers of a model's configuration and where their weights lie. A newer Keras also writes the layer's name there; it
/// then decides.
std::vector<LayerGroup> layerGroups(const Hdf5File &file, const json &model, const std::string &group)
{
    // Keras 2.12 and 2.13 called the list of layers otherwise.
    const std::string start = group == "/" ? "" : group;
    const std::string list = start + (file.groups.contains(start + "/_layer_checkpoint_dependencies") ? "/_layer_checkpoint_dependencies" : "/layers");
    std::map<std::string, std::string, std::less<>> byName;
    for (const std::string &name : namesBelow(file.groups, list))
        if (const auto *texts = file.attribute(list + "/" + name + "/vars", "name"); texts && texts->size() == 1)
            byName.emplace(texts->front(), list + "/" + name);
    std::vector<LayerGroup> groups;
    std::map<std::string, int> used;
    for (const json &layer : memberOf(model, "layers")) {
        const std::string kind = snakeCase(textIn(layer, "class_name"));
        const int count = used[kind]++;
        std::string name = textIn(memberOf(layer, "config"), "name");
        const auto named = byName.find(name);
        groups.push_back({&layer, name, named != byName.end() ? named->second : fmt::format("{}/{}{}", list, kind, count == 0 ? "" : fmt::format("_{}", count))});
    }
    return groups;
}

Result<void> Collection::addLayersOf(const json &model, const std::string &group, const std::string &path)
{
    for (const LayerGroup &layer : layerGroups(m_file, model, group))
        if (m_file.groups.contains(layer.group))
            if (const auto added = addLayer(*layer.config, layer.group, path + "/" + layer.name); !added)
                return added;
    return {};
}

Result<std::vector<KerasLayerWeights>> weightsOf(const Hdf5File &file, const json &config)
{
    std::vector<KerasLayerWeights> layers;
    std::set<std::string> taken;
    for (const LayerGroup &layer : layerGroups(file, memberOf(config, "config"), "/")) {
        KerasLayerWeights found{.layer = layer.name, .weights = {}};
        QL_CHECK(Collection(file, taken, found.weights).addLayer(*layer.config, layer.group, layer.name));
        if (!found.weights.empty())
            layers.push_back(std::move(found));
    }
    return layers;
}

} // namespace

Result<KerasFile> readKerasZip(std::span<const std::byte> bytes, const std::string &name)
{
    QL_TRY(const ZipArchive archive, ZipArchive::open(SharedBytes(nullptr, bytes), name));
    QL_TRY(const SharedBytes configBytes, archive.read(kKerasConfigEntry));
    KerasFile keras{.file = name, .format = KerasFormat::Keras, .config = std::string(asText(configBytes)), .kerasVersion = {}, .backend = {}, .layers = {}};
    QL_CHECK(checkConfig(keras.config, fmt::format("{}:{}", name, kKerasConfigEntry)));
    const json config = json::parse(keras.config, nullptr, false);
    if (!config.is_object())
        return fail(ErrorCode::ModelDamaged, {.file = fmt::format("{}:{}", name, kKerasConfigEntry), .expected = "a JSON object", .got = config.is_discarded() ? "no JSON" : "something else"});
    if (archive.contains(kKerasMetadataEntry)) {
        QL_TRY(const SharedBytes metadata, archive.read(kKerasMetadataEntry));
        QL_CHECK(checkConfig(asText(metadata), fmt::format("{}:{}", name, kKerasMetadataEntry)));
        keras.kerasVersion = textIn(json::parse(asText(metadata), nullptr, false), "keras_version");
    }
    QL_TRY(const SharedBytes weights, archive.read(kKerasWeightsEntry));
    QL_TRY(const Hdf5File file, readHdf5(weights, fmt::format("{}:{}", name, kKerasWeightsEntry), {.without = {"optimizer"}}));
    QL_TRY(keras.layers, weightsOf(file, config));
    return keras;
}

} // namespace quantloupe
