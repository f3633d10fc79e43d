// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/dataset.h"
#include "debugger/row_plan.h"
#include "interpreter/interpreter.h"
#include "report/report.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace quantloupe {

/// What is known of one row and one sample right after its operator ran: all spans have the row's elements.
struct RowValues {
    std::size_t row = 0;
    std::size_t sample = 0;
    std::span<const std::byte> codes;        ///< of the tensor's type
    std::span<const float> dequantized;       ///< empty where the shape is known only while running; so are those below
    std::span<const float> localFloats;      ///< the float twin's; empty without one
    std::span<const float> accumulatedFloats; ///< the float model's; empty without one
};
using RowSink = std::function<void(const RowValues &)>;

/// Runs both models on a dataset and shows chosen rows element by element, with the same float twins as the report's. For
/// looking closely at few rows; the report itself is measured by BatchComparer, which does nothing but that.
class TwinRun : private OperatorObserver {
public:
    TwinRun(std::shared_ptr<const RowPlan> plan, const Dataset &dataset, StatePolicy state, std::span<const std::size_t> rows);

    /// Runs samples first..first + count - 1, at most maxBatch() of them.
    Result<void> run(std::size_t first, std::size_t count, const RowSink &sink);
    std::size_t maxBatch() const { return m_plan->quantized->maxBatch(); }

    const Interpreter &quantized() const { return m_quantized; }
    const Interpreter &floats() const { return m_floats; }
    /// The dataset's own values of a model input in the last batch.
    std::span<const float> rawInput(std::size_t input, std::size_t sample) const;

private:
    struct Twin {
        std::vector<Operand> inputs;
        std::vector<Operand> outputs;
        std::vector<TensorIndex> dequantized; ///< quantized tensors to be put into real units first
    };

    void planRawInputs();
    void planTwin(OperatorIndex op);
    Operand realOperand(TensorIndex tensor, Twin &twin);
    Operand state(TensorIndex tensor);
    std::byte *allocate(std::size_t bytes);
    Result<void> readInputs(std::size_t first, std::size_t count);
    void operatorDone(OperatorIndex op, std::size_t batch) override;
    void runTwin(OperatorIndex op, Twin &twin, std::size_t batch);
    void dequantize(TensorIndex tensor, const Operand &real, std::size_t batch);

    std::shared_ptr<const RowPlan> m_plan;
    const Dataset &m_dataset;
    StatePolicy m_state;
    Interpreter m_quantized;
    Interpreter m_floats;
    std::vector<AlignedBuffer> m_storage;
    std::vector<Operand> m_rawInputs;            ///< by model input
    std::map<TensorIndex, Operand> m_raw;        ///< tensors that stand for the dataset's own floats
    std::map<TensorIndex, Operand> m_reals;      ///< of the quantized model, where they are asked for
    std::map<TensorIndex, Operand> m_twinStates; ///< variables of the float model, of all twins
    std::map<OperatorIndex, Twin> m_twins;
    std::map<OperatorIndex, std::vector<std::size_t>> m_rowsOf; ///< rows to be shown, by operator
    AlignedBuffer m_scratch;
    const RowSink *m_sink = nullptr;
    std::size_t m_first = 0;
    std::optional<Error> m_error;
};

} // namespace quantloupe
