// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/causes.h"

#include "debugger/error_injection.h"
#include "debugger/input_quantization.h"
#include "debugger/operator_bench.h"
#include "debugger/real_values.h"
#include "debugger/row_plan.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <tuple>

namespace quantloupe {
namespace {

/// Operators that are followed to the model's outputs: those that add most, since each costs a run of all that follows.
constexpr std::size_t kMostFollowed = 256;
constexpr std::chrono::milliseconds kPartialEvery(500);

/// Sums over elements and samples of one row.
struct RowSums {
    double count = 0.0;
    double total = 0.0;  ///< squared error
    double local = 0.0;  ///< squared error that the operator adds
    std::array<double, kCauseCount> product{}; ///< cause times error
    std::array<double, kCauseCount> own{};     ///< cause squared
    std::array<double, kCauseCount> without{}; ///< (error - cause) squared
    double outputSquares = 0.0;
    double followed = 0.0;
    bool isLost = false; ///< could not be followed
};

/// One quantized operator and its float twins: as it is, with the quantized model's weights, with its bias as well.
struct Bench {
    std::vector<OperatorBench> floats;         ///< 1 to 3
    std::optional<OperatorBench> fresh;        ///< the quantized operator by itself, state fresh
    bool hasWeights = false;
    bool hasBias = false;
    std::string note;
};

std::span<const float> asFloats(const std::byte *data, std::size_t count)
{
    return {reinterpret_cast<const float *>(data), count};
}

bool keepsState(const PreparedModel &model, OperatorIndex op)
{
    return model.op(op).memory.stateBytes > 0
        || std::ranges::any_of(model.graph().op(op).inputs, [&](TensorIndex t) { return t.isValid() && model.graph().tensor(t).isVariable; });
}

class Analysis {
public:
    Analysis(std::shared_ptr<const RowPlan> plan, const Dataset &dataset, const CauseOptions &options)
        : m_plan(std::move(plan)), m_dataset(dataset), m_options(options), m_quantized(m_plan->quantized), m_floats(m_plan->floats), m_injection(m_floats),
          m_sums(m_plan->rows.size()), m_reals(m_plan->quantized->graph().tensors.size())
    {
        for (std::size_t i = 0; i < m_plan->quantized->graph().operators.size(); ++i)
            m_benches.push_back(isAsked(OperatorIndex(i)) ? benchOf(OperatorIndex(i)) : Bench{});
    }

    Result<std::shared_ptr<const CauseAnalysis>> operator()(std::size_t samples, std::stop_token stop, const ProgressSink &progress, const CauseSink &partial)
    {
        auto told = std::chrono::steady_clock::now();
        const std::size_t followed = std::min(samples, m_options.samplesFollowed);
        for (std::size_t sample = 0; sample < samples + followed; ++sample) {
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled);
            m_isFollowing = sample >= samples;
            if (sample == samples) { // the second pass sees the samples as the first one did
                m_quantized.resetState();
                m_floats.resetState();
                chooseFollowed();
            }
            QL_CHECK(runSample(m_isFollowing ? sample - samples : sample));
            if (progress)
                progress({sample + 1, samples + followed});
            if (const auto now = std::chrono::steady_clock::now(); partial && !m_isFollowing && now - told > kPartialEvery) {
                told = now;
                if (const auto sofar = result(sample + 1, 0))
                    partial(*sofar);
            }
        }
        return result(samples, followed);
    }

private:
    bool isAsked(OperatorIndex op) const { return !m_options.only || *m_options.only == op; }

    /// The constants of a float operator in the quantized model's values, by input position.
    struct Constants {
        OperatorBench::Replacements weights;
        OperatorBench::Replacements bias;
    };

