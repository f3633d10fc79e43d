// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/study.h"

#include "debugger/twin_run.h"
#include "debugger/weight_study.h"
#include "metrics/error_pass.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <map>

namespace quantloupe {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// Bins of the float axis beyond each end of the quantized range, in bins of the grid.
constexpr int kMargin = 64;
/// Rows gathered in one pass: each needs a grid of counts while it runs.
constexpr std::size_t kRowsOfPass = 64;
/// Cells of a density along an axis where few rows are looked at, and where many are.
constexpr std::size_t kFineCells = 512;
constexpr std::size_t kCoarseCells = 64;
constexpr std::size_t kFewRows = 16;

/// What one pass gathers of one kind of error of one row.
class ErrorGatherer {
public:
    ErrorGatherer(const CodeGrid &grid, std::size_t channels) : m_grid(grid), m_channels(channels) {}

    void add(const RowValues &values, std::span<const float> floats, std::span<const std::int64_t> codes, IntegerRange range)
    {
        if (m_counts.empty())
            m_counts.resize(std::size_t{kColumns} * GridHistogram::kBins);
        for (std::size_t i = 0; i < floats.size(); ++i) {
            const bool isAtEnd = codes[i] == range.min || codes[i] == range.max;
            m_channels[i % m_channels.size()].add(values.dequantized[i], floats[i], isAtEnd);
            const double column = std::floor(static_cast<double>(floats[i]) / m_grid.scale / m_grid.codesPerBin + 0.5 / m_grid.codesPerBin
                                             + static_cast<double>(m_grid.zeroPoint - m_grid.minCode) / m_grid.codesPerBin) + kMargin;
            const auto bin = static_cast<std::size_t>((codes[i] - m_grid.minCode) / m_grid.codesPerBin);
            if (column >= 0.0 && column < kColumns)
                ++m_counts[bin * kColumns + static_cast<std::size_t>(column)];
            else
                ++m_beyond; // NaN too
        }
    }

    ErrorStudy result(std::size_t mostCells) const
    {
        ErrorStudy study;
        study.density = density().coarser(mostCells);
        for (const ChannelSums &channel : m_channels)
            study.channels.push_back(channel.result());
        return study;
    }

private:
    static constexpr int kColumns = GridHistogram::kBins + 2 * kMargin;

    /// Only the cells between the first and the last that hold anything.
    Density density() const
    {
        std::size_t left = kColumns, right = 0, low = GridHistogram::kBins, high = 0;
        for (std::size_t row = 0; row < GridHistogram::kBins; ++row)
            for (std::size_t column = 0; column < kColumns; ++column)
                if (m_counts[row * kColumns + column] > 0) {
                    left = std::min(left, column);
                    right = std::max(right, column + 1);
                    low = std::min(low, row);
                    high = std::max(high, row + 1);
                }
        const double width = m_grid.scale * m_grid.codesPerBin;
        const double lower = (static_cast<double>(m_grid.minCode - m_grid.zeroPoint) - 0.5) * m_grid.scale;
        Density density;
        density.xWidth = density.yWidth = width;
        density.beyond = m_beyond;
        if (left >= right)
            return density;
        density.xLower = lower + (static_cast<double>(left) - kMargin) * width;
        density.yLower = lower + static_cast<double>(low) * width;
        density.columns = right - left;
        density.rows = high - low;
        for (std::size_t row = low; row < high; ++row)
            density.counts.insert(density.counts.end(), m_counts.begin() + static_cast<std::ptrdiff_t>(row * kColumns + left),
                                  m_counts.begin() + static_cast<std::ptrdiff_t>(row * kColumns + right));
        return density;
    }

    CodeGrid m_grid;
    std::vector<ChannelSums> m_channels;
    std::vector<std::uint64_t> m_counts;
    std::uint64_t m_beyond = 0;
};

/// Everything gathered of one row.
class RowGatherer {
public:
    RowGatherer(const PlannedRow &planned, DataType type, std::size_t channels)
        : m_type(type), m_range(planned.codes), m_codes(planned.codes), m_errors{ErrorGatherer(planned.grid, channels), ErrorGatherer(planned.grid, channels)}
    {
    }

