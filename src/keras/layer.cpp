// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/layer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {

#define QL_ITEM(item) std::span<const KerasLayer> item##_layers();
#include "registry/layers.inc"
#undef QL_ITEM

namespace {

/// "kernel" of ".../kernel:0".
std::string_view roleOf(const KerasWeight &weight)
{
    std::string_view name = weight.path;
    name.remove_prefix(std::min(name.size(), name.rfind('/') + 1));
    return name.substr(0, name.find(':'));
}

constexpr int kDeepest = 32;

} // namespace

std::vector<const KerasLayer *> kerasLayers()
{
    std::vector<const KerasLayer *> all;
    const auto add = [&](std::span<const KerasLayer> layers) {
        for (const KerasLayer &layer : layers)
            all.push_back(&layer);
    };
#define QL_ITEM(item) add(item##_layers());
#include "registry/layers.inc"
#undef QL_ITEM
    return all;
}

const KerasLayer *findKerasLayer(std::string_view className)
{
    const auto all = kerasLayers();
    const auto found = std::ranges::find(all, className, &KerasLayer::className);
    return found == all.end() ? nullptr : *found;
}

const nlohmann::json *LayerConfig::find(std::string_view key) const
{
    if (!m_json->is_object())
        return nullptr;
    const auto found = m_json->find(key);
    return found == m_json->end() || found->is_null() ? nullptr : &*found;
}

void LayerConfig::expect(std::string_view key, std::string_view what) const
{
    if (!m_error)
        m_error = Error{ErrorCode::ModelInvalid, {.place = fmt::format("\"{}\"", key), .expected = std::string(what), .got = shortText(*find(key))}};
}

Result<void> LayerConfig::check() const
{
    if (m_error)
        return fail(*m_error);
    return {};
}

bool LayerConfig::boolean(std::string_view key, bool absent) const
{
    const auto *const value = find(key);
    if (!value)
        return absent;
    if (value->is_boolean())
        return value->get<bool>();
    if (value->is_number())
        return value->get<double>() != 0.0;
    expect(key, "true or false");
    return absent;
}

std::int64_t LayerConfig::integer(std::string_view key, std::int64_t absent) const
{
    const auto *const value = find(key);
    if (!value)
        return absent;
    if (value->is_number_integer())
        return value->get<std::int64_t>();
    if (value->is_number_float() && std::abs(value->get<double>()) < 1e15)
        return static_cast<std::int64_t>(value->get<double>());
    expect(key, "an integer");
    return absent;
}

double LayerConfig::real(std::string_view key, double absent) const
{
    const auto *const value = find(key);
    if (!value)
        return absent;
    if (value->is_number())
        return value->get<double>();
    // Keras writes numpy scalars as {"class_name": "__numpy__"/..., "config": {"value": x}}.
    if (value->is_object() && value->contains("config") && (*value)["config"].is_object() && (*value)["config"].contains("value")
        && (*value)["config"]["value"].is_number())
        return (*value)["config"]["value"].get<double>();
    expect(key, "a number");
    return absent;
}

std::string LayerConfig::text(std::string_view key, std::string_view absent) const
{
    const auto *const value = find(key);
    if (!value)
        return std::string(absent);
    if (value->is_string())
        return value->get<std::string>();
    expect(key, "a text");
    return std::string(absent);
}

std::vector<std::int64_t> LayerConfig::integers(std::string_view key, std::size_t count, std::int64_t absent) const
{
    const auto *const value = find(key);
    if (value && value->is_array()) {
        auto values = list(key);
        if (values.size() == 1 && count > 1)
            values.assign(count, values.front());
        if (values.size() == count)
            return values;
        expect(key, fmt::format("{} integers", count));
        return std::vector<std::int64_t>(count, absent);
    }
    return std::vector<std::int64_t>(count, integer(key, absent));
}

std::vector<std::int64_t> LayerConfig::list(std::string_view key) const
{
    const auto *const value = find(key);
    std::vector<std::int64_t> values;
    if (!value)
        return values;
    if (!value->is_array() || !std::ranges::all_of(*value, [](const auto &v) { return v.is_number_integer(); })) {
        expect(key, "a list of integers");
        return values;
    }
    for (const auto &v : *value)
        values.push_back(v.template get<std::int64_t>());
    return values;
}

std::vector<float> LayerConfig::reals(std::string_view key) const
{
    const auto *const value = find(key);
    std::vector<float> values;
    const auto collect = [&](const auto &self, const nlohmann::json &json, int depth) -> void {
        if (json.is_number())
            values.push_back(static_cast<float>(json.get<double>()));
        else if (json.is_array() && depth < 8)
            for (const auto &inner : json)
                self(self, inner, depth + 1);
        else
            expect(key, "numbers");
    };
    if (value)
        collect(collect, *value, 0);
    return values;
}