    Constants constantsOf(OperatorIndex op, std::string &note) const
    {
        const TwinPlan &twin = m_plan->twins[op.position()];
        const Operator &floatOp = m_plan->floats->graph().op(twin.floatOperator);
        const Operator &quantizedOp = m_plan->quantized->graph().op(op);
        Constants constants;
        for (std::size_t i = 0; i < twin.inputs.size(); ++i) {
            if (twin.inputs[i].source != TwinInput::Source::Constant || i >= quantizedOp.inputs.size() || !quantizedOp.inputs[i].isValid())
                continue;
            const TensorPlan &codes = m_plan->quantized->tensor(quantizedOp.inputs[i]);
            const Tensor &described = m_plan->quantized->graph().tensor(quantizedOp.inputs[i]);
            if (m_plan->floats->graph().tensor(floatOp.inputs[i]).type != DataType::Float32 || !described.quant.isQuantized())
                continue; // axes and shapes; the weights of a dynamic-range model
            if (!codes.value || !hasRealForm(described) || !(codes.shape == m_plan->floats->tensor(floatOp.inputs[i]).shape)) {
                note = fmt::format("input {} is laid out differently in the two models, so its rounding counts as arithmetic", i);
                continue;
            }
            std::vector<float> values(static_cast<std::size_t>(codes.shape.elementCount()));
            realValues(described, codes.shape, codes.value.bytes.data(), values);
            const bool isBias = described.type == DataType::Int32 || described.type == DataType::Int64;
            (isBias ? constants.bias : constants.weights).emplace(i, std::move(values));
        }
        return constants;
    }

    Bench benchOf(OperatorIndex op) const
    {
        const std::size_t first = m_plan->firstRowOfOperator[op.position()];
        const std::size_t last = m_plan->firstRowOfOperator[op.position() + 1];
        const bool isCompared = std::ranges::any_of(std::span(m_plan->rows).subspan(first, last - first), [](const PlannedRow &row) { return row.hasLocal && row.hasAccumulated; });
        const OperatorIndex twin = m_plan->twins[op.position()].floatOperator;
        Bench bench;
        if (!isCompared || m_plan->quantized->op(op).missing)
            return bench;
        const auto addTwin = [&](const OperatorBench::Replacements &replacements) {
            auto made = OperatorBench::make(*m_plan->floats, twin, replacements);
            if (made)
                bench.floats.push_back(std::move(*made));
            return made.has_value();
        };
        if (!addTwin({}))
            return bench;
        Constants constants = constantsOf(op, bench.note);
        bench.hasWeights = !constants.weights.empty() && addTwin(constants.weights);
        OperatorBench::Replacements both = constants.weights;
        both.insert(constants.bias.begin(), constants.bias.end());
        bench.hasBias = !constants.bias.empty() && addTwin(both);
        if (m_options.state == StatePolicy::Carry && keepsState(*m_plan->quantized, op))
            if (auto made = OperatorBench::make(*m_plan->quantized, op))
                bench.fresh.emplace(std::move(*made));
        return bench;
    }

    Result<void> runSample(std::size_t sample)
    {
        const Subgraph &quantized = m_plan->quantized->graph();
        const Subgraph &floats = m_plan->floats->graph();
        for (std::size_t i = 0; i < quantized.inputs.size(); ++i) {
            std::vector<float> values(m_dataset.elementCount(i));
            QL_CHECK(m_dataset.read(sample, i, values));
            QL_CHECK(quantizeInput(quantized.tensor(quantized.inputs[i]), values, m_quantized.input(i)));
            QL_CHECK(quantizeInput(floats.tensor(floats.inputs[i]), values, m_floats.input(i)));
        }
        if (m_options.state == StatePolicy::Reset) {
            m_quantized.resetState();
            m_floats.resetState();
        }
        m_injection.keepState();
        QL_CHECK(m_floats.invoke(1));
        QL_CHECK(m_quantized.invoke(1));
        for (auto &real : m_reals)
            real.clear();
        for (std::size_t i = 0; i < m_benches.size(); ++i)
            if (!m_benches[i].floats.empty())
                QL_CHECK(m_isFollowing ? follow(OperatorIndex(i)) : takeApart(OperatorIndex(i)));
        return {};
    }

