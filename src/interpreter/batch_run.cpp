// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/batch_run.h"

#include <algorithm>
#include <chrono>
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
    }

    Result<std::map<TensorIndex, TensorSamples>> operator()(std::stop_token stop, const ProgressSink &progress)
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
        return std::move(m_results);
    }

private:
    void work(std::stop_token stop, const ProgressSink &progress)
    {
        Interpreter interpreter(m_model);
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
            if (auto done = runBatch(interpreter, first, count); !done) {
                const std::lock_guard lock(m_mutex);
                if (!m_error)
                    m_error = done.error();
                return;
            }
            if (progress)
                progress({std::min(first + count, m_options.samples), m_options.samples});
        }
    }

    Result<void> runBatch(Interpreter &interpreter, std::size_t first, std::size_t count)
    {
        for (std::size_t i = 0; i < m_model->graph().inputs.size(); ++i)
            for (std::size_t b = 0; b < count; ++b)
                QL_CHECK(m_read(first + b, i, interpreter.input(i, b)));
        if (!m_options.carriesState)
            interpreter.resetState();
        QL_CHECK(interpreter.invoke(count));
        const std::lock_guard lock(m_mutex);
        for (const TensorIndex tensor : m_options.tensors)
            for (std::size_t b = 0; b < count; ++b)
                QL_CHECK(keep(interpreter, tensor, first + b, b));
        return {};
    }

    Result<void> keep(const Interpreter &interpreter, TensorIndex tensor, std::size_t sample, std::size_t place)
    {
        const auto bytes = interpreter.bytes(tensor, place);
        if (!bytes.data())
            return {};
        const auto [entry, isNew] = m_results.try_emplace(tensor);
        TensorSamples &result = entry->second;
        if (isNew) {
            result.shape = interpreter.shape(tensor);
            result.bytes.resize(m_options.samples * bytes.size());
        }
        if (!(result.shape == interpreter.shape(tensor)))
            return fail(ErrorCode::FeatureUnsupported, {.file = m_model->model().file, .place = placeOf(m_model->graph(), tensor), .expected = "one shape for all samples",
                                                        .got = fmt::format("{} and {}", result.shape.text(), interpreter.shape(tensor).text())});
        if (!bytes.empty())
            std::memcpy(result.bytes.data() + sample * bytes.size(), bytes.data(), bytes.size());
        return {};
    }

    std::shared_ptr<const PreparedModel> m_model;
    const BatchRunOptions &m_options;
    const InputReader &m_read;
    std::size_t m_batch;

    std::mutex m_mutex; ///< guards what follows
    std::size_t m_next = 0;
    std::optional<Error> m_error;
    std::map<TensorIndex, TensorSamples> m_results;
};

} // namespace

Result<std::map<TensorIndex, TensorSamples>> runSamples(std::shared_ptr<const PreparedModel> model, const BatchRunOptions &options, const InputReader &read,
                                                        std::stop_token stop, const ProgressSink &progress)
{
    return Run(std::move(model), options, read)(stop, progress);
}

} // namespace quantloupe
