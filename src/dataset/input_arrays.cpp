// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/input_arrays.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <string_view>

namespace quantloupe {
namespace {

/// "serving_default_x:0" -> "x": TensorFlow's signature prefix and output number.
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

std::vector<std::string> inputNames(const Subgraph &graph, std::string_view (*change)(std::string_view))
{
    std::vector<std::string> names;
    for (const TensorIndex input : graph.inputs)
        names.emplace_back(change(graph.tensor(input).name));
    return names;
}

std::vector<std::vector<std::string>> acceptedNames(const Subgraph &graph, bool allowX)
{
    std::vector<std::vector<std::string>> accepted;
    if (allowX && graph.inputs.size() == 1)
        accepted.push_back({"x"});
    accepted.push_back(inputNames(graph, [](std::string_view name) { return name; }));
    accepted.push_back(inputNames(graph, plainName));
    std::vector<std::string> &numbered = accepted.emplace_back();
    for (std::size_t i = 0; i < graph.inputs.size(); ++i)
        numbered.push_back(fmt::format("in{}", i));
    return accepted;
}

bool isShapeOf(std::span<const std::uint64_t> sample, std::span<const std::int32_t> input)
{
    return std::ranges::equal(sample, input, [](std::uint64_t a, std::int32_t b) { return a == static_cast<std::uint64_t>(b); });
}

bool holdsSamplesOf(const NpyArray &array, const Shape &input)
{
    if (array.shape().empty())
        return false;
    const auto sample = array.shape().subspan(1);
    return isShapeOf(sample, input.dims()) || (input.rank() > 0 && input[0] == 1 && isShapeOf(sample, input.dims().subspan(1)));
}

tl::unexpected<Error> mismatch(const NpyArray &array, std::string expected, std::string got)
{
    return fail(ErrorCode::DatasetMismatch, {.file = array.file(), .expected = std::move(expected), .got = std::move(got)});
}

} // namespace

Result<std::vector<NpyArray>> inputArrays(const ArraySource &source, const Subgraph &graph, bool allowX)
{
    const auto accepted = acceptedNames(graph, allowX);
    for (const std::vector<std::string> &names : accepted) {
        if (!std::ranges::all_of(names, [&](const std::string &name) { return source.contains(name); }))
            continue;
        std::vector<NpyArray> arrays;
        for (const std::string &name : names) {
            QL_TRY(arrays.emplace_back(), source.array(name));
        }
        return arrays;
    }
    std::string expected = "arrays named ";
    for (std::size_t i = 0; i < accepted.size(); ++i)
        if (i == 0 || accepted[i] != accepted[i - 1])
            expected += fmt::format("{}{}", i == 0 ? "" : " or ", fmt::join(accepted[i], ", "));
    return fail(ErrorCode::DatasetMismatch, {.file = source.file(), .expected = std::move(expected), .got = fmt::format("{}", fmt::join(source.names(), ", "))});
}

Result<std::size_t> countSamples(std::span<const NpyArray> arrays, const Subgraph &graph)
{
    for (std::size_t i = 0; i < arrays.size(); ++i) {
        const Tensor &input = graph.tensor(graph.inputs[i]);
        if (!holdsSamplesOf(arrays[i], input.shape))
            return mismatch(arrays[i], fmt::format("samples of shape {} for {}", input.shape.text(), input.name), fmt::format("an array of {}", arrays[i].shapeText()));
        if (arrays[i].shape()[0] == 0)
            return mismatch(arrays[i], "at least one sample", "none");
        if (arrays[i].shape()[0] != arrays[0].shape()[0])
            return mismatch(arrays[i], fmt::format("{} samples as in {}", arrays[0].shape()[0], arrays[0].file()), fmt::format("{}", arrays[i].shape()[0]));
    }
    return arrays.empty() ? 0 : static_cast<std::size_t>(arrays[0].shape()[0]);
}

} // namespace quantloupe