Result<WeightList> LayerCall::take(std::span<const std::string_view> roles) const
{
    const auto text = [&] {
        std::vector<std::string> paths;
        for (const KerasWeight *weight : weights)
            paths.push_back(weight->path);
        return paths.empty() ? std::string("none") : fmt::format("{}", fmt::join(paths, ", "));
    };
    if (weights.size() != roles.size())
        return fail(invalid(fmt::format("the weights {}", fmt::join(roles, ", ")), text()));
    WeightList taken;
    for (const std::string_view role : roles)
        for (const KerasWeight *weight : weights)
            if (roleOf(*weight) == role)
                taken.push_back(weight);
    return taken.size() == roles.size() && lowering.format == KerasFormat::H5 ? taken : weights;
}

Result<void> LayerCall::requireShape(const KerasWeight &weight, const Dims &dims) const
{
    if (dimsOf(weight.shape) == dims)
        return {};
    return fail(invalid(fmt::format("{} of shape {}", weight.path, fmt::join(dims, "x")), weight.shape.text()));
}

Result<void> LayerCall::requireInputs(std::size_t count) const
{
    if (inputs.size() == count)
        return {};
    return fail(invalid(fmt::format("{} input{}", count, count == 1 ? "" : "s"), fmt::format("{}", inputs.size())));
}

Result<void> LayerCall::requireRank(int rank) const
{
    QL_CHECK(requireInputs(1));
    if (shape().rank() == rank)
        return {};
    return fail(invalid(fmt::format("an input of {} dimensions, the batch included", rank), shape().text()));
}

Error LayerCall::unsupported(std::string expected, std::string got) const
{
    return Error{ErrorCode::FeatureUnsupported, {.place = fmt::format("layer {} ({})", name, className), .expected = std::move(expected), .got = std::move(got)}};
}

Error LayerCall::invalid(std::string expected, std::string got) const
{
    return Error{ErrorCode::ModelInvalid, {.place = fmt::format("layer {} ({})", name, className), .expected = std::move(expected), .got = std::move(got)}};
}

LayerResult lowerInner(LayerCall &outer, const nlohmann::json &layer, std::string name, std::vector<TensorIndex> inputs, WeightList weights)
{
    static const nlohmann::json kNothing = nlohmann::json::object();
    const auto className = layer.is_object() ? layer.find("class_name") : layer.end();
    if (!layer.is_object() || className == layer.end() || !className->is_string())
        return fail(outer.invalid("a serialized layer", "something else"));
    const KerasLayer *const row = findKerasLayer(className->get<std::string>());
    if (!row || outer.depth >= kDeepest)
        return fail(outer.unsupported(row ? "layers nested less deeply" : "a layer of a known class inside it", className->get<std::string>()));
    const auto config = layer.find("config");
    LayerCall call{std::move(name), className->get<std::string>(), LayerConfig(config == layer.end() ? kNothing : *config), std::move(inputs), std::move(weights),
                   outer.lowering, outer.graph, outer.depth + 1};
    QL_TRY(auto results, row->lower(call));
    QL_CHECK(call.config.check());
    if (std::ranges::any_of(results, [](TensorIndex result) { return !result.isValid(); }))
        return fail(outer.unsupported("layers of known classes inside it", call.className));
    return results;
}

std::string shortText(const nlohmann::json &value)
{
    constexpr std::size_t kLongest = 60;
    if (value.is_structured())
        return std::string("an ") + value.type_name();
    return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, kLongest);
}

LayerResult lowerCall(LayerCall &call)
{
    if (std::ranges::any_of(call.inputs, [](TensorIndex input) { return !input.isValid(); }))
        return std::vector{TensorIndex()};
    const KerasLayer *const row = findKerasLayer(call.className);
    const std::string name = call.name;
    bool isInferred = false;
    LayerResult result = row ? row->lower(call) : fail(call.unsupported("a layer whose computation the file tells", call.className == "Lambda"
        ? "Python bytecode, which is never executed" : "a class that Keras does not have"));
    if (result)
        if (auto checked = call.config.check(); !checked)
            result = fail(checked.error().at(fmt::format("layer {} ({})", call.name, call.className)));
    if (!result && result.error().facts.place.starts_with('"')) // an option of the wrong type: of which layer
        result = fail(result.error().at(fmt::format("layer {} ({})", name, call.className)));
    if (!result) {
        if (result.error().code != ErrorCode::FeatureUnsupported)
            return result;
        auto inferred = call.lowering.unknownLayers ? call.lowering.unknownLayers->infer(call) : std::nullopt;
        call.lowering.unknown.push_back({name, call.className, result.error().facts.got.empty() ? result.error().message() : result.error().facts.got, inferred.has_value()});
        isInferred = inferred.has_value();
        result = inferred ? std::move(*inferred) : std::vector{TensorIndex()};
    }
    if (!isModelClass(call.className))
        call.lowering.layers.push_back({name, call.className, *result, isInferred});
    return result;
}

LayerResult named(LayerCall &call, TensorIndex result)
{
    const bool isOwn = std::ranges::find(call.inputs, result) == call.inputs.end() && !call.graph.isInput(result);
    if (isOwn)
        call.graph.rename(result, call.name);
    return std::vector{result};
}

} // namespace quantloupe
