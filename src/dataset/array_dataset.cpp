// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/array_dataset.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

class ArrayDataset : public Dataset {
public:
    ArrayDataset(InputArrays arrays, std::vector<std::int64_t> labels, std::string file)
        : m_arrays(std::move(arrays)), m_labels(std::move(labels)), m_file(std::move(file))
    {
    }

    std::size_t sampleCount() const override { return m_arrays.sampleCount(); }
    std::size_t stepCount() const override { return m_arrays.stepCount(); }
    std::size_t inputCount() const override { return m_arrays.inputCount(); }
    std::size_t elementCount(std::size_t input) const override { return m_arrays.elementCount(input); }
    bool hasInput(std::size_t input) const override { return m_arrays.array(input) != nullptr; }
    std::span<const std::int64_t> labels() const override { return m_labels; }
    std::string description() const override
    {
        const std::string steps = stepCount() > 1 ? fmt::format(" of {} time steps", stepCount()) : "";
        return fmt::format("{}, {} samples{}", m_file, sampleCount(), steps);
    }

    Result<void> read(std::size_t sample, std::size_t input, std::span<float> out) const override { return readStep(sample, 0, input, out); }
    Result<void> readStep(std::size_t sample, std::size_t step, std::size_t input, std::span<float> out) const override
    {
        if (const NpyArray *const array = m_arrays.array(input))
            return array->readReal(m_arrays.firstElement(sample, step, input), out);
        std::ranges::fill(out, 0.0f); // what fed state starts with
        return {};
    }

    Result<void> checkFinite() const
    {
        for (std::size_t input = 0; input < inputCount(); ++input) {
            std::vector<float> values(elementCount(input));
            for (std::size_t row = 0; hasInput(input) && row < sampleCount() * stepCount(); ++row) {
                const std::size_t sample = row / stepCount();
                QL_CHECK(readStep(sample, row % stepCount(), input, values));
                const auto bad = std::ranges::find_if_not(values, [](float value) { return std::isfinite(value); });
                if (bad != values.end())
                    return fail(ErrorCode::DatasetNotFinite, {.file = m_arrays.array(input)->file(), .place = fmt::format("sample {}, element {}", sample, bad - values.begin()),
                                                              .got = std::isnan(*bad) ? "NaN" : *bad > 0 ? "infinity" : "-infinity"});
            }
        }
        return {};
    }

private:
    InputArrays m_arrays;
    std::vector<std::int64_t> m_labels;
    std::string m_file;
};

} // namespace

Result<std::shared_ptr<const Dataset>> makeArrayDataset(InputArrays arrays, std::vector<std::int64_t> labels, std::string file)
{
    auto dataset = std::make_shared<const ArrayDataset>(std::move(arrays), std::move(labels), std::move(file));
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
