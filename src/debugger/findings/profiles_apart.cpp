// SPDX-License-Identifier: GPL-3.0-or-later
//
// The device computes what TFLite Micro's kernels compute, tools on a desktop what LiteRT's reference kernels do, and the
// two round differently in places. This runs the quantized model under both on the same samples.
#include "debugger/finding_rule.h"

#include "debugger/input_quantization.h"
#include "interpreter/interpreter.h"
#include "interpreter/state_feedback.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::size_t kSamples = 32;

/// How far one tensor is apart, in steps of its scale.
struct Distance {
    std::uint64_t elements = 0;
    std::uint64_t different = 0;
    std::int64_t largest = 0;

    double percent() const { return elements == 0 ? 0.0 : 100.0 * static_cast<double>(different) / static_cast<double>(elements); }
};

template <typename Code> void add(Distance &distance, std::span<const std::byte> a, std::span<const std::byte> b)
{
    const auto *const left = reinterpret_cast<const Code *>(a.data());
    const auto *const right = reinterpret_cast<const Code *>(b.data());
    const std::size_t count = std::min(a.size(), b.size()) / sizeof(Code);
    distance.elements += count;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t difference = std::abs(std::int64_t{left[i]} - std::int64_t{right[i]});
        distance.different += difference != 0;
        distance.largest = std::max(distance.largest, difference);
    }
}

/// Both runs, sample by sample, and how far every tensor is apart.
class TwoProfiles {
public:
    TwoProfiles(const RunFacts &run, std::shared_ptr<const PreparedModel> one, std::shared_ptr<const PreparedModel> other)
        : m_run(run), m_one(std::move(one)), m_other(std::move(other)), m_distances(m_one.model().graph().tensors.size())
    {
    }

    Result<void> compare(std::size_t samples)
    {
        const bool isReset = m_run.options.state == StatePolicy::Reset;
        for (std::size_t sample = 0; sample < samples && !m_run.stop.stop_requested(); ++sample) {
            const bool isStart = isReset || sample == 0;
            for (Interpreter *const interpreter : {&m_one, &m_other}) {
                if (!isStart)
                    continue;
                interpreter->resetState();
                startFeedback(m_run.options.feedback, *interpreter, 1);
            }
            for (std::size_t step = 0; step < m_run.dataset.stepCount(); ++step)
                QL_CHECK(runStep(sample, step, isStart && step == 0));
        }
        return {};
    }

    const Distance &distance(TensorIndex tensor) const { return m_distances[tensor.position()]; }

private:
    Result<void> runStep(std::size_t sample, std::size_t step, bool isStart)
    {
        const Subgraph &graph = m_one.model().graph();
        for (std::size_t input = 0; input < graph.inputs.size(); ++input) {
            if (m_run.options.feedback.feeds(input) && !(isStart && m_run.dataset.hasInput(input)))
                continue;
            m_values.resize(m_run.dataset.elementCount(input));
            QL_CHECK(m_run.dataset.readStep(sample, step, input, m_values));
            for (Interpreter *const interpreter : {&m_one, &m_other})
                QL_CHECK(quantizeInput(graph.tensor(graph.inputs[input]), m_values, interpreter->input(input)));
        }
        for (Interpreter *const interpreter : {&m_one, &m_other}) {
            QL_CHECK(interpreter->invoke(1, nullptr, m_run.stop));
        }
        measure(graph);
        for (Interpreter *const interpreter : {&m_one, &m_other})
            QL_CHECK(carryFeedback(m_run.options.feedback, *interpreter, 1));
        return {};
    }

    void measure(const Subgraph &graph)
    {
        for (const Operator &op : graph.operators) {
            for (const TensorIndex output : op.outputs) {
                if (!output.isValid())
                    continue;
                Distance &distance = m_distances[output.position()];
                switch (graph.tensor(output).type) {
                case DataType::Int8: add<std::int8_t>(distance, m_one.bytes(output), m_other.bytes(output)); break;
                case DataType::UInt8: add<std::uint8_t>(distance, m_one.bytes(output), m_other.bytes(output)); break;
                case DataType::Int16: add<std::int16_t>(distance, m_one.bytes(output), m_other.bytes(output)); break;
                default: break;
                }
            }
        }
    }

    const RunFacts &m_run;
    Interpreter m_one;
    Interpreter m_other;
    std::vector<Distance> m_distances; ///< by tensor
    std::vector<float> m_values;
};

/// The model's outputs as codes: where a DEQUANTIZE makes them real, what goes into it.
std::vector<TensorIndex> codedOutputs(const Subgraph &graph)
{
    std::vector<TensorIndex> outputs;
    for (TensorIndex output : graph.outputs) {
        for (const Operator &op : graph.operators)
            if (op.name == "DEQUANTIZE" && op.outputs.front() == output)
                output = op.inputs.front();
        outputs.push_back(output);
    }
    return outputs;
}

struct Place {
    OperatorIndex op;
    TensorIndex tensor;
};

std::string describe(const Subgraph &graph, const Place &place, const Distance &distance)
{
    return fmt::format("{} (up to {} LSB, {:.2f} % of its elements)", placeOf(graph, place.op), distance.largest, distance.percent());
}

void checkRun(const RunFacts &run, std::vector<Finding> &findings)
{
    const KernelProfile one = run.options.kernels;
    const KernelProfile other = one == KernelProfile::Litert ? KernelProfile::Tflm : KernelProfile::Litert;
    const auto &model = run.subject.quantizedModel;
    const auto prepared = PreparedModel::prepare(model, one, 1);
    const auto otherPrepared = PreparedModel::prepare(model, other, 1);
    if (!prepared || !otherPrepared)
        return;
    const Subgraph &graph = model->main();
    TwoProfiles profiles(run, *prepared, *otherPrepared);
    const std::size_t samples = std::min(kSamples, run.report.samples);
    if (!profiles.compare(samples) || run.stop.stop_requested())
        return;
    Place first, farthest;
    std::int64_t largest = 0;
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        for (const TensorIndex output : graph.operators[i].outputs) {
            if (!output.isValid() || profiles.distance(output).different == 0)
                continue;
            if (!first.op.isValid())
                first = {OperatorIndex(i), output};
            if (profiles.distance(output).largest > largest) {
                largest = profiles.distance(output).largest;
                farthest = {OperatorIndex(i), output};
            }
        }
    }
    if (!first.op.isValid())
        return;
    Distance atOutput;
    for (const TensorIndex output : codedOutputs(graph))
        if (const Distance &distance = profiles.distance(output); distance.largest >= atOutput.largest && distance.elements > 0)
            atOutput = distance;
    Finding finding{.id = "profiles-apart", .subject = "quantized model", .op = first.op, .tensor = first.tensor};
    finding.severity = atOutput.largest > 1 ? Severity::Warning : Severity::Note;
    finding.title = fmt::format("{} and {} kernels are up to {} LSB apart on this model", name(one), name(other), largest);
    finding.evidence = fmt::format("On the first {} samples the output differs by up to {} LSB in {:.2f} % of its elements. They part at {}", samples, atOutput.largest, atOutput.percent(),
                                   describe(graph, first, profiles.distance(first.tensor)));
    finding.evidence += farthest.op == first.op ? "." : fmt::format(" and are farthest apart at {}.", describe(graph, farthest, profiles.distance(farthest.tensor)));
    finding.remedy = fmt::format("Choose the kernels that your device runs; figures of one are not those of the other.");
    findings.push_back(std::move(finding));
}

} // namespace

extern const FindingRule profiles_apart_finding{"profiles-apart", nullptr, checkRun};

} // namespace quantloupe
