// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/rnn_recording.h"

#include <algorithm>

namespace quantloupe {
namespace {

DataType typeOf(const InternalValues &values)
{
    if (!values.isInteger())
        return DataType::Float32;
    return values.codes8.empty() ? DataType::Int16 : DataType::Int8;
}

void append(const InternalValues &values, std::vector<float> &to)
{
    const auto real = [scale = values.scale, zeroPoint = values.zeroPoint](std::int32_t code) { return scale * static_cast<float>(code - zeroPoint); };
    const std::size_t first = to.size();
    to.resize(first + values.size());
    float *const out = to.data() + first;
    std::ranges::copy(values.real, out);
    std::ranges::transform(values.codes8, out, real);
    std::ranges::transform(values.codes16, out, real);
}

} // namespace

std::size_t RnnRecord::stepCount() const
{
    std::size_t steps = 0;
    for (const Place &place : places)
        steps = std::max(steps, place.step + 1);
    return steps;
}

std::size_t RnnRecord::sequenceCount() const
{
    std::size_t sequences = 0;
    for (const Place &place : places)
        sequences = std::max(sequences, place.sequence + 1);
    return sequences;
}

void RnnRecording::clear()
{
    for (auto &[op, record] : m_records) {
        record.places.clear();
        for (RnnRecord::Quantity &quantity : record.quantities)
            quantity.values.clear();
    }
}

void RnnRecording::step(const InternalsStep &step)
{
    RnnRecord &record = m_records[m_op];
    record.places.push_back({m_firstSample + step.sample, step.sequence, step.step});
    for (const InternalValues &values : step.values) {
        RnnRecord::Quantity &quantity = record.quantities[static_cast<std::size_t>(values.quantity)];
        quantity.units = values.size();
        quantity.form.type = typeOf(values);
        quantity.form.scale = values.scale;
        quantity.form.zeroPoint = values.zeroPoint;
        if (values.isInteger()) {
            const auto [lowest, highest] = values.codeLimits();
            quantity.form.lowest = values.realOf(lowest);
            quantity.form.highest = values.realOf(highest);
        }
        append(values, quantity.values);
    }
}

const RnnRecord *RnnRecording::of(OperatorIndex op) const
{
    const auto found = m_records.find(op);
    return found == m_records.end() || found->second.places.empty() ? nullptr : &found->second;
}

} // namespace quantloupe
