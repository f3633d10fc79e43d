// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/batch_run.h"

#include "interpreter/state_feedback.h"
#include "interpreter/unrolled_recurrence.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <mutex>
#include <optional>
#include <thread>

namespace quantloupe {
namespace {

class Run {
public:
    Run(std::shared_ptr<const PreparedModel> model, const BatchRunOptions &options, const InputReader &read)
        : m_model(std::move(model)), m_options(options), m_read(read), m_batch(options.carriesState ? 1 : m_model->maxBatch())
    {
        if (options.internals)
            m_unrolled = findUnrolledRecurrences(m_model->graph());
    }

    Result<BatchRunResults> operator()(std::stop_token stop, const ProgressSink &progress)
    {
        const std::size_t wanted = m_options.threads == 0 ? std::max(1u, std::thread::hardware_concurrency()) : m_options.threads;
        const std::size_t batches = (m_options.samples + m_batch - 1) / m_batch;
        const std::size_t threads = m_options.carriesState ? 1 : std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(batches, 1));
        {
            std::vector<std::jthread> others;
            for (std::size_t i = 1; i < threads; ++i)
                others.emplace_back([&] { work(stop, {}); });
            work(stop, progress);
        }
        if (m_error)
            return fail(*m_error);
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled);
        for (auto &[key, samples] : m_internals)
            m_results.internals.push_back(std::move(samples));
        return std::move(m_results);
    }

private:
    void work(std::stop_token stop, const ProgressSink &progress)
    {
        Interpreter interpreter(m_model);
        RnnRecording recording;
        if (m_options.internals)
            interpreter.setInternalsSink(&recording);
        while (!stop.stop_requested()) {
            std::size_t first = 0;
            {
                const std::lock_guard lock(m_mutex);
                if (m_error || m_next >= m_options.samples)
                    return;
                first = m_next;
                m_next += m_batch;
            }
            const std::size_t count = std::min(m_batch, m_options.samples - first);
            if (auto done = runBatch(interpreter, recording, first, count, stop); !done) {
                const std::lock_guard lock(m_mutex);
                if (!m_error)
                    m_error = done.error();
                return;
            }
            if (progress)
                progress({std::min(first + count, m_options.samples), m_options.samples});
        }
    }

    Result<void> runBatch(Interpreter &interpreter, RnnRecording &recording, std::size_t first, std::size_t count, std::stop_token stop)
    {
        if (!m_options.carriesState)
            interpreter.resetState();
        if (!m_options.carriesState || first == 0)
            startFeedback(m_options.feedback, interpreter, count);
        for (std::size_t step = 0; step < m_options.steps; ++step) {
            for (std::size_t i = 0; i < m_model->graph().inputs.size(); ++i)
                for (std::size_t b = 0; b < count; ++b)
                    if (isRead(first, step, i))
                        QL_CHECK(m_read(first + b, step, i, interpreter.input(i, b)));
            recording.clear();
            QL_CHECK(interpreter.invoke(count, nullptr, stop));
            if (m_options.internals)
                recordUnrolled(interpreter, recording, count);
            QL_CHECK(keepAll(interpreter, recording, first, count, step));
            QL_CHECK(carryFeedback(m_options.feedback, interpreter, count));
            if (stop.stop_requested())
                return {};
        }
        return {};
    }

    void recordUnrolled(const Interpreter &interpreter, RnnRecording &recording, std::size_t count) const
    {
        const Subgraph &graph = m_model->graph();
        const auto read = [&](TensorIndex tensor, std::size_t sample, std::span<float> out) { readReal(graph.tensor(tensor), interpreter.bytes(tensor, sample), out); };
        for (const UnrolledRecurrence &unrolled : m_unrolled)
            recording.set(unrolled.op, unrolled.record(count, read, &graph));
    }

    /// A fed input is data only where a sequence starts.
    bool isRead(std::size_t sample, std::size_t step, std::size_t input) const
    {
        return !m_options.feedback.feeds(input) || (step == 0 && (!m_options.carriesState || sample == 0));
    }

    Result<void> keepAll(const Interpreter &interpreter, const RnnRecording &recording, std::size_t first, std::size_t count, std::size_t step)
    {
        const std::lock_guard lock(m_mutex);
        for (const TensorIndex tensor : m_options.tensors)
            for (std::size_t b = 0; b < count; ++b)
                QL_CHECK(keep(interpreter, tensor, (first + b) * m_options.steps + step, b));
        for (const auto &[op, record] : recording.records())
            for (std::size_t q = 0; q < kInternalQuantityCount; ++q)
                if (!record.quantities[q].values.empty())
                    QL_CHECK(keepInternal(op, static_cast<InternalQuantity>(q), record, first, step));
        return {};
    }

