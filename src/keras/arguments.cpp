// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/arguments.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

using Json = nlohmann::json;

bool isTensor(const Json &json)
{
    if (json.is_object())
        return json.value("class_name", Json()) == "__keras_tensor__";
    return json.is_array() && json.size() >= 3 && json[0].is_string() && json[1].is_number_integer() && json[2].is_number_integer() && json[0] != "_CONSTANT_VALUE";
}

/// How many tensors a structure holds, counted as the model's reader does.
std::size_t tensorsIn(const Json &json, int depth = 0)
{
    if (isTensor(json))
        return 1 + (json.is_array() && json.size() > 3 && json[3].is_object() ? tensorsIn(json[3], depth + 1) : 0);
    std::size_t count = 0;
    if (depth < 32 && (json.is_array() || json.is_object()))
        for (const Json &inner : json)
            count += tensorsIn(inner, depth + 1);
    return count;
}

bool collectNumbers(const Json &json, std::vector<float> &values, Dims &dims, std::size_t depth = 0)
{
    if (json.is_number()) {
        values.push_back(static_cast<float>(json.get<double>()));
        return depth == dims.size();
    }
    if (!json.is_array() || json.empty() || depth >= static_cast<std::size_t>(Shape::kMaxRank))
        return false;
    const auto length = static_cast<std::int64_t>(json.size());
    if (depth == dims.size() && values.empty())
        dims.push_back(length);
    if (depth >= dims.size() || dims[depth] != length)
        return false;
    return std::ranges::all_of(json, [&](const Json &inner) { return collectNumbers(inner, values, dims, depth + 1); });
}

} // namespace

Arguments::Arguments(LayerCall &call) : m_call(call)
{
    if (!call.arguments)
        return;
    const Json &json = *call.arguments;
    if (json.is_object()) {
        if (json.contains("args") && json["args"].is_array())
            for (const Json &argument : json["args"])
                add({}, argument);
        if (json.contains("kwargs") && json["kwargs"].is_object())
            for (const auto &[name, argument] : json["kwargs"].items())
                add(name, argument);
        return;
    }
    const bool isOne = json.is_array() && json.size() >= 3 && json[0].is_string();
    if (isOne) {
        if (isTensor(json))
            m_arguments.push_back({{}, call.inputs.empty() ? TensorIndex() : call.inputs.front(), nullptr});
        else
            m_arguments.push_back({{}, {}, &json[2]});
        m_nextTensor = isTensor(json) ? 1 : 0;
        if (json.size() > 3 && json[3].is_object())
            for (const auto &[name, argument] : json[3].items())
                add(name, argument);
    } else if (json.is_array() && !json.empty() && json[0].is_array() && json[0].size() > 3 && json[0][3].is_object()) {
        // A list of tensors as first argument; the named ones stand with each of them.
        m_arguments.push_back({{}, {}, &json});
        for (const auto &[name, argument] : json[0][3].items())
            if (tensorsIn(argument) == 0)
                m_arguments.push_back({name, {}, &argument});
    }
}

void Arguments::add(std::string name, const Json &json)
{
    Argument argument{std::move(name), {}, &json};
    const std::size_t count = tensorsIn(json);
    if (count == 1 && isTensor(json) && m_nextTensor < m_call.inputs.size()) {
        argument.tensor = m_call.inputs[m_nextTensor];
        argument.value = nullptr;
    }
    m_nextTensor += count;
    m_arguments.push_back(std::move(argument));
}

const Arguments::Argument *Arguments::find(std::string_view name, std::size_t position) const
{
    std::size_t at = 0;
    for (const Argument &argument : m_arguments) {
        if (argument.name == name && !name.empty())
            return &argument;
        if (argument.name.empty() && at++ == position)
            return &argument;
    }
    return nullptr;
}

const Json *Arguments::value(std::string_view name, std::size_t position) const
{
    const Argument *const argument = find(name, position);
    if (argument)
        return argument->value && !argument->value->is_null() ? argument->value : nullptr;
    return m_call.config.find(name);
}

TensorIndex Arguments::operand(std::string_view name, std::size_t position)
{
    const Argument *const argument = find(name, position);
    if (!argument || argument->tensor.isValid())
        return argument ? argument->tensor : TensorIndex();
    std::vector<float> values;
    Dims dims;
    if (!argument->value || !collectNumbers(*argument->value, values, dims))
        return {};
    Shape shape;
    for (const std::int64_t dim : dims)
        shape.append(static_cast<std::int32_t>(dim));
    return m_call.graph.floats(m_call.inner(name), shape, values);
}

std::optional<std::int64_t> Arguments::integer(std::string_view name, std::size_t position) const
{
    const Json *const found = value(name, position);
    return found && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}

std::optional<std::vector<std::int64_t>> Arguments::integers(std::string_view name, std::size_t position) const
{
    const Json *const found = value(name, position);
    if (!found)
        return std::nullopt;
    if (found->is_number_integer())
        return std::vector{found->get<std::int64_t>()};
    if (!found->is_array() || !std::ranges::all_of(*found, [](const Json &v) { return v.is_number_integer(); }))
        return std::nullopt;
    std::vector<std::int64_t> values;
    for (const Json &v : *found)
        values.push_back(v.get<std::int64_t>());
    return values;
}

bool Arguments::boolean(std::string_view name, std::size_t position, bool absent) const
{
    const Json *const found = value(name, position);
    return found && found->is_boolean() ? found->get<bool>() : absent;
}

} // namespace quantloupe