    void add(const RowValues &values)
    {
        m_values = codesOf(m_type, values.codes);
        m_codes.add(m_values);
        for (const auto &[kind, floats] : {std::pair(ErrorKind::Local, values.localFloats), std::pair(ErrorKind::Accumulated, values.accumulatedFloats)}) {
            if (floats.empty())
                continue;
            m_errors[static_cast<std::size_t>(kind)].add(values, floats, m_values, m_range);
            m_isSeen[static_cast<std::size_t>(kind)] = true;
        }
    }

    void finish(TensorStudy &study, std::size_t mostCells) const
    {
        study.codes = m_codes.usage();
        if (m_isSeen[0])
            study.local = m_errors[0].result(mostCells);
        if (m_isSeen[1])
            study.accumulated = m_errors[1].result(mostCells);
    }

private:
    DataType m_type;
    IntegerRange m_range;
    CodeCounter m_codes;
    std::array<ErrorGatherer, 2> m_errors; ///< by ErrorKind
    std::array<bool, 2> m_isSeen{};
    std::vector<std::int64_t> m_values;
};

/// The length of the last axis: a convolution's channels, a layer's units. A tensor of one axis, the sample's, has one.
std::int32_t channelsOf(const Shape &shape)
{
    return shape.rank() < 2 ? 1 : std::max(1, shape.dim(shape.rank() - 1));
}

Result<std::shared_ptr<const RowPlan>> planFor(const Subject &subject, const RunOptions &options)
{
    if (const auto why = subject.whyNotComparable())
        return fail(*why);
    return planRows(subject.floatModel, subject.quantizedModel, options.kernels, options.state == StatePolicy::Carry ? 1 : kMostSamplesAtOnce, subject.pairing.get());
}

std::size_t samplesOf(const Dataset &dataset, const RunOptions &options)
{
    return options.samples == 0 ? dataset.sampleCount() : std::min(options.samples, dataset.sampleCount());
}

double rmseOf(std::span<const float> dequantized, std::span<const float> floats)
{
    ChannelSums sums;
    for (std::size_t i = 0; i < floats.size(); ++i)
        sums.add(dequantized[i], floats[i], false);
    return floats.empty() ? kNaN : sums.result().rmse;
}

/// A tensor of either model as real values; nothing for types that have none.
std::vector<float> realValues(const Tensor &tensor, std::span<const std::byte> bytes)
{
    if (tensor.type == DataType::Float32) {
        std::vector<float> values(bytes.size() / sizeof(float));
        std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
        return values;
    }
    std::vector<float> values;
    for (const std::int64_t code : codesOf(tensor.type, bytes))
        values.push_back(tensor.quant.isQuantized() ? static_cast<float>(static_cast<double>(tensor.quant.scale()) * static_cast<double>(code - tensor.quant.zeroPoint()))
                                                    : static_cast<float>(code));
    return values;
}

std::vector<SampleStudy::Values> outputsOf(const RowPlan &plan, const TwinRun &run)
{
    std::vector<SampleStudy::Values> outputs;
    const Subgraph &quantized = plan.quantized->graph();
    const Subgraph &floats = plan.floats->graph();
    for (std::size_t i = 0; i < quantized.outputs.size(); ++i) {
        const TensorIndex output = quantized.outputs[i];
        SampleStudy::Values values{quantized.tensor(output).name, run.quantized().shape(output), {}, realValues(quantized.tensor(output), run.quantized().bytes(output))};
        if (i < floats.outputs.size())
            values.floats = realValues(floats.tensor(floats.outputs[i]), run.floats().bytes(floats.outputs[i]));
        outputs.push_back(std::move(values));
    }
    return outputs;
}

/// One pass over the samples for some rows.
class StudyPass {
public:
    StudyPass(std::shared_ptr<const RowPlan> plan, const Dataset &dataset, const RunOptions &options, std::span<const std::size_t> rows)
        : m_options(options), m_run(plan, dataset, options.state, rows)
    {
        for (const std::size_t row : rows) {
            const PlannedRow &planned = plan->rows[row];
            TensorStudy study;
            study.row = row;
            study.channelCount = channelsOf(plan->quantized->tensor(planned.tensor).shape);
            study.weights = studyWeights(*plan, planned.op);
            m_gatherers.try_emplace(row, planned, plan->quantized->graph().tensor(planned.tensor).type, static_cast<std::size_t>(study.channelCount));
            m_studies.push_back(std::move(study));
        }
    }

