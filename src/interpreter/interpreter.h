// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interpreter/control_flow.h"
#include "interpreter/graph_run.h"
#include "interpreter/prepared_model.h"

#include <memory>
#include <span>
#include <stop_token>

namespace quantloupe {

/// Runs a prepared model on batches of samples. Each thread has its own. All tensors of a run stay readable until the
/// next one.
class Interpreter {
public:
    /// `lives`: as of GraphRun; the tensors of the main graph.
    explicit Interpreter(std::shared_ptr<const PreparedModel> model, std::vector<TensorLife> lives = {});

    const PreparedModel &model() const { return *m_model; }

    /// Where sample `sample` of model input `input` is to be written before invoke().
    std::span<std::byte> input(std::size_t input, std::size_t sample = 0) { return m_main.writable(m_model->graph().inputs[input], sample); }
    std::span<const std::byte> output(std::size_t output, std::size_t sample = 0) const { return bytes(m_model->graph().outputs[output], sample); }

    /// Runs `batch` samples, at most model().maxBatch(). Fails where an operator meets values it is not defined for. A
    /// stop is heeded between the steps of loops; a graph without loops is never long.
    Result<void> invoke(std::size_t batch, OperatorObserver *observer = nullptr, std::stop_token stop = {});

    /// The same in parts: start() once, then every operator in order on any parts of the batch.
    void start(std::stop_token stop = {});
    Result<void> invoke(OperatorIndex op, SampleRange samples);

    /// State back to its start: variable tensors of int8 to their zero point and all others to 0, resource variables
    /// unassigned, CALL_ONCE due again. Called before every batch for state `reset`; between runs it is left out for
    /// `carry`, which must go one sample at a time.
    void resetState();

    /// Shape in the last run; the planned one where shapes are static.
    const Shape &shape(TensorIndex tensor) const { return m_main.shape(tensor); }
    /// The tensor's bytes of one sample; empty when it is missing.
    std::span<const std::byte> bytes(TensorIndex tensor, std::size_t sample = 0) const { return m_main.bytes(tensor, sample); }
    Operand operand(TensorIndex tensor) const { return m_main.operand(tensor); }
    Operand operand(TensorIndex tensor, const SampleRange &samples) const { return m_main.operand(tensor, samples); }

    void setInternalsSink(InternalsSink *sink) { m_internals = sink; }

private:
    std::shared_ptr<const PreparedModel> m_model;
    GraphRun m_main;
    ControlFlow m_control;
    InternalsSink *m_internals = nullptr;
    std::stop_token m_stop;
};

} // namespace quantloupe
