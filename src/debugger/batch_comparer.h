// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/dataset.h"
#include "debugger/debugger.h"
#include "interpreter/rnn_recording.h"
#include "debugger/rnn_sums.h"
#include "debugger/row_plan.h"
#include "interpreter/interpreter.h"
#include "metrics/error_pass.h"

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace quantloupe {

/// Histograms of one row over the samples one thread has seen.
struct RowHistograms {
    std::array<ErrorHistograms, kErrorKinds> errors; ///< by ErrorKind
    GridHistogram codes;                             ///< of the quantized tensor itself

    void merge(const RowHistograms &other);
    /// Those of `row`, which moves `elements` a sample from here.
    RowHistograms moved(const PlannedRow &row, std::size_t elements, const RunOptions &options) const;
};

/// The sums of one batch: per row and kind, one for each sample of the batch; of recurrent operators' insides, over all.
struct BatchSums {
    std::size_t firstSample = 0;
    std::size_t samples = 0;
    std::vector<ErrorSums> sums; ///< [row][kind][sample]
    std::map<OperatorIndex, RnnSums> rnn = {};

    const ErrorSums &at(std::size_t row, ErrorKind kind, std::size_t sample) const
    {
        return sums[(row * kErrorKinds + static_cast<std::size_t>(kind)) * samples + sample];
    }
};

/// Runs both models on batches of samples and measures every row. Each thread has its own.
class BatchComparer {
public:
    BatchComparer(std::shared_ptr<const RowPlan> plan, const Dataset &dataset, const RunOptions &options);

    Result<BatchSums> compare(std::size_t firstSample, std::size_t samples);

    /// A copy of what was gathered so far; may be called from another thread.
    std::vector<RowHistograms> histograms() const;

private:
    /// Operands of one float twin.
    struct Twin {
        std::vector<Operand> inputs;
        std::vector<bool> isWhole;    ///< by input: there is memory for a whole batch
        std::vector<Operand> outputs; ///< empty: no twin
    };

    void planReals();
    void planTwins();
    Twin twinOf(const TwinPlan &plan) const;
    void resetTwinState();
    void startSequences(std::size_t samples);
    Result<void> readInputs(std::size_t firstSample, std::size_t samples);
    Result<void> readInput(std::size_t sample, std::size_t place, std::size_t input);
    bool isRead(std::size_t input) const;
    Result<void> runStep(std::size_t firstSample, std::size_t samples);
    Result<void> runModels(std::size_t batch);
    void compareOperator(OperatorIndex op, SampleRange part, std::size_t batch);
    bool isWhole(TensorIndex tensor) const;
    Operand realOf(TensorIndex tensor, SampleRange part) const;
    void fillReal(TensorIndex tensor, SampleRange part);
    void runTwin(OperatorIndex op, SampleRange part);
    void measure(std::size_t row, bool hasTwin, SampleRange part, std::size_t batch);
    /// A float twin runs beside the operator.
    bool hasTwin(OperatorIndex op) const;
    /// The float twin makes what the float model makes: one side is measured for both.
    bool isShared(OperatorIndex op) const;
    /// What measure() would find of a row that only moves another one's elements.
    void moveSums(std::size_t row, SampleRange part, std::size_t batch);
    void measureInsides(OperatorIndex op, bool hasTwin);
    void planUnrolled();
    /// Where the float twin of a tensor that an unrolled layer shows is kept: a part of a SPLIT has no error of its own, that of
    /// what was split is meant.
    struct TwinPart {
        TensorIndex from;
        std::size_t firstColumn = 0;
        std::size_t rowWidth = 0;
    };
    TwinPart twinPart(TensorIndex tensor, const UnrolledRecurrence &unrolled) const;
    void keepTwinOutputs(OperatorIndex op, SampleRange part);
    void measureUnrolled(std::size_t batch);

    std::shared_ptr<const RowPlan> m_plan;
    const Dataset &m_dataset;
    RunOptions m_options;
    Interpreter m_quantized;
    Interpreter m_floats;

    AlignedBuffer m_realStorage;
    std::vector<Operand> m_reals;         ///< by quantized tensor: its values in real units
    std::vector<bool> m_isRawInput;       ///< by quantized tensor: stands for the dataset's own floats
    AlignedBuffer m_rawInputs;
    std::vector<Operand> m_rawInput;      ///< by model input
    AlignedBuffer m_twinStorage;          ///< one operator's outputs at a time
    AlignedBuffer m_twinState;            ///< variables of all twins, all samples of a batch
    std::vector<Operand> m_twinStates;    ///< by float tensor
    AlignedBuffer m_twinScratch;
    std::vector<Twin> m_twins;            ///< by quantized operator
    std::vector<Operand> m_twinInputs;    ///< of the one that runs, from the part's first sample on
    RnnRecording m_quantizedInsides;
    RnnRecording m_floatInsides;
    RnnRecording m_twinInsides;
    std::map<TensorIndex, TwinPart> m_twinParts;               ///< by tensor that an unrolled layer shows
    std::map<TensorIndex, std::vector<float>> m_unrolledTwins; ///< what they are parts of: the float twins' values, all samples of a batch
    std::optional<Error> m_error;
    bool m_hasStarted = false;            ///< for `carry`: fed state is at its start only once
    bool m_isStart = true;                ///< fed inputs may be data in this step
    std::size_t m_step = 0;               ///< of the sequence, with feedback

    ErrorPass m_errorPass;
    std::vector<EndCounts> m_atEnds;      ///< by sample of the batch
    BatchSums m_batch;
    std::vector<ErrorSums> m_stepSums;    ///< of one time step, laid out as the batch's
    mutable std::mutex m_histogramMutex;  ///< held while a batch runs
    std::vector<RowHistograms> m_histograms;
};

} // namespace quantloupe
