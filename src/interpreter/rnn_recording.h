// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/internals.h"

#include "base/data_type.h"

#include <array>
#include <limits>
#include <map>
#include <vector>

namespace quantloupe {

/// What one recurrent operator showed during one run.
struct RnnRecord {
    struct Place {
        std::size_t sample = 0;
        std::size_t sequence = 0;
        std::size_t step = 0;
        bool operator==(const Place &) const = default;
    };
    struct Form {
        DataType type = DataType::Float32;
        float scale = 1.0f;
        std::int32_t zeroPoint = 0;
        float lowest = -std::numeric_limits<float>::infinity(); ///< limits of the integer form in real units
        float highest = std::numeric_limits<float>::infinity();
        bool operator==(const Form &) const = default;
    };
    struct Quantity {
        std::size_t units = 0; ///< 0: not shown
        Form form;
        std::vector<Form> formByStep; ///< of unrolled layers, whose steps have a form each; else empty
        std::vector<float> values;    ///< real; [place][unit]; NaN: there is none

        const Form &formAt(std::size_t step) const { return formByStep.empty() ? form : formByStep[step]; }
    };

    std::vector<Place> places; ///< in the order in which they came
    std::array<Quantity, kInternalQuantityCount> quantities;

    const Quantity &of(InternalQuantity quantity) const { return quantities[static_cast<std::size_t>(quantity)]; }
    std::size_t stepCount() const;
    std::size_t sequenceCount() const;
};

/// Keeps what the recurrent operators of one run show.
class RnnRecording : public InternalsSink {
public:
    /// Before every run. Memory is kept.
    void clear();
    /// Of the batch, where only a part of it runs.
    void startsAt(std::size_t firstSample) { m_firstSample = firstSample; }
    void operatorStarts(OperatorIndex op) override { m_op = op; }
    void step(const InternalsStep &step) override;

    void set(OperatorIndex op, RnnRecord record) { m_records[op] = std::move(record); }

    /// Null when the operator showed nothing.
    const RnnRecord *of(OperatorIndex op) const;
    /// By operator; empty ones are of operators that showed nothing in this run.
    const std::map<OperatorIndex, RnnRecord> &records() const { return m_records; }

private:
    OperatorIndex m_op;
    std::size_t m_firstSample = 0;
    std::map<OperatorIndex, RnnRecord> m_records;
};

} // namespace quantloupe