    /// A quantized tensor's values in this run, in real units.
    std::span<const float> reals(TensorIndex tensor)
    {
        std::vector<float> &values = m_reals[tensor.position()];
        if (values.empty()) {
            values.resize(static_cast<std::size_t>(m_plan->quantized->tensor(tensor).shape.elementCount()));
            realValues(m_plan->quantized->graph().tensor(tensor), m_plan->quantized->tensor(tensor).shape, m_quantized.bytes(tensor).data(), values);
        }
        return values;
    }

    /// The twin on the quantized model's own inputs, or on the float model's.
    Result<void> runTwin(OperatorBench &bench, OperatorIndex op, bool onFloatInputs)
    {
        const TwinPlan &twin = m_plan->twins[op.position()];
        const Operator &floatOp = m_plan->floats->graph().op(twin.floatOperator);
        for (std::size_t i = 0; i < twin.inputs.size(); ++i) {
            if (!bench.isFree(i))
                continue;
            if (onFloatInputs)
                bench.setInput(i, m_floats.bytes(floatOp.inputs[i]).data());
            else if (twin.inputs[i].source == TwinInput::Source::Real)
                bench.setInput(i, reinterpret_cast<const std::byte *>(reals(twin.inputs[i].tensor).data()));
            else
                bench.setInput(i, m_quantized.bytes(twin.inputs[i].tensor).data());
        }
        return bench.run();
    }

    Result<void> runFresh(Bench &bench, OperatorIndex op)
    {
        const Operator &quantizedOp = m_plan->quantized->graph().op(op);
        for (std::size_t i = 0; i < quantizedOp.inputs.size(); ++i)
            if (bench.fresh->isFree(i))
                bench.fresh->setInput(i, m_quantized.bytes(quantizedOp.inputs[i]).data());
        return bench.fresh->run();
    }

    Result<void> takeApart(OperatorIndex op)
    {
        Bench &bench = m_benches[op.position()];
        std::vector<std::vector<float>> withoutState; // of the float model, by output
        const Operator &floatOp = m_plan->floats->graph().op(m_plan->twins[op.position()].floatOperator);
        if (bench.fresh) {
            QL_CHECK(runTwin(bench.floats.front(), op, true));
            for (std::size_t o = 0; o < floatOp.outputs.size(); ++o) {
                const auto values = asFloats(bench.floats.front().output(o), m_floats.bytes(floatOp.outputs[o]).size() / sizeof(float));
                withoutState.emplace_back(values.begin(), values.end());
            }
            QL_CHECK(runFresh(bench, op));
        }
        for (OperatorBench &twin : bench.floats)
            QL_CHECK(runTwin(twin, op, false));
        for (std::size_t row = m_plan->firstRowOfOperator[op.position()]; row < m_plan->firstRowOfOperator[op.position() + 1]; ++row)
            if (m_plan->rows[row].hasLocal && m_plan->rows[row].hasAccumulated)
                addRow(row, bench, withoutState);
        return {};
    }

    void addRow(std::size_t index, Bench &bench, const std::vector<std::vector<float>> &withoutState)
    {
        const PlannedRow &row = m_plan->rows[index];
        const Tensor &tensor = m_plan->quantized->graph().tensor(row.tensor);
        const std::size_t o = row.outputPosition;
        const auto quantized = reals(row.tensor);
        const auto original = asFloats(m_floats.bytes(row.floatTensor).data(), row.elements);
        const auto twin = asFloats(bench.floats[0].output(o), row.elements);
        const auto weights = asFloats(bench.floats[bench.hasWeights ? 1 : 0].output(o), row.elements);
        const auto bias = asFloats(bench.floats.back().output(o), row.elements);
        std::vector<float> fresh;
        if (bench.fresh) {
            fresh.resize(row.elements);
            realValues(tensor, m_plan->quantized->tensor(row.tensor).shape, bench.fresh->output(o), fresh);
        }
        const auto scale = static_cast<double>(tensor.quant.scale());
        const auto zeroPoint = static_cast<double>(tensor.quant.zeroPoint());
        const double lowest = static_cast<double>(row.codes.min) - zeroPoint;
        const double highest = static_cast<double>(row.codes.max) - zeroPoint;
        for (std::size_t i = 0; i < row.elements; ++i) {
            const auto result = static_cast<double>(quantized[i]);
            const auto from = static_cast<double>(original[i]);
            const double fromFresh = withoutState.empty() ? from : static_cast<double>(withoutState[o][i]);
            const double resultFresh = fresh.empty() ? result : static_cast<double>(fresh[i]);
            const auto computed = static_cast<double>(bias[i]);
            const double clipped = std::clamp(computed, lowest * scale, highest * scale);
            const double rounded = std::clamp(std::round(clipped / scale), lowest, highest) * scale;
            const std::array<double, kCauseCount> parts{
                static_cast<double>(twin[i]) - fromFresh,
                static_cast<double>(weights[i]) - static_cast<double>(twin[i]),
                computed - static_cast<double>(weights[i]),
                clipped - computed,
                rounded - clipped,
                resultFresh - rounded,
                (result - from) - (resultFresh - fromFresh),
            };
            addElement(m_sums[index], parts);
        }
    }

