// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/feedback.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace quantloupe {
namespace {

/// Position among `tensors` of the one that `text` names: exactly, then plainly, then as prefix + number.
std::optional<std::size_t> find(std::string_view text, std::string_view prefix, std::span<const TensorIndex> tensors, const Subgraph &graph)
{
    const auto nameOf = [&](TensorIndex tensor) -> std::string_view { return graph.tensor(tensor).name; };
    const auto plainNameOf = [&](TensorIndex tensor) { return plainName(graph.tensor(tensor).name); };
    const auto only = [&](auto projection) -> std::optional<std::size_t> {
        if (std::ranges::count(tensors, text, projection) != 1)
            return std::nullopt;
        return static_cast<std::size_t>(std::ranges::find(tensors, text, projection) - tensors.begin());
    };
    if (const auto exact = only(nameOf))
        return exact;
    if (const auto plain = only(plainNameOf))
        return plain;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (text == fmt::format("{}{}", prefix, i))
            return i;
    return std::nullopt;
}

/// A name may hold '=' itself: the first place where both sides are names.
std::optional<FeedbackLink> linkOf(std::string_view text, const Subgraph &graph)
{
    for (std::size_t at = text.find('='); at != text.npos; at = text.find('=', at + 1)) {
        const auto output = find(text.substr(0, at), "out", graph.outputs, graph);
        const auto input = find(text.substr(at + 1), "in", graph.inputs, graph);
        if (output && input)
            return FeedbackLink{*output, *input};
    }
    return std::nullopt;
}

std::string namesOf(std::span<const TensorIndex> tensors, const Subgraph &graph)
{
    std::vector<std::string_view> names;
    for (const TensorIndex tensor : tensors)
        names.push_back(graph.tensor(tensor).name);
    return fmt::format("{}", fmt::join(names, ", "));
}

bool isCodes(const Tensor &tensor)
{
    return tensor.quant.isQuantized() && (tensor.type == DataType::Int8 || tensor.type == DataType::UInt8 || tensor.type == DataType::Int16);
}

bool canFeed(const Tensor &output, const Tensor &input)
{
    return output.shape.elementCount() == input.shape.elementCount() && (output.type == input.type || (isCodes(output) && isCodes(input)))
        && elementSize(input.type) > 0;
}

std::string describe(const Tensor &tensor)
{
    return fmt::format("{} {} {}", tensor.name, name(tensor.type), tensor.shape.text());
}

} // namespace

std::string_view plainName(std::string_view name)
{
    constexpr std::string_view kPrefix = "serving_default_";
    if (name.starts_with(kPrefix))
        name.remove_prefix(kPrefix.size());
    const std::size_t colon = name.rfind(':');
    if (colon != name.npos && name.find_first_not_of("0123456789", colon + 1) == name.npos)
        name = name.substr(0, colon);
    return name;
}

Result<Feedback> Feedback::parse(std::span<const std::string> links, const Subgraph &graph)
{
    Feedback feedback;
    for (const std::string &text : links) {
        const auto link = linkOf(text, graph);
        if (!link)
            return fail(ErrorCode::Usage, {.place = "--feedback",
                                           .expected = fmt::format("OUT=IN with an output ({}) and an input ({}) of the model, or out0, in0, ...", namesOf(graph.outputs, graph), namesOf(graph.inputs, graph)),
                                           .got = text});
        const Tensor &output = graph.tensor(graph.outputs[link->output]);
        const Tensor &input = graph.tensor(graph.inputs[link->input]);
        if (!canFeed(output, input))
            return fail(ErrorCode::Usage, {.place = "--feedback", .expected = fmt::format("an output like {}", describe(input)), .got = describe(output)});
        if (feedback.feeds(link->input))
            return fail(ErrorCode::Usage, {.place = "--feedback", .expected = fmt::format("one output for {}", input.name), .got = "two"});
        feedback.m_links.push_back(*link);
    }
    if (!feedback.isEmpty() && feedback.m_links.size() == graph.inputs.size())
        return fail(ErrorCode::Usage, {.place = "--feedback", .expected = "an input left for the data", .got = "links for all of them"});
    return feedback;
}

Result<Feedback> Feedback::inTwin(const Subgraph &graph, const Subgraph &twin) const
{
    const auto positionOf = [&](TensorIndex tensor, std::span<const TensorIndex> among) {
        const auto found = std::ranges::find(among, graph.tensor(tensor).name, [&](TensorIndex t) { return std::string_view(twin.tensor(t).name); });
        return static_cast<std::size_t>(found - among.begin());
    };
    Feedback byName;
    for (const FeedbackLink &link : m_links)
        byName.m_links.push_back({positionOf(graph.outputs[link.output], twin.outputs), positionOf(graph.inputs[link.input], twin.inputs)});
    const bool areAllThere = std::ranges::all_of(byName.m_links, [&](const FeedbackLink &link) { return link.output < twin.outputs.size() && link.input < twin.inputs.size(); });
    const Feedback &result = areAllThere ? byName : *this;
    for (std::size_t i = 0; i < m_links.size(); ++i) {
        const FeedbackLink &link = result.m_links[i];
        if (link.output >= twin.outputs.size() || link.input >= twin.inputs.size() || !canFeed(twin.tensor(twin.outputs[link.output]), twin.tensor(twin.inputs[link.input])))
            return fail(ErrorCode::ModelsDiffer, {.place = "--feedback", .expected = fmt::format("an output like input {} in both models", graph.tensor(graph.inputs[m_links[i].input]).name),
                                                  .got = "none in the other one"});
    }
    return result;
}

bool Feedback::feeds(std::size_t input) const
{
    return std::ranges::find(m_links, input, &FeedbackLink::input) != m_links.end();
}

} // namespace quantloupe
