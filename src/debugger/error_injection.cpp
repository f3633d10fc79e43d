// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/error_injection.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace quantloupe {

ErrorInjection::ErrorInjection(const Interpreter &floats)
    : m_floats(floats), m_places(floats.model().graph().tensors.size()), m_isChanged(m_places.size()), m_scratch(floats.model().scratchBytes())
{
}

void ErrorInjection::keepState()
{
    const Subgraph &graph = m_floats.model().graph();
    for (std::size_t i = 0; i < graph.tensors.size(); ++i)
        if (graph.tensors[i].isVariable) {
            const auto bytes = m_floats.bytes(TensorIndex(i));
            m_kept[TensorIndex(i)].assign(bytes.begin(), bytes.end());
        }
}

std::byte *ErrorInjection::placeFor(TensorIndex tensor)
{
    AlignedBuffer &place = m_places[tensor.position()];
    if (!place.data())
        place = AlignedBuffer(m_floats.bytes(tensor).size());
    return place.data();
}

double ErrorInjection::outputRmse(const std::map<TensorIndex, std::vector<float>> &changed)
{
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    const Subgraph &graph = m_floats.model().graph();
    std::fill(m_isChanged.begin(), m_isChanged.end(), false);
    for (const auto &[tensor, values] : changed) {
        std::memcpy(placeFor(tensor), values.data(), values.size() * sizeof(float));
        m_isChanged[tensor.position()] = true;
    }
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        const Operator &op = graph.operators[i];
        const bool isTouched = std::ranges::any_of(op.inputs, [&](TensorIndex t) { return t.isValid() && m_isChanged[t.position()]; });
        const bool isSource = std::ranges::any_of(op.outputs, [&](TensorIndex t) { return changed.contains(t); });
        if (isTouched && !isSource && !rerun(OperatorIndex(i)))
            return kUnknown;
    }
    double sum = 0.0;
    double count = 0.0;
    for (const TensorIndex output : graph.outputs) {
        const auto bytes = m_floats.bytes(output);
        if (graph.tensor(output).type != DataType::Float32 || bytes.empty())
            continue;
        count += static_cast<double>(bytes.size() / sizeof(float));
        if (!m_isChanged[output.position()])
            continue;
        const auto *const before = reinterpret_cast<const float *>(bytes.data());
        const auto *const after = reinterpret_cast<const float *>(m_places[output.position()].data());
        for (std::size_t i = 0; i < bytes.size() / sizeof(float); ++i)
            sum += (static_cast<double>(after[i]) - static_cast<double>(before[i])) * (static_cast<double>(after[i]) - static_cast<double>(before[i]));
    }
    return count > 0.0 ? std::sqrt(sum / count) : kUnknown;
}

bool ErrorInjection::rerun(OperatorIndex index)
{
    const PreparedModel &model = m_floats.model();
    const OperatorPlan &plan = model.op(index);
    const OperatorKernel *const kernel = findOperatorKernel(model.graph().op(index).name);
    if (!plan.eval || plan.isDynamic || plan.memory.stateBytes > 0 || (kernel && kernel->usesRunner))
        return false;
    const Operator &op = model.graph().op(index);
    std::vector<Operand> inputs;
    for (const TensorIndex input : op.inputs) {
        Operand operand = m_floats.operand(input);
        if (input.isValid() && model.graph().tensor(input).isVariable && m_kept.contains(input)) {
            const auto &kept = m_kept.at(input);
            std::memcpy(placeFor(input), kept.data(), kept.size());
            operand = {m_places[input.position()].data(), 0};
        } else if (input.isValid() && m_isChanged[input.position()]) {
            operand = {m_places[input.position()].data(), 0};
        }
        inputs.push_back(operand);
    }
    std::vector<Operand> outputs;
    for (const TensorIndex output : op.outputs) {
        outputs.push_back({placeFor(output), 0});
        m_isChanged[output.position()] = true;
    }
    EvalContext context(1, inputs, outputs, m_scratch.data());
    plan.eval(context);
    return !context.error();
}

} // namespace quantloupe