    static void addElement(RowSums &sums, const std::array<double, kCauseCount> &parts)
    {
        double total = 0.0;
        for (const double part : parts)
            total += part;
        if (!std::isfinite(total))
            return;
        const double local = total - parts[static_cast<std::size_t>(Cause::Inputs)];
        sums.count += 1.0;
        sums.total += total * total;
        sums.local += local * local;
        for (std::size_t c = 0; c < kCauseCount; ++c) {
            sums.product[c] += parts[c] * total;
            sums.own[c] += parts[c] * parts[c];
            sums.without[c] += (total - parts[c]) * (total - parts[c]);
        }
    }

    void chooseFollowed()
    {
        std::vector<std::pair<double, OperatorIndex>> order; // what each adds, in its own steps
        for (std::size_t i = 0; i < m_plan->rows.size(); ++i)
            if (m_sums[i].count > 0.0 && m_sums[i].local > 0.0)
                order.emplace_back(-m_sums[i].local / m_sums[i].count / (m_plan->rows[i].grid.scale * m_plan->rows[i].grid.scale), m_plan->rows[i].op);
        std::ranges::sort(order);
        m_isFollowed.assign(m_benches.size(), false);
        for (std::size_t i = 0; i < std::min(order.size(), kMostFollowed); ++i)
            m_isFollowed[order[i].second.position()] = true;
    }

    /// Adds to the float model's results what this operator adds, and looks at the model's outputs.
    Result<void> follow(OperatorIndex op)
    {
        if (!m_isFollowed[op.position()])
            return {};
        Bench &bench = m_benches[op.position()];
        QL_CHECK(runTwin(bench.floats.front(), op, false));
        if (bench.fresh)
            QL_CHECK(runFresh(bench, op));
        std::map<TensorIndex, std::vector<float>> changed;
        const std::size_t first = m_plan->firstRowOfOperator[op.position()];
        const std::size_t last = m_plan->firstRowOfOperator[op.position() + 1];
        for (std::size_t index = first; index < last; ++index) {
            const PlannedRow &row = m_plan->rows[index];
            if (!row.hasLocal || !row.hasAccumulated)
                continue;
            const auto original = asFloats(m_floats.bytes(row.floatTensor).data(), row.elements);
            const auto twin = asFloats(bench.floats.front().output(row.outputPosition), row.elements);
            std::vector<float> quantized(reals(row.tensor).begin(), reals(row.tensor).end());
            if (bench.fresh)
                realValues(m_plan->quantized->graph().tensor(row.tensor), m_plan->quantized->tensor(row.tensor).shape, bench.fresh->output(row.outputPosition), quantized);
            std::vector<float> &values = changed[row.floatTensor];
            for (std::size_t i = 0; i < row.elements; ++i)
                values.push_back(original[i] + (quantized[i] - twin[i]));
        }
        const double rmse = m_injection.outputRmse(changed);
        for (std::size_t index = first; index < last; ++index) {
            m_sums[index].isLost |= std::isnan(rmse);
            m_sums[index].outputSquares += rmse * rmse;
            m_sums[index].followed += 1.0;
        }
        return {};
    }

