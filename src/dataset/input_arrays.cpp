// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/input_arrays.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <string_view>

namespace quantloupe {
namespace {

std::vector<std::string> inputNames(const Subgraph &graph, std::string_view (*change)(std::string_view))
{
    std::vector<std::string> names;
    for (const TensorIndex input : graph.inputs)
        names.emplace_back(change(graph.tensor(input).name));
    return names;
}

std::vector<std::vector<std::string>> acceptedNames(const Subgraph &graph, bool allowX, const Feedback &feedback)
{
    std::vector<std::vector<std::string>> accepted;
    if (allowX && graph.inputs.size() == feedback.links().size() + 1) {
        std::vector<std::string> &names = accepted.emplace_back(inputNames(graph, plainName));
        for (std::size_t i = 0; i < names.size(); ++i)
            if (!feedback.feeds(i))
                names[i] = "x";
    }
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

/// Whether what follows `leading` axes is the input's shape, with or without its batch axis of 1.
bool holds(const NpyArray &array, std::size_t leading, const Shape &input)
{
    if (array.shape().size() < leading)
        return false;
    const auto sample = array.shape().subspan(leading);
    return isShapeOf(sample, input.dims()) || (input.rank() > 0 && input[0] == 1 && isShapeOf(sample, input.dims().subspan(1)));
}

tl::unexpected<Error> mismatch(const NpyArray &array, std::string expected, std::string got)
{
    return fail(ErrorCode::DatasetMismatch, {.file = array.file(), .expected = std::move(expected), .got = std::move(got)});
}

/// One number for all arrays: of samples or steps.
Result<void> agree(std::size_t &count, const NpyArray &array, std::size_t axis, std::string_view what, std::string_view one)
{
    const auto here = static_cast<std::size_t>(array.shape()[axis]);
    if (here == 0)
        return mismatch(array, fmt::format("at least one {}", one), "none");
    if (count != 0 && here != count)
        return mismatch(array, fmt::format("{} {} as in the other arrays", count, what), fmt::format("{}", here));
    count = here;
    return {};
}

} // namespace

Result<InputArrays> InputArrays::find(const ArraySource &source, const Subgraph &graph, bool allowX, const Feedback &feedback)
{
    const auto accepted = acceptedNames(graph, allowX, feedback);
    for (const std::vector<std::string> &names : accepted) {
        bool areThere = true;
        for (std::size_t i = 0; i < names.size(); ++i)
            areThere = areThere && (feedback.feeds(i) || source.contains(names[i]));
        if (!areThere)
            continue;
        std::vector<std::optional<NpyArray>> arrays(names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (source.contains(names[i])) {
                QL_TRY(arrays[i].emplace(), source.array(names[i]));
            }
        }
        return make(std::move(arrays), graph, feedback);
    }
    std::string expected = "arrays named ";
    for (std::size_t i = 0; i < accepted.size(); ++i)
        if (i == 0 || accepted[i] != accepted[i - 1])
            expected += fmt::format("{}{}", i == 0 ? "" : " or ", fmt::join(accepted[i], ", "));
    return fail(ErrorCode::DatasetMismatch, {.file = source.file(), .expected = std::move(expected), .got = fmt::format("{}", fmt::join(source.names(), ", "))});
}

Result<InputArrays> InputArrays::make(std::vector<std::optional<NpyArray>> arrays, const Subgraph &graph, const Feedback &feedback)
{
    InputArrays result;
    std::size_t steps = 0;
    for (std::size_t i = 0; i < arrays.size(); ++i) {
        const Tensor &input = graph.tensor(graph.inputs[i]);
        const bool isFed = feedback.feeds(i);
        const bool isSequence = !feedback.isEmpty() && !isFed;
        result.m_isFed.push_back(isFed);
        result.m_elementCounts.push_back(static_cast<std::size_t>(input.shape.elementCount()));
        if (!arrays[i])
            continue;
        if (!holds(*arrays[i], isSequence ? 2 : 1, input.shape))
            return mismatch(*arrays[i], fmt::format("{} of shape {} for {}", isSequence ? "samples of time steps" : "samples", input.shape.text(), input.name),
                            fmt::format("an array of {}", arrays[i]->shapeText()));
        QL_CHECK(agree(result.m_samples, *arrays[i], 0, "samples", "sample"));
        if (isSequence)
            QL_CHECK(agree(steps, *arrays[i], 1, "time steps", "time step"));
    }
    result.m_steps = std::max<std::size_t>(steps, 1);
    result.m_arrays = std::move(arrays);
    return result;
}

} // namespace quantloupe
