// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/array_dataset.h"

#include "dataset/input_arrays.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

class ArrayDataset : public Dataset {
public:
    ArrayDataset(std::vector<NpyArray> arrays, std::vector<std::int64_t> labels, const Subgraph &graph, std::size_t samples, std::string file)
        : m_arrays(std::move(arrays)), m_labels(std::move(labels)), m_samples(samples), m_file(std::move(file))
    {
        for (const TensorIndex input : graph.inputs)
            m_elementCounts.push_back(static_cast<std::size_t>(graph.tensor(input).shape.elementCount()));
    }

    std::size_t sampleCount() const override { return m_samples; }
    std::size_t inputCount() const override { return m_arrays.size(); }
    std::size_t elementCount(std::size_t input) const override { return m_elementCounts[input]; }
    std::span<const std::int64_t> labels() const override { return m_labels; }
    std::string description() const override { return fmt::format("{}, {} samples", m_file, m_samples); }

    Result<void> read(std::size_t sample, std::size_t input, std::span<float> out) const override
    {
        return m_arrays[input].readReal(std::uint64_t{sample} * m_elementCounts[input], out);
    }

    Result<void> checkFinite() const
    {
        for (std::size_t input = 0; input < m_arrays.size(); ++input) {
            std::vector<float> values(m_elementCounts[input]);
            for (std::size_t sample = 0; sample < m_samples; ++sample) {
                QL_CHECK(read(sample, input, values));
                const auto bad = std::ranges::find_if_not(values, [](float value) { return std::isfinite(value); });
                if (bad != values.end())
                    return fail(ErrorCode::DatasetNotFinite, {.file = m_arrays[input].file(), .place = fmt::format("sample {}, element {}", sample, bad - values.begin()),
                                                              .got = std::isnan(*bad) ? "NaN" : *bad > 0 ? "infinity" : "-infinity"});
            }
        }
        return {};
    }

private:
    std::vector<NpyArray> m_arrays;
    std::vector<std::int64_t> m_labels;
    std::vector<std::size_t> m_elementCounts;
    std::size_t m_samples;
    std::string m_file;
};

} // namespace

Result<std::shared_ptr<const Dataset>> makeArrayDataset(std::vector<NpyArray> arrays, std::vector<std::int64_t> labels, const Subgraph &graph, std::string file)
{
    QL_TRY(const std::size_t samples, countSamples(arrays, graph));
    auto dataset = std::make_shared<const ArrayDataset>(std::move(arrays), std::move(labels), graph, samples, std::move(file));
    QL_CHECK(dataset->checkFinite());
    return dataset;
}

Result<std::vector<std::int64_t>> readLabels(const NpyArray &array, std::size_t samples)
{
    const auto shape = array.shape();
    if (shape.empty() || shape.size() > 2 || shape[0] != samples || (shape.size() == 2 && shape[1] == 0))
        return fail(ErrorCode::DatasetMismatch, {.file = array.file(), .expected = fmt::format("one class for each of {} samples", samples),
                                                 .got = fmt::format("an array of {}", array.shapeText())});
    const std::size_t columns = shape.size() == 2 ? static_cast<std::size_t>(shape[1]) : 1;
    std::vector<float> row(columns);
    std::vector<std::int64_t> labels(samples);
    for (std::size_t sample = 0; sample < samples; ++sample) {
        QL_CHECK(array.readReal(std::uint64_t{sample} * columns, row));
        constexpr float kLargest = 16777216.0f; // whole numbers are exact in float32 up to here
        if (columns == 1 && !(row[0] == std::round(row[0]) && std::abs(row[0]) <= kLargest))
            return fail(ErrorCode::DatasetMismatch, {.file = array.file(), .place = fmt::format("sample {}", sample), .expected = "a class number", .got = fmt::format("{}", row[0])});
        labels[sample] = columns == 1 ? static_cast<std::int64_t>(row[0]) : std::ranges::max_element(row) - row.begin();
    }
    return labels;
}

} // namespace quantloupe