    Result<std::shared_ptr<const CauseAnalysis>> result(std::size_t samples, std::size_t followed) const
    {
        auto analysis = std::make_shared<CauseAnalysis>();
        analysis->samples = samples;
        analysis->samplesFollowed = followed;
        analysis->kernels = m_options.kernels;
        analysis->state = name(m_options.state);
        for (std::size_t i = 0; i < m_plan->rows.size(); ++i) {
            if (m_sums[i].count > 0.0)
                analysis->operators.push_back(causes(i));
            else if (isAsked(m_plan->rows[i].op))
                analysis->leftOut.push_back(placeOf(m_plan->quantized->graph(), m_plan->rows[i].op) + " cannot be held against a float twin");
        }
        if (analysis->operators.empty())
            return fail(ErrorCode::NothingCompared, {.file = m_plan->quantized->model().file, .got = "no operator could be run again on its own"});
        // What was not followed stands between what moves the outputs and what does not, by what it adds in its own steps.
        const auto key = [](const OperatorCauses &op) {
            const bool isKnown = !std::isnan(op.outputRmse);
            return std::tuple(isKnown && op.outputRmse > 0.0 ? 2 : isKnown ? 0 : 1, isKnown ? op.outputRmse : op.localRmse / op.scale);
        };
        std::ranges::stable_sort(analysis->operators, std::greater<>(), key);
        return std::shared_ptr<const CauseAnalysis>(std::move(analysis));
    }

    OperatorCauses causes(std::size_t index) const
    {
        const PlannedRow &row = m_plan->rows[index];
        const RowSums &sums = m_sums[index];
        OperatorCauses result;
        result.op = row.op;
        result.tensor = row.tensor;
        result.scale = row.grid.scale;
        result.rmse = std::sqrt(sums.total / sums.count);
        result.localRmse = std::sqrt(sums.local / sums.count);
        result.idealRounding = row.grid.scale / std::sqrt(12.0);
        // An operator that adds nothing does nothing to the outputs; one that was not chosen is not known.
        result.outputRmse = sums.local == 0.0 ? 0.0 : sums.followed > 0.0 && !sums.isLost ? std::sqrt(sums.outputSquares / sums.followed) : std::numeric_limits<double>::quiet_NaN();
        for (std::size_t c = 0; c < kCauseCount; ++c)
            result.causes[c] = {sums.total > 0.0 ? sums.product[c] / sums.total : 0.0, std::sqrt(sums.own[c] / sums.count), std::sqrt(sums.without[c] / sums.count)};
        result.note = m_benches[row.op.position()].note;
        return result;
    }

    std::shared_ptr<const RowPlan> m_plan;
    const Dataset &m_dataset;
    CauseOptions m_options;
    Interpreter m_quantized;
    Interpreter m_floats;
    ErrorInjection m_injection;
    std::vector<Bench> m_benches; ///< by quantized operator
    std::vector<RowSums> m_sums;  ///< by row
    std::vector<std::vector<float>> m_reals; ///< by quantized tensor: of this sample
    std::vector<bool> m_isFollowed; ///< by quantized operator
    bool m_isFollowing = false;
};

} // namespace

Result<std::shared_ptr<const CauseAnalysis>> analyseCauses(const Subject &subject, const Dataset &dataset, const CauseOptions &options, std::stop_token stop,
                                                           const ProgressSink &progress, const CauseSink &partial)
{
    if (const auto why = subject.whyNotComparable())
        return fail(*why);
    QL_CHECK(requireSingleSteps(dataset));
    const std::size_t samples = options.samples == 0 ? dataset.sampleCount() : std::min(options.samples, dataset.sampleCount());
    if (samples == 0)
        return fail(ErrorCode::DatasetMismatch, {.file = dataset.description(), .expected = "at least 1 sample", .got = "none"});
    QL_TRY(auto plan, planRows(subject.floatModel, subject.quantizedModel, options.kernels, 1, subject.pairing.get()));
    return Analysis(std::move(plan), dataset, options)(samples, stop, progress, partial);
}

} // namespace quantloupe