    std::size_t batch() const { return m_run.maxBatch(); }
    Result<void> add(std::size_t first, std::size_t count)
    {
        return m_run.run(first, count, [this](RowValues values) {
            if (!m_options.local)
                values.localFloats = {};
            if (!m_options.accumulated)
                values.accumulatedFloats = {};
            m_gatherers.at(values.row).add(values);
        });
    }

    void finish(std::size_t samples, std::size_t mostCells, std::vector<TensorStudy> &studies)
    {
        for (TensorStudy &study : m_studies) {
            study.samples = samples;
            m_gatherers.at(study.row).finish(study, mostCells);
            studies.push_back(std::move(study));
        }
    }

private:
    RunOptions m_options;
    TwinRun m_run;
    std::map<std::size_t, RowGatherer> m_gatherers;
    std::vector<TensorStudy> m_studies;
};

} // namespace

Result<std::vector<TensorStudy>> studyTensors(const Subject &subject, const Dataset &dataset, const RunOptions &options, std::span<const std::size_t> rows,
                                              std::stop_token stop, const ProgressSink &progress)
{
    QL_CHECK(requireSingleSteps(dataset));
    QL_TRY(const auto plan, planFor(subject, options));
    for (const std::size_t row : rows)
        if (row >= plan->rows.size())
            return fail(ErrorCode::Usage, {.place = "row", .expected = fmt::format("1 to {}", plan->rows.size()), .got = std::to_string(row + 1)});
    std::vector<TensorStudy> studies;
    const std::size_t samples = samplesOf(dataset, options);
    const std::size_t passes = (rows.size() + kRowsOfPass - 1) / kRowsOfPass;
    auto told = std::chrono::steady_clock::now();
    for (std::size_t pass = 0; pass < passes; ++pass) {
        StudyPass run(plan, dataset, options, rows.subspan(pass * kRowsOfPass, std::min(kRowsOfPass, rows.size() - pass * kRowsOfPass)));
        for (std::size_t first = 0; first < samples; first += run.batch()) {
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled);
            QL_CHECK(run.add(first, std::min(run.batch(), samples - first)));
            const auto now = std::chrono::steady_clock::now();
            if (progress && now - told > std::chrono::milliseconds(50)) {
                told = now;
                progress({pass * samples + std::min(first + run.batch(), samples), passes * samples});
            }
        }
        run.finish(samples, rows.size() <= kFewRows ? kFineCells : kCoarseCells, studies);
    }
    return studies;
}

Result<SampleStudy> studySample(const Subject &subject, const Dataset &dataset, const RunOptions &options, std::size_t sample, std::stop_token stop)
{
    QL_CHECK(requireSingleSteps(dataset));
    QL_TRY(const auto plan, planFor(subject, options));
    if (sample >= dataset.sampleCount())
        return fail(ErrorCode::Usage, {.place = "sample", .expected = fmt::format("0 to {}", dataset.sampleCount() - 1), .got = std::to_string(sample)});
    std::vector<std::size_t> rows(plan->rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row)
        rows[row] = row;
    SampleStudy study;
    study.sample = sample;
    if (sample < dataset.labels().size())
        study.label = dataset.labels()[sample];
    study.rows.assign(rows.size(), {kNaN, kNaN});

    TwinRun run(plan, dataset, options.state, rows);
    const RowSink sink = [&](const RowValues &values) {
        if (values.sample == sample)
            study.rows[values.row] = {rmseOf(values.dequantized, values.localFloats), rmseOf(values.dequantized, values.accumulatedFloats)};
    };
    for (std::size_t each = options.state == StatePolicy::Carry ? 0 : sample; each <= sample; ++each) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled);
        QL_CHECK(run.run(each, 1, sink));
    }
    const Subgraph &graph = plan->quantized->graph();
    for (std::size_t input = 0; input < graph.inputs.size(); ++input) {
        const auto values = run.rawInput(input, 0);
        study.inputs.push_back({graph.tensor(graph.inputs[input]).name, plan->quantized->tensor(graph.inputs[input]).shape, {values.begin(), values.end()}, {}});
    }
    study.outputs = outputsOf(*plan, run);
    return study;
}

} // namespace quantloupe
