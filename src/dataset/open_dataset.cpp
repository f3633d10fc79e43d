// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/array_dataset.h"
#include "dataset/dataset.h"
#include "dataset/hdf5_arrays.h"
#include "dataset/input_arrays.h"
#include "dataset/npz.h"
#include "dataset/random_dataset.h"
#include "graph/model.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <string_view>

namespace quantloupe {
namespace {

constexpr std::string_view kRandomPrefix = "random:";
constexpr std::uint64_t kDefaultSeed = 1;
constexpr std::uint64_t kMaxRandomSamples = 100'000'000;

std::optional<std::uint64_t> wholeNumber(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

Result<std::shared_ptr<const Dataset>> openRandom(std::string_view spec, const Subgraph &graph, const Feedback &feedback)
{
    const std::string_view numbers = spec.substr(kRandomPrefix.size());
    const std::size_t colon = std::min(numbers.find(':'), numbers.size());
    const auto samples = wholeNumber(numbers.substr(0, colon));
    const auto seed = colon == numbers.size() ? std::optional(kDefaultSeed) : wholeNumber(numbers.substr(colon + 1));
    if (!samples || *samples == 0 || *samples > kMaxRandomSamples || !seed)
        return fail(ErrorCode::Usage, {.expected = fmt::format("random:N or random:N:SEED with N of 1 to {}", kMaxRandomSamples), .got = std::string(spec)});
    return makeRandomDataset(static_cast<std::size_t>(*samples), *seed, graph, feedback);
}

std::string fileName(const std::filesystem::path &path)
{
    return path.filename().string();
}

/// One array for the one input that takes data.
Result<InputArrays> onlyInput(NpyArray array, const Subgraph &graph, const Feedback &feedback)
{
    std::vector<std::optional<NpyArray>> arrays(graph.inputs.size());
    for (std::size_t i = 0; i < arrays.size(); ++i)
        if (!feedback.feeds(i))
            arrays[i] = std::move(array);
    return InputArrays::make(std::move(arrays), graph, feedback);
}

Result<std::shared_ptr<const Dataset>> openNpy(const std::filesystem::path &path, const Subgraph &graph, const Feedback &feedback)
{
    const std::size_t inputs = graph.inputs.size() - feedback.links().size();
    if (inputs != 1)
        return fail(ErrorCode::DatasetMismatch, {.file = path.string(), .expected = fmt::format("a .npz with {} arrays, one an input", inputs), .got = "a .npy with one"});
    QL_TRY(NpyArray array, NpyArray::open(path));
    QL_TRY(auto samples, onlyInput(std::move(array), graph, feedback));
    return makeArrayDataset(std::move(samples), {}, fileName(path));
}

bool isInputName(std::string_view name, const Subgraph &graph)
{
    return std::ranges::any_of(graph.inputs, [&](TensorIndex input) { return graph.tensor(input).name == name; });
}

Result<std::shared_ptr<const Dataset>> openNamed(const ArraySource &source, InputArrays arrays, const std::filesystem::path &path, const Subgraph &graph)
{
    std::vector<std::int64_t> labels;
    if (source.contains("y") && !isInputName("y", graph)) {
        QL_TRY(const NpyArray array, source.array("y"));
        QL_TRY(labels, readLabels(array, arrays.sampleCount()));
    }
    return makeArrayDataset(std::move(arrays), std::move(labels), fileName(path));
}

Result<std::shared_ptr<const Dataset>> openNpz(const std::filesystem::path &path, const Subgraph &graph, const Feedback &feedback)
{
    QL_TRY(const NpzArchive archive, NpzArchive::open(path));
    QL_TRY(auto arrays, InputArrays::find(archive, graph, true, feedback));
    return openNamed(archive, std::move(arrays), path, graph);
}

/// As a .npz; a .h5 of one array needs no name for it.
Result<std::shared_ptr<const Dataset>> openHdf5(const std::filesystem::path &path, const Subgraph &graph, const Feedback &feedback)
{
    QL_TRY(const Hdf5Arrays file, Hdf5Arrays::open(path));
    const auto only = graph.inputs.size() == feedback.links().size() + 1 ? file.onlyArray() : std::nullopt;
    InputArrays arrays;
    if (only) {
        QL_TRY(NpyArray array, file.array(*only));
        QL_TRY(arrays, onlyInput(std::move(array), graph, feedback));
    } else {
        QL_TRY(arrays, InputArrays::find(file, graph, true, feedback));
    }
    return openNamed(file, std::move(arrays), path, graph);
}

} // namespace

Result<void> requireSingleSteps(const Dataset &dataset)
{
    if (dataset.stepCount() == 1)
        return {};
    return fail(ErrorCode::DatasetMismatch, {.file = dataset.description(), .expected = "samples of one run each: causes, evaluation and close looks do not follow state that is fed back",
                                             .got = "sequences of " + std::to_string(dataset.stepCount()) + " steps"});
}

Result<std::shared_ptr<const Dataset>> openDataset(const std::string &spec, const Subgraph &graph, const Feedback &feedback)
{
    if (graph.inputs.empty())
        return fail(ErrorCode::DatasetMismatch, {.file = spec, .expected = "a model with inputs", .got = "one without"});
    if (spec.starts_with(kRandomPrefix))
        return openRandom(spec, graph, feedback);
    const std::filesystem::path path(spec);
    QL_TRY(const File file, File::open(path));
    std::array<std::byte, 8> start{};
    const auto known = std::span(start).first(static_cast<std::size_t>(std::min<std::uint64_t>(start.size(), file.size())));
    QL_CHECK(file.read(0, known));
    if (looksLikeNpy(known))
        return openNpy(path, graph, feedback);
    if (looksLikeZip(known))
        return openNpz(path, graph, feedback);
    if (looksLikeHdf5(known))
        return openHdf5(path, graph, feedback);
    return fail(ErrorCode::FormatUnknown, {.file = spec, .expected = "a dataset as .npz, .npy or .h5"});
}

std::span<const std::string_view> datasetPatterns()
{
    static constexpr std::array<std::string_view, 4> kPatterns{"*.npz", "*.npy", "*.h5", "*.hdf5"};
    return kPatterns;
}

} // namespace quantloupe
