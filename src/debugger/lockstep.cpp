// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/lockstep.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace quantloupe {
namespace {

/// What the operands of a step may take: half of a typical second-level cache.
constexpr std::size_t kPartBytes = 1024 * 1024;
/// Steps whose neighbours are cut into smaller parts follow them: an end of a stretch costs memory for whole batches.
constexpr std::size_t kNeighbours = 3;

std::size_t elementsOf(const PreparedModel &model, const std::vector<TensorIndex> &tensors)
{
    std::size_t elements = 0;
    for (const TensorIndex tensor : tensors)
        if (tensor.isValid() && !model.tensor(tensor).value && !model.tensor(tensor).isDynamic)
            elements += static_cast<std::size_t>(model.tensor(tensor).shape.elementCount());
    return elements;
}

class Planner {
public:
    Planner(const PreparedModel &quantized, const PreparedModel &floats, const Pairing &pairing) : m_quantized(quantized), m_floats(floats), m_batch(quantized.maxBatch())
    {
        std::size_t floatEnd = 0;
        for (std::size_t i = 0; i < quantized.graph().operators.size(); ++i) {
            if (const OperatorIndex twin = pairing.operators[i].floatOperator; twin.isValid())
                floatEnd = std::max(floatEnd, twin.position() + 1);
            m_plan.steps.push_back({OperatorIndex(i), floatEnd});
        }
        m_plan.steps.push_back({OperatorIndex(), floats.graph().operators.size()});
    }

    Lockstep operator()(const Pairing &pairing, bool keepsAll) &&
    {
        cut();
        m_plan.quantizedLives.assign(m_quantized.graph().tensors.size(), {m_batch});
        m_plan.floatLives.assign(m_floats.graph().tensors.size(), {m_batch});
        if (keepsAll)
            return std::move(m_plan);
        Uses quantized(m_quantized.graph());
        Uses floats(m_floats.graph());
        std::size_t floatOperator = 0;
        for (std::size_t step = 0; step < m_plan.steps.size(); ++step) {
            for (; floatOperator < m_plan.steps[step].floatEnd; ++floatOperator)
                floats.add(m_floats.graph().operators[floatOperator], step);
            const OperatorIndex op = m_plan.steps[step].quantized;
            if (!op.isValid())
                continue;
            quantized.add(m_quantized.graph().op(op), step);
            if (const OperatorIndex twin = pairing.operators[op.position()].floatOperator; twin.isValid()) // its outputs are compared here
                floats.add(m_floats.graph().op(twin), step);
        }
        for (const Lockstep::Stretch &stretch : m_plan.stretches) {
            quantized.limit(stretch, m_plan.quantizedLives);
            floats.limit(stretch, m_plan.floatLives);
        }
        return std::move(m_plan);
    }

private:
    /// The first and the last step that touches each tensor.
    class Uses {
    public:
        explicit Uses(const Subgraph &graph) : m_first(graph.tensors.size(), kNever), m_last(graph.tensors.size(), 0)
        {
            const auto keep = [&](TensorIndex tensor) {
                m_first[tensor.position()] = 0;
                m_last[tensor.position()] = kNever;
            };
            std::ranges::for_each(graph.inputs, keep);
            std::ranges::for_each(graph.outputs, keep);
            for (const Operator &op : graph.operators)
                if (op.isCustom) // some leave parts of their outputs as they were
                    for (const TensorIndex output : op.outputs)
                        if (output.isValid())
                            keep(output);
            for (std::size_t i = 0; i < graph.tensors.size(); ++i)
                if (graph.tensors[i].isVariable)
                    keep(TensorIndex(i));
        }
        void add(const Operator &op, std::size_t step)
        {
            for (const auto *tensors : {&op.inputs, &op.outputs})
                for (const TensorIndex tensor : *tensors)
                    if (tensor.isValid()) {
                        m_first[tensor.position()] = std::min(m_first[tensor.position()], step);
                        m_last[tensor.position()] = std::max(m_last[tensor.position()], step);
                    }
        }
        void limit(const Lockstep::Stretch &stretch, std::vector<TensorLife> &lives) const
        {
            for (std::size_t i = 0; i < lives.size(); ++i)
                if (m_first[i] >= stretch.firstStep && m_last[i] < stretch.endStep)
                    lives[i] = {stretch.samples, m_first[i], m_last[i]};
        }

    private:
        static constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();
        std::vector<std::size_t> m_first;
        std::vector<std::size_t> m_last;
    };

    /// Bytes of one sample that a step reads and writes: codes, their real values, the float model's values, the twin's.
    std::size_t bytesOf(std::size_t step) const
    {
        const std::size_t firstFloat = step == 0 ? 0 : m_plan.steps[step - 1].floatEnd;
        std::size_t bytes = 0;
        for (std::size_t i = firstFloat; i < m_plan.steps[step].floatEnd; ++i) {
            const Operator &op = m_floats.graph().operators[i];
            bytes = std::max(bytes, sizeof(float) * (elementsOf(m_floats, op.inputs) + elementsOf(m_floats, op.outputs)));
        }
        if (const OperatorIndex op = m_plan.steps[step].quantized; op.isValid()) {
            const std::size_t outputs = elementsOf(m_quantized, m_quantized.graph().op(op).outputs);
            bytes += (1 + sizeof(float)) * (elementsOf(m_quantized, m_quantized.graph().op(op).inputs) + outputs) + sizeof(float) * outputs;
        }
        return bytes;
    }

    void cut()
    {
        std::vector<std::size_t> samples;
        for (std::size_t step = 0; step < m_plan.steps.size(); ++step)
            samples.push_back(std::clamp(std::bit_floor(kPartBytes / std::max<std::size_t>(bytesOf(step), 1)), std::size_t{1}, m_batch));
        for (std::size_t step = 0; step < samples.size(); ++step) {
            const auto first = samples.begin() + static_cast<std::ptrdiff_t>(step - std::min(step, kNeighbours));
            const auto end = samples.begin() + static_cast<std::ptrdiff_t>(std::min(step + kNeighbours + 1, samples.size()));
            const std::size_t part = *std::min_element(first, end);
            if (m_plan.stretches.empty() || m_plan.stretches.back().samples != part)
                m_plan.stretches.push_back({step, step, part});
            m_plan.stretches.back().endStep = step + 1;
        }
    }

    const PreparedModel &m_quantized;
    const PreparedModel &m_floats;
    std::size_t m_batch;
    Lockstep m_plan;
};

} // namespace

Lockstep Lockstep::plan(const PreparedModel &quantized, const PreparedModel &floats, const Pairing &pairing, bool keepsAll)
{
    return Planner(quantized, floats, pairing)(pairing, keepsAll);
}

} // namespace quantloupe
