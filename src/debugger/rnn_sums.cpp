// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/rnn_sums.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace quantloupe {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Description {
    RnnRole role;
    std::string_view gate;
};

Description describe(InternalQuantity quantity)
{
    using enum InternalQuantity;
    constexpr std::array<std::string_view, 4> kGates{"input", "forget", "cell", "output"};
    constexpr std::array<std::string_view, 3> kGruGates{"update", "reset", "candidate"};
    const auto from = [quantity](InternalQuantity first) { return static_cast<std::size_t>(quantity) - static_cast<std::size_t>(first); };
    if (quantity <= OutputGateSum)
        return {RnnRole::GateSum, kGates[from(InputGateSum)]};
    if (quantity <= OutputGate)
        return {RnnRole::Gate, kGates[from(InputGate)]};
    if (quantity >= UpdateGate)
        return {RnnRole::Gate, kGruGates[from(UpdateGate)]};
    if (quantity >= UpdateGateSum)
        return {RnnRole::GateSum, kGruGates[from(UpdateGateSum)]};
    switch (quantity) {
    case Cell: return {RnnRole::Cell, {}};
    case CellActivation: return {RnnRole::CellActivation, {}};
    case SvdfState: return {RnnRole::Memory, {}};
    default: return {RnnRole::Hidden, {}};
    }
}

bool hasUnitErrors(InternalQuantity quantity)
{
    const RnnRole role = describe(quantity).role;
    return role == RnnRole::Cell || role == RnnRole::Hidden || role == RnnRole::Memory;
}

template <typename T> void growTo(std::vector<T> &values, std::size_t size)
{
    if (values.size() < size)
        values.resize(size);
}

template <typename T> void mergeSums(std::vector<T> &into, const std::vector<T> &from)
{
    growTo(into, from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
        if constexpr (std::is_arithmetic_v<T>)
            into[i] += from[i];
        else
            into[i].merge(from[i]);
    }
}

double share(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? kNan : static_cast<double>(part) / static_cast<double>(whole);
}

void append(RnnValues &values, const RnnValueSums &sums)
{
    const bool isEmpty = sums.count == 0;
    values.mean.push_back(isEmpty ? kNan : sums.sum / static_cast<double>(sums.count));
    values.min.push_back(isEmpty ? kNan : sums.min);
    values.max.push_back(isEmpty ? kNan : sums.max);
    values.saturated.push_back(share(sums.saturated, sums.count));
}

/// The limits become those that hold every step's; a run with feedback repeats the forms of its model.
void addForms(RnnQuantity &quantity, const std::vector<RnnRecord::Form> &forms, std::size_t steps)
{
    for (std::size_t step = 0; step < steps; ++step) {
        const RnnRecord::Form &form = forms[step % forms.size()];
        const bool isFloat = form.type == DataType::Float32;
        quantity.scaleByStep.push_back(isFloat ? kNan : static_cast<double>(form.scale));
        quantity.lowestByStep.push_back(isFloat ? kNan : static_cast<double>(form.lowest));
        quantity.highestByStep.push_back(isFloat ? kNan : static_cast<double>(form.highest));
        if (isFloat)
            continue;
        if (quantity.type == DataType::Float32)
            quantity.type = form.type;
        quantity.lowest = std::isfinite(quantity.lowest) ? std::min(quantity.lowest, quantity.lowestByStep.back()) : quantity.lowestByStep.back();
        quantity.highest = std::isfinite(quantity.highest) ? std::max(quantity.highest, quantity.highestByStep.back()) : quantity.highestByStep.back();
    }
}

/// Sums are taken in as many lanes, which compilers make vectors of.
constexpr std::size_t kLanes = 4;

} // namespace

/// Of the units at one step.
struct RowSums {
    double sum = 0.0;
    float min = std::numeric_limits<float>::infinity();
    float max = -std::numeric_limits<float>::infinity();
    bool isFinite = true;
};