    /// `row` counts the runs of all samples.
    Result<void> keep(const Interpreter &interpreter, TensorIndex tensor, std::size_t row, std::size_t place)
    {
        const auto bytes = interpreter.bytes(tensor, place);
        if (!bytes.data())
            return {};
        const auto [entry, isNew] = m_results.tensors.try_emplace(tensor);
        TensorSamples &result = entry->second;
        if (isNew) {
            result.shape = interpreter.shape(tensor);
            result.bytes.resize(m_options.samples * m_options.steps * bytes.size());
        }
        if (!(result.shape == interpreter.shape(tensor)))
            return fail(ErrorCode::FeatureUnsupported, {.file = m_model->model().file, .place = placeOf(m_model->graph(), tensor), .expected = "one shape for all samples",
                                                        .got = fmt::format("{} and {}", result.shape.text(), interpreter.shape(tensor).text())});
        if (!bytes.empty())
            std::memcpy(result.bytes.data() + row * bytes.size(), bytes.data(), bytes.size());
        return {};
    }

    Result<void> keepInternal(OperatorIndex op, InternalQuantity which, const RnnRecord &record, std::size_t first, std::size_t runStep)
    {
        const RnnRecord::Quantity &from = record.of(which);
        const auto [entry, isNew] = m_internals.try_emplace({op, which});
        InternalSamples &result = entry->second;
        if (isNew) {
            result = {op, which, record.sequenceCount(), record.stepCount(), from.units, from.formByStep, {}};
            if (result.forms.empty())
                result.forms.push_back(from.form);
            result.values.resize(m_options.samples * m_options.steps * result.sequences * result.steps * result.units);
        }
        if (result.sequences != record.sequenceCount() || result.steps != record.stepCount() || result.units != from.units)
            return fail(ErrorCode::FeatureUnsupported, {.file = m_model->model().file, .place = placeOf(m_model->graph(), op), .expected = "one number of steps for all samples",
                                                        .got = fmt::format("{} and {}", result.steps, record.stepCount())});
        const float *values = from.values.data();
        for (const RnnRecord::Place &place : record.places) {
            const std::size_t row = (first + place.sample) * m_options.steps + runStep;
            const std::size_t at = (row * result.sequences + place.sequence) * result.steps + place.step;
            std::copy_n(values, result.units, result.values.begin() + static_cast<std::ptrdiff_t>(at * result.units));
            values += result.units;
        }
        return {};
    }

    std::shared_ptr<const PreparedModel> m_model;
    const BatchRunOptions &m_options;
    const InputReader &m_read;
    std::size_t m_batch;
    std::vector<UnrolledRecurrence> m_unrolled; ///< found only where insides are kept

    std::mutex m_mutex; ///< guards what follows
    std::size_t m_next = 0;
    std::optional<Error> m_error;
    BatchRunResults m_results;
    std::map<std::pair<OperatorIndex, InternalQuantity>, InternalSamples> m_internals;
};

} // namespace

std::vector<std::int32_t> InternalSamples::codes() const
{
    std::vector<std::int32_t> codes;
    codes.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const RnnRecord::Form &form = forms[forms.size() == 1 ? 0 : i / units % steps];
        codes.push_back(std::isnan(values[i]) ? 0 : static_cast<std::int32_t>(std::nearbyint(static_cast<double>(values[i]) / static_cast<double>(form.scale))) + form.zeroPoint);
    }
    return codes;
}

DataType InternalSamples::type() const
{
    DataType type = DataType::Float32;
    for (const RnnRecord::Form &form : forms) {
        if (form.type == DataType::Float32) // or a step without the quantity
            continue;
        if (type != DataType::Float32 && type != form.type)
            return DataType::Float32;
        type = form.type;
    }
    return type;
}

Result<BatchRunResults> runSamples(std::shared_ptr<const PreparedModel> model, const BatchRunOptions &options, const InputReader &read,
                                                        std::stop_token stop, const ProgressSink &progress)
{
    return Run(std::move(model), options, read)(stop, progress);
}

} // namespace quantloupe
