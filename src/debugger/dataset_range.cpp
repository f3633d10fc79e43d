// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dataset_range.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {
namespace {

constexpr double kMostSaturated = 0.001; ///< share of all values; single outliers are meant to be cut off
constexpr double kLeastCoverage = 0.25;  ///< of the range: two bits unused

/// Of a large dataset samples spread over all of it are looked at: this many values, a tenth of a second.
constexpr std::size_t kMostValues = 16'000'000;

/// The tensor whose codes an input's values become: the input itself, or what the QUANTIZE behind it makes.
const Tensor &codesOf(const Subgraph &graph, TensorIndex input)
{
    for (const Operator &op : graph.operators)
        if (op.name == "QUANTIZE" && op.inputs.front() == input && graph.tensor(input).type == DataType::Float32)
            return graph.tensor(op.outputs.front());
    return graph.tensor(input);
}

struct Range {
    double low;
    double high;
};

Range rangeOf(const Tensor &codes)
{
    const IntegerRange range = integerRange(codes.type);
    const auto real = [&](std::int64_t code) { return static_cast<double>(codes.quant.scale()) * static_cast<double>(code - codes.quant.zeroPoint()); };
    return {real(range.min), real(range.max)};
}

struct Extent {
    double least = std::numeric_limits<double>::infinity();
    double most = -std::numeric_limits<double>::infinity();
    std::size_t count = 0;
    std::size_t outside = 0;
    std::size_t samples = 0;
};

/// Half a step beyond the last code still rounds to it.
Extent extentOf(const Dataset &dataset, std::size_t input, std::size_t samples, const Range &range, double step)
{
    Extent extent;
    std::vector<float> values(dataset.elementCount(input));
    if (!dataset.hasInput(input))
        return extent;
    const std::size_t all = std::min(samples, dataset.sampleCount());
    extent.samples = std::min(all, std::max<std::size_t>(kMostValues / std::max<std::size_t>(values.size() * dataset.stepCount(), 1), 1));
    for (std::size_t i = 0; i < extent.samples; ++i) {
        const auto sample = static_cast<std::size_t>(static_cast<double>(i) * static_cast<double>(all) / static_cast<double>(extent.samples));
        for (std::size_t time = 0; time < dataset.stepCount(); ++time) {
            if (!dataset.readStep(sample, time, input, values))
                continue;
            for (const float value : values) {
                extent.least = std::min(extent.least, static_cast<double>(value));
                extent.most = std::max(extent.most, static_cast<double>(value));
                extent.outside += value < range.low - step / 2 || value > range.high + step / 2;
            }
            extent.count += values.size();
        }
    }
    return extent;
}

void addFindings(const Tensor &codes, const std::string &input, const Range &range, const Extent &extent, bool isWhole, std::vector<Finding> &findings)
{
    const double saturated = static_cast<double>(extent.outside) / static_cast<double>(extent.count);
    const double used = std::max(0.0, std::min(extent.most, range.high) - std::max(extent.least, range.low));
    const double coverage = used / (range.high - range.low);
    const std::string figures = fmt::format("{}: the dataset has {:.4g} to {:.4g}{}, the input ({}, scale {}, zero point {}) holds {:.4g} to {:.4g}", input, extent.least, extent.most,
                                            isWhole ? std::string() : fmt::format(" in {} samples spread over it", extent.samples),
                                            name(codes.type), codes.quant.scale(), codes.quant.zeroPoint(), range.low, range.high);
    if (saturated > kMostSaturated)
        findings.push_back({.id = "dataset-saturates", .severity = Severity::Warning, .title = fmt::format("{:.1f} % of the dataset's values lie outside of the input's range", 100 * saturated),
                            .evidence = figures + ". What lies outside becomes the last code.", .remedy = "Check that the dataset is preprocessed as the model was trained, and calibrate with such data.",
                            .subject = "dataset", .op = {}, .tensor = {}});
    if (coverage < kLeastCoverage)
        findings.push_back({.id = "dataset-coverage", .severity = Severity::Warning, .title = fmt::format("The dataset uses only {:.1f} % of the input's range", 100 * coverage),
                            .evidence = figures + ".", .remedy = "Check that the dataset is preprocessed as the model was trained, and calibrate with such data.", .subject = "dataset",
                            .op = {}, .tensor = {}});
}

} // namespace

std::vector<Finding> datasetRangeFindings(const Model &quantized, const Dataset &dataset, std::size_t samples)
{
    std::vector<Finding> findings;
    const Subgraph &graph = quantized.main();
    for (std::size_t i = 0; i < std::min(graph.inputs.size(), dataset.inputCount()); ++i) {
        const Tensor &codes = codesOf(graph, graph.inputs[i]);
        if (!codes.quant.isQuantized() || codes.quant.isPerChannel() || !isQuantizable(codes.type) || !(codes.quant.scale() > 0.0f))
            continue;
        const Range range = rangeOf(codes);
        const Extent extent = extentOf(dataset, i, samples, range, static_cast<double>(codes.quant.scale()));
        if (extent.count > 0)
            addFindings(codes, graph.tensor(graph.inputs[i]).name, range, extent, extent.samples == std::min(samples, dataset.sampleCount()), findings);
    }
    return findings;
}

} // namespace quantloupe