namespace {

RowSums sumsOf(const float *values, std::size_t units)
{
    RowSums row;
    double sums[kLanes] = {};
    float min[kLanes];
    float max[kLanes];
    std::fill_n(min, kLanes, row.min);
    std::fill_n(max, kLanes, row.max);
    const auto take = [&](std::size_t lane, float value) {
        sums[lane] += static_cast<double>(value);
        min[lane] = value < min[lane] ? value : min[lane];
        max[lane] = value > max[lane] ? value : max[lane];
    };
    std::size_t unit = 0;
    for (; unit + kLanes <= units; unit += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            take(lane, values[unit + lane]);
    for (; unit < units; ++unit)
        take(0, values[unit]);
    row.sum = std::accumulate(sums, sums + kLanes, 0.0);
    row.min = *std::min_element(min, min + kLanes);
    row.max = *std::max_element(max, max + kLanes);
    row.isFinite = std::isfinite(row.sum); // floats do not add up to infinity in double
    return row;
}

} // namespace

void RnnValueSums::add(float value, bool isSaturated)
{
    if (!std::isfinite(value))
        return;
    ++count;
    sum += static_cast<double>(value);
    min = std::min(min, static_cast<double>(value));
    max = std::max(max, static_cast<double>(value));
    saturated += isSaturated;
}

void RnnValueSums::add(const RowSums &row, std::size_t units)
{
    count += units;
    sum += row.sum;
    min = std::min(min, static_cast<double>(row.min));
    max = std::max(max, static_cast<double>(row.max));
}

bool RnnErrorSums::addFinite(const float *values, const float *twins, std::size_t units, double *squared)
{
    double sums[kLanes] = {};
    double squares[kLanes] = {};
    float largest[kLanes] = {};
    std::size_t unit = 0;
    const auto take = [&](std::size_t lane) {
        const float error = values[unit + lane] - twins[unit + lane];
        sums[lane] += static_cast<double>(error);
        squares[lane] += static_cast<double>(error) * static_cast<double>(error);
        largest[lane] = std::max(largest[lane], std::abs(error));
    };
    for (; unit + kLanes <= units; unit += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            take(lane);
    for (; unit < units; ++unit)
        take(0);
    const double all = std::accumulate(squares, squares + kLanes, 0.0);
    if (!std::isfinite(all))
        return false;
    for (unit = 0; squared && unit < units; ++unit) {
        const auto error = static_cast<double>(values[unit] - twins[unit]);
        squared[unit] += error * error;
    }
    count += units;
    diff += std::accumulate(sums, sums + kLanes, 0.0);
    diffSquared += all;
    maxAbsDiff = std::max(maxAbsDiff, static_cast<double>(*std::max_element(largest, largest + kLanes)));
    return true;
}

void RnnValueSums::merge(const RnnValueSums &other)
{
    count += other.count;
    sum += other.sum;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    saturated += other.saturated;
}

void RnnErrorSums::merge(const RnnErrorSums &other)
{
    count += other.count;
    diff += other.diff;
    diffSquared += other.diffSquared;
    maxAbsDiff = std::max(maxAbsDiff, other.maxAbsDiff);
    floats.merge(other.floats);
}

void RnnSums::add(const RnnRecord &quantized, const RnnRecord *local, const RnnRecord *accumulated, std::size_t firstStep)
{
    for (const RnnRecord::Place &place : quantized.places) {
        m_steps = std::max(m_steps, firstStep + place.step + 1);
        m_sequences = std::max(m_sequences, place.sequence + 1);
        growTo(m_rows, m_steps);
        ++m_rows[firstStep + place.step];
    }
    for (std::size_t q = 0; q < kInternalQuantityCount; ++q) {
        const auto which = static_cast<InternalQuantity>(q);
        if (quantized.of(which).units == 0)
            continue;
        addValues(m_quantities[q], quantized, quantized.of(which), firstStep);
        for (const ErrorKind kind : {ErrorKind::Local, ErrorKind::Accumulated}) {
            const RnnRecord *const floats = kind == ErrorKind::Local ? local : accumulated;
            // CIFG on one side only, other projections: quantities that are not each other's twins.
            if (floats && floats->of(which).units == quantized.of(which).units && floats->places == quantized.places)
                addError(m_quantities[q].errors[static_cast<std::size_t>(kind)], which, quantized, *floats, firstStep);
        }
    }
}

void RnnSums::addValues(Quantity &quantity, const RnnRecord &record, const RnnRecord::Quantity &from, std::size_t firstStep)
{
    quantity.units = from.units;
    if (from.formByStep.empty())
        quantity.forms.assign(1, from.form);
    else
        quantity.forms = from.formByStep; // with feedback every run has the same
    growTo(quantity.steps, m_steps);
    growTo(quantity.saturatedByUnit, from.units);
    const float *values = from.values.data();
    for (const RnnRecord::Place &place : record.places) {
        RnnValueSums &sums = quantity.steps[firstStep + place.step];
        const RnnRecord::Form &form = from.formAt(place.step);
        const RowSums row = sumsOf(values, from.units);
        if (row.isFinite && row.min > form.lowest && row.max < form.highest) {
            sums.add(row, from.units);
            values += from.units;
            continue;
        }
        for (std::size_t unit = 0; unit < from.units; ++unit, ++values) {
            const bool isSaturated = *values <= form.lowest || *values >= form.highest;
            sums.add(*values, isSaturated);
            quantity.saturatedByUnit[unit] += isSaturated;
        }
    }
}

void RnnSums::addError(Error &error, InternalQuantity which, const RnnRecord &record, const RnnRecord &floats, std::size_t firstStep)
{
    const RnnRecord::Quantity &from = record.of(which);
    growTo(error.steps, m_steps);
    const bool hasUnits = hasUnitErrors(which) && m_steps * from.units <= RnnError::kMostCells;
    if (hasUnits)
        growTo(error.squaredByUnit, m_steps * from.units);
    const float *values = from.values.data();
    const float *twins = floats.of(which).values.data();
    for (const RnnRecord::Place &place : record.places) {
        const std::size_t step = firstStep + place.step;
        RnnErrorSums &sums = error.steps[step];
        // What rounds to a limit is not cut by it.
        const RnnRecord::Form &form = from.formAt(place.step);
        const float lowest = form.lowest - 0.5f * form.scale;
        const float highest = form.highest + 0.5f * form.scale;
        double *const squared = hasUnits ? error.squaredByUnit.data() + step * from.units : nullptr;
        const RowSums ofFloats = sumsOf(twins, from.units);
        if (ofFloats.isFinite && ofFloats.min >= lowest && ofFloats.max <= highest && sums.addFinite(values, twins, from.units, squared)) {
            sums.floats.add(ofFloats, from.units);
            values += from.units;
            twins += from.units;
            continue;
        }
        for (std::size_t unit = 0; unit < from.units; ++unit, ++values, ++twins) {
            sums.floats.add(*twins, *twins < lowest || *twins > highest);
            const double diff = static_cast<double>(*values - *twins);
            if (squared)
                squared[unit] += diff * diff; // not finite where a side is not
            if (!std::isfinite(diff))
                continue;
            ++sums.count;
            sums.diff += diff;
            sums.diffSquared += diff * diff;
            sums.maxAbsDiff = std::max(sums.maxAbsDiff, std::abs(diff));
        }
    }
}

void RnnSums::merge(const RnnSums &other)
{
    m_steps = std::max(m_steps, other.m_steps);
    m_sequences = std::max(m_sequences, other.m_sequences);
    mergeSums(m_rows, other.m_rows);
    for (std::size_t q = 0; q < kInternalQuantityCount; ++q) {
        Quantity &into = m_quantities[q];
        const Quantity &from = other.m_quantities[q];
        if (from.units == 0)
            continue;
        into.units = from.units;
        into.forms = from.forms;
        mergeSums(into.steps, from.steps);
        mergeSums(into.saturatedByUnit, from.saturatedByUnit);
        for (std::size_t kind = 0; kind < kErrorKinds; ++kind) {
            mergeSums(into.errors[kind].steps, from.errors[kind].steps);
            mergeSums(into.errors[kind].squaredByUnit, from.errors[kind].squaredByUnit);
        }
    }
}

RnnQuantity RnnSums::traced(InternalQuantity which, const Quantity &from) const
{
    const Description description = describe(which);
    const RnnRecord::Form &form = from.forms.back();
    RnnQuantity quantity{.name = std::string(quantloupe::name(which)),
                         .role = description.role,
                         .gate = std::string(description.gate),
                         .units = from.units,
                         .type = form.type,
                         .scale = form.scale,
                         .zeroPoint = form.zeroPoint,
                         .lowest = static_cast<double>(form.lowest),
                         .highest = static_cast<double>(form.highest),
                         .scaleByStep = {},
                         .lowestByStep = {},
                         .highestByStep = {},
                         .quantized = {},
                         .saturatedByUnit = {},
                         .local = {},
                         .accumulated = {}};
    if (std::ranges::any_of(from.forms, [&](const RnnRecord::Form &each) { return each != form; }))
        addForms(quantity, from.forms, m_steps);
    std::uint64_t rows = 0;
    for (const std::uint64_t ofStep : m_rows)
        rows += ofStep;
    for (const RnnValueSums &sums : from.steps)
        append(quantity.quantized, sums);
    for (const std::uint64_t saturated : from.saturatedByUnit)
        quantity.saturatedByUnit.push_back(share(saturated, rows));
    for (const ErrorKind kind : {ErrorKind::Local, ErrorKind::Accumulated}) {
        const Error &sums = from.errors[static_cast<std::size_t>(kind)];
        if (sums.steps.empty())
            continue;
        RnnError error;
        for (const RnnErrorSums &step : sums.steps) {
            const auto count = static_cast<double>(step.count);
            error.rmse.push_back(step.count == 0 ? kNan : std::sqrt(step.diffSquared / count));
            error.meanError.push_back(step.count == 0 ? kNan : step.diff / count);
            error.maxAbsError.push_back(step.count == 0 ? kNan : step.maxAbsDiff);
            append(error.floats, step.floats);
        }
        const bool hasAllUnits = sums.squaredByUnit.size() == m_steps * from.units; // else they grew too many on the way
        for (std::size_t i = 0; hasAllUnits && i < sums.squaredByUnit.size(); ++i)
            error.meanSquaredErrorByUnit.push_back(static_cast<float>(sums.squaredByUnit[i] / static_cast<double>(m_rows[i / from.units])));
        (kind == ErrorKind::Local ? quantity.local : quantity.accumulated) = std::move(error);
    }
    return quantity;
}

RnnTrace RnnSums::trace() const
{
    RnnTrace trace;
    trace.steps = m_steps;
    trace.sequences = m_sequences;
    for (std::size_t q = 0; q < kInternalQuantityCount; ++q) {
        if (m_quantities[q].units == 0)
            continue;
        trace.quantities.push_back(traced(static_cast<InternalQuantity>(q), m_quantities[q]));
        if (trace.quantities.back().role != RnnRole::Hidden)
            trace.units = std::max(trace.units, trace.quantities.back().units);
    }
    return trace;
}

} // namespace quantloupe
