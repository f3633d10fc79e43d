// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interpreter/rnn_recording.h"
#include "report/report.h"
#include "report/rnn_trace.h"

#include <array>
#include <limits>
#include <vector>

namespace quantloupe {

struct RowSums;

/// Values of one side at one time step.
struct RnnValueSums {
    std::uint64_t count = 0; ///< finite ones
    double sum = 0.0;
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    std::uint64_t saturated = 0;

    void add(float value, bool isSaturated);
    /// Finite values, none of them saturated.
    void add(const RowSums &row, std::size_t units);
    void merge(const RnnValueSums &other);
};

struct RnnErrorSums {
    std::uint64_t count = 0;
    double diff = 0.0;
    double diffSquared = 0.0;
    double maxAbsDiff = 0.0;
    RnnValueSums floats;

    /// Adds values[i] - twins[i], and their squares to `squared` if there is one; nothing, and false, where one is not finite.
    bool addFinite(const float *values, const float *twins, std::size_t units, double *squared);
    void merge(const RnnErrorSums &other);
};

/// What the insides of one recurrent operator come to over some samples. Sums of batches are merged in the samples'
/// order, so that the figures do not depend on the number of threads.
class RnnSums {
public:
    /// Adds the quantized side, and each float side that is there and shows the same steps. `firstStep` is the time of
    /// the record's first step: not 0 where one sample takes several runs.
    void add(const RnnRecord &quantized, const RnnRecord *local, const RnnRecord *accumulated, std::size_t firstStep);
    void merge(const RnnSums &other);

    /// All but operator, tensor and names, which the model knows.
    RnnTrace trace() const;

private:
    struct Error {
        std::vector<RnnErrorSums> steps;
        std::vector<double> squaredByUnit; ///< [step * units + unit]
    };
    struct Quantity {
        std::size_t units = 0;                 ///< 0: not shown
        std::vector<RnnRecord::Form> forms;    ///< by step, or one for all
        std::vector<RnnValueSums> steps;
        std::vector<std::uint64_t> saturatedByUnit;
        std::array<Error, kErrorKinds> errors; ///< by ErrorKind
    };

    void addValues(Quantity &quantity, const RnnRecord &record, const RnnRecord::Quantity &from, std::size_t firstStep);
    void addError(Error &error, InternalQuantity which, const RnnRecord &record, const RnnRecord &floats, std::size_t firstStep);
    RnnQuantity traced(InternalQuantity which, const Quantity &from) const;

    std::size_t m_steps = 0;
    std::size_t m_sequences = 0;
    std::vector<std::uint64_t> m_rows; ///< by step: samples * sequences
    std::array<Quantity, kInternalQuantityCount> m_quantities;
};

} // namespace quantloupe
