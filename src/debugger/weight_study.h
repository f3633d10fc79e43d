// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/row_plan.h"
#include "report/tensor_study.h"

#include <span>
#include <vector>

namespace quantloupe {

/// Sums behind one ChannelError.
class ChannelSums {
public:
    void add(float dequantized, float real, bool isAtEnd);
    ChannelError result() const;

private:
    std::uint64_t m_count = 0;
    std::uint64_t m_atEnds = 0;
    std::uint64_t m_codes = 0;
    double m_diff = 0.0;
    double m_diffSquared = 0.0;
    double m_maxAbs = 0.0;
    double m_min = 0.0;
    double m_max = 0.0;
};

/// Counts of every single code of an integer type of up to 16 bits; of wider ones only the ends.
class CodeCounter {
public:
    explicit CodeCounter(IntegerRange range);

    void add(std::span<const std::int64_t> codes);
    UsedCodes usage() const;

private:
    IntegerRange m_range;
    std::vector<std::uint64_t> m_counts; ///< by code; empty for wide types
    std::uint64_t m_elements = 0;
    std::int64_t m_lowest = 0;
    std::int64_t m_highest = 0;
    std::uint64_t m_atMin = 0;
    std::uint64_t m_atMax = 0;
};

/// Elements of an integer tensor; empty for other types.
std::vector<std::int64_t> codesOf(DataType type, std::span<const std::byte> bytes);

/// The quantized constants of an operator against those of its float twin.
std::vector<WeightStudy> studyWeights(const RowPlan &plan, OperatorIndex op);

} // namespace quantloupe
