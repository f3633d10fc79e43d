// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/lockstep.h"
#include "debugger/moved_rows.h"
#include "graph/feedback.h"
#include "interpreter/prepared_model.h"
#include "interpreter/unrolled_recurrence.h"
#include "metrics/error_pass.h"
#include "pairing/pairing.h"
#include "report/report.h"

#include <memory>
#include <vector>

namespace quantloupe {

/// One output of one quantized operator that is compared.
struct PlannedRow {
    OperatorIndex op;
    std::size_t outputPosition = 0;
    TensorIndex tensor;
    std::size_t elements = 0; ///< of one sample
    CodeGrid grid;
    IntegerRange codes{};
    OperatorIndex floatOperator; ///< the float twin; invalid without one
    TensorIndex floatTensor;
    bool hasLocal = false;
    bool hasAccumulated = false;
    std::optional<MovedFrom> movedFrom;
};

/// Where a float twin takes one of its inputs from.
struct TwinInput {
    enum class Source {
        None,     ///< an optional input left out
        Constant, ///< the float model's own weights and parameters
        State,    ///< a variable of the twin's own
        Real,     ///< the quantized tensor's values in real units; raw samples for a model input
        Same,     ///< the tensor itself, of one type in both models (float fallback, indices)
    };
    Source source = Source::None;
    TensorIndex tensor; ///< of the float model for Constant and State, of the quantized one for Real and Same
};

/// The float model's prepared operator, run on other operands than the float model's own.
struct TwinPlan {
    OperatorIndex floatOperator; ///< invalid: no twin
    std::vector<TwinInput> inputs;
    /// It reads constants and the dataset's own values only, as the float model's operator does: both make the same.
    bool isFloatModels = false;
};

/// For planRows(): no bound but the memory.
inline constexpr std::size_t kMostSamplesAtOnce = 32;

/// What a run compares: both models prepared, rows in the quantized model's operator order.
struct RowPlan {
    std::shared_ptr<const PreparedModel> quantized;
    std::shared_ptr<const PreparedModel> floats;
    Pairing pairing;
    std::vector<PlannedRow> rows;
    std::vector<TwinPlan> twins;                 ///< by quantized operator
    std::vector<std::size_t> firstRowOfOperator; ///< by quantized operator, one more at the end
    std::vector<std::string> leftOut;
    std::vector<UnrolledRecurrence> unrolled;    ///< of the quantized model
    Feedback feedback;      ///< of the quantized model
    Feedback floatFeedback; ///< the same links in the float model
    Lockstep lockstep;
    std::vector<OperatorIndex> producers; ///< by quantized tensor; invalid: none

    OperatorIndex producer(TensorIndex tensor) const { return producers[tensor.position()]; }
};

/// True for the quantized model's tensors that have values in real units: codes with a scale, and model inputs.
bool hasRealValues(const PreparedModel &quantized, TensorIndex tensor);

/// Pairs, unless the pairs are known, and prepares. A batch has `maxBatch` samples at most, fewer where their tensors
/// would fill the memory.
Result<std::shared_ptr<const RowPlan>> planRows(std::shared_ptr<const Model> floats, std::shared_ptr<const Model> quantized, KernelProfile kernels,
                                                std::size_t maxBatch, const Pairing *known = nullptr, const Feedback &feedback = {});

/// The report's rows without figures.
std::vector<TensorComparison> emptyRows(const RowPlan &plan);

} // namespace quantloupe
