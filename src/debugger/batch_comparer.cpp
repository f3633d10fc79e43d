// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/batch_comparer.h"

#include "debugger/input_quantization.h"
#include "interpreter/state_feedback.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace quantloupe {
namespace {

std::size_t elementsOf(const PreparedModel &model, TensorIndex tensor)
{
    return static_cast<std::size_t>(model.tensor(tensor).shape.elementCount());
}

template <typename T> SampleRows<T> samplesOf(const Operand &operand)
{
    return {reinterpret_cast<T *>(operand.data), operand.stride};
}

template <typename F> void withCodeType(DataType type, F &&f)
{
    if (type == DataType::Int8)
        f(std::int8_t{});
    else if (type == DataType::UInt8)
        f(std::uint8_t{});
    else if (type == DataType::Int16)
        f(std::int16_t{});
}

/// Adds what another time step of the same sample gathered.
void addTo(ErrorSums &sums, const ErrorSums &more)
{
    sums.count += more.count;
    sums.notFinite += more.notFinite;
    sums.diff += more.diff;
    sums.diffSquared += more.diffSquared;
    sums.maxAbsDiff = std::max(sums.maxAbsDiff, more.maxAbsDiff);
    sums.floatSquared += more.floatSquared;
    sums.atMinCode += more.atMinCode;
    sums.atMaxCode += more.atMaxCode;
}

} // namespace

void RowHistograms::merge(const RowHistograms &other)
{
    for (std::size_t kind = 0; kind < kErrorKinds; ++kind)
        errors[kind].merge(other.errors[kind]);
    codes.merge(other.codes);
}

RowHistograms RowHistograms::moved(const PlannedRow &row, std::size_t elements, const RunOptions &options) const
{
    constexpr int kNoError = GrowingHistogram::kBinsPerSide;
    const std::uint64_t samples = codes.histogram(row.grid).total() / elements;
    const std::uint64_t added = samples * row.movedFrom->added;
    RowHistograms result;
    result.codes = codes;
    result.codes.addCode(row.grid, row.grid.zeroPoint, added);
    if (options.local) {
        ErrorHistograms &local = result.errors[static_cast<std::size_t>(ErrorKind::Local)];
        local.errorInLsb.addCount(kNoError, samples * elements + added);
        local.floatValues = result.codes;
    }
    if (options.accumulated) {
        ErrorHistograms &accumulated = result.errors[static_cast<std::size_t>(ErrorKind::Accumulated)];
        accumulated = errors[static_cast<std::size_t>(ErrorKind::Accumulated)];
        accumulated.errorInLsb.addCount(kNoError, added);
        accumulated.floatValues.addCode(row.grid, row.grid.zeroPoint, added);
    }
    return result;
}

BatchComparer::BatchComparer(std::shared_ptr<const RowPlan> plan, const Dataset &dataset, const RunOptions &options)
    : m_plan(std::move(plan)), m_dataset(dataset), m_options(options), m_quantized(m_plan->quantized, m_plan->lockstep.quantizedLives), m_floats(m_plan->floats, m_plan->lockstep.floatLives), m_atEnds(m_plan->quantized->maxBatch()), m_histograms(m_plan->rows.size())
{
    planReals();
    if (m_options.local)
        planTwins();
    planUnrolled();
    m_quantized.setInternalsSink(&m_quantizedInsides);
    m_floats.setInternalsSink(&m_floatInsides);
}

/// Real values of every quantized tensor that a float twin reads, and the dataset's raw floats for the model
/// inputs: an operator that reads a model input gets the raw float input, as in QuantizationDebugger.
void BatchComparer::planReals()
{
    const PreparedModel &model = *m_plan->quantized;
    const Subgraph &graph = model.graph();
    m_reals.assign(graph.tensors.size(), {});
    m_isRawInput.assign(graph.tensors.size(), false);

    std::size_t rawBytes = 0;
    std::vector<std::size_t> rawOffsets;
    for (const TensorIndex input : graph.inputs) {
        rawOffsets.push_back(rawBytes);
        m_rawInput.push_back({nullptr, elementsOf(model, input) * sizeof(float)});
        rawBytes += AlignedBuffer::padded(m_rawInput.back().stride * model.maxBatch());
    }
    m_rawInputs = AlignedBuffer(rawBytes);
    for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
        m_rawInput[i].data = m_rawInputs.data() + rawOffsets[i];
        m_reals[graph.inputs[i].position()] = m_rawInput[i];
        m_isRawInput[graph.inputs[i].position()] = true;
    }
    for (const Operator &op : graph.operators) {
        if (op.name == "QUANTIZE" && m_isRawInput[op.inputs.front().position()] && graph.tensor(op.inputs.front()).type == DataType::Float32) {
            m_reals[op.outputs.front().position()] = m_reals[op.inputs.front().position()];
            m_isRawInput[op.outputs.front().position()] = true;
        }
    }

    std::vector<bool> isRead(graph.tensors.size(), false);
    for (std::size_t op = 0; op < m_plan->twins.size(); ++op)
        if (hasTwin(OperatorIndex(op)))
            for (const TwinInput &input : m_plan->twins[op].inputs)
                if (input.source == TwinInput::Source::Real)
                    isRead[input.tensor.position()] = true;
    std::vector<MemoryBlock> blocks(graph.tensors.size());
    for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
        const TensorIndex tensor(i);
        if (m_isRawInput[i] || !isRead[i] || !m_quantized.operand(tensor).data)
            continue;
        m_reals[i].stride = elementsOf(model, tensor) * sizeof(float);
        const TensorLife &life = m_plan->lockstep.quantizedLives[i];
        blocks[i] = {m_reals[i].stride * life.samples, life};
    }
    m_realStorage = AlignedBuffer(placeBlocks(blocks));
    for (std::size_t i = 0; i < blocks.size(); ++i)
        if (blocks[i].bytes > 0)
            m_reals[i].data = m_realStorage.data() + blocks[i].offset;
}

void BatchComparer::planTwins()
{
    const std::size_t batch = m_plan->quantized->maxBatch();
    const Subgraph &floats = m_plan->floats->graph();
    std::size_t stateBytes = 0;
    m_twinStates.resize(floats.tensors.size());
    for (std::size_t i = 0; i < floats.tensors.size(); ++i) {
        if (!floats.tensors[i].isVariable)
            continue;
        m_twinStates[i] = {nullptr, elementsOf(*m_plan->floats, TensorIndex(i)) * elementSize(floats.tensors[i].type)};
        stateBytes += AlignedBuffer::padded(m_twinStates[i].stride * batch);
    }
    m_twinState = AlignedBuffer(stateBytes);
    std::size_t stateAt = 0;
    for (Operand &state : m_twinStates) {
        state.data = m_twinState.data() + stateAt;
        stateAt += AlignedBuffer::padded(state.stride * batch);
    }
    resetTwinState();

    std::size_t outputBytes = 0;
    for (const TwinPlan &plan : m_plan->twins) {
        m_twins.push_back(twinOf(plan));
        std::size_t bytes = 0;
        for (const Operand &output : m_twins.back().outputs)
            bytes += AlignedBuffer::padded(output.stride * batch);
        outputBytes = std::max(outputBytes, bytes);
    }
    m_twinStorage = AlignedBuffer(outputBytes);
    m_twinScratch = AlignedBuffer(m_plan->floats->scratchBytes());
    for (Twin &twin : m_twins) { // one twin runs at a time: all write to the same place
        std::size_t offset = 0;
        for (Operand &output : twin.outputs) {
            output.data = m_twinStorage.data() + offset;
            offset += AlignedBuffer::padded(output.stride * batch);
        }
    }
}

BatchComparer::Twin BatchComparer::twinOf(const TwinPlan &plan) const
{
    using Source = TwinInput::Source;
    Twin twin;
    if (!plan.floatOperator.isValid())
        return twin;
    for (const TwinInput &input : plan.inputs) {
        switch (input.source) {
        case Source::None: twin.inputs.push_back({}); break;
        case Source::Constant: twin.inputs.push_back(m_floats.operand(input.tensor)); break;
        case Source::State: twin.inputs.push_back(m_twinStates[input.tensor.position()]); break;
        case Source::Real: twin.inputs.push_back(m_reals[input.tensor.position()]); break;
        case Source::Same: twin.inputs.push_back(m_quantized.operand(input.tensor)); break;
        }
        const bool isOfQuantized = input.source == Source::Real || input.source == Source::Same;
        twin.isWhole.push_back(!isOfQuantized || isWhole(input.tensor));
    }
    const Subgraph &floats = m_plan->floats->graph();
    for (const TensorIndex output : floats.op(plan.floatOperator).outputs)
        twin.outputs.push_back({nullptr, elementsOf(*m_plan->floats, output) * elementSize(floats.tensor(output).type)});
    return twin;
}

void BatchComparer::resetTwinState()
{
    std::memset(m_twinState.data(), 0, m_twinState.size()); // float state starts at 0
}

Result<BatchSums> BatchComparer::compare(std::size_t firstSample, std::size_t samples)
{
    const std::lock_guard lock(m_histogramMutex);
    m_batch = {firstSample, samples, std::vector<ErrorSums>(m_plan->rows.size() * kErrorKinds * samples)};
    m_error.reset();
    startSequences(samples);
    for (m_step = 0; m_step < m_dataset.stepCount(); ++m_step) {
        QL_CHECK(runStep(firstSample, samples));
        m_isStart = false;
    }
    return std::move(m_batch);
}

void BatchComparer::startSequences(std::size_t samples)
{
    const bool isReset = m_options.state == StatePolicy::Reset;
    m_isStart = isReset || !m_hasStarted;
    m_hasStarted = true;
    if (isReset) {
        m_quantized.resetState();
        m_floats.resetState();
        if (m_options.local)
            resetTwinState();
    }
    if (m_isStart) {
        startFeedback(m_plan->feedback, m_quantized, samples);
        startFeedback(m_plan->floatFeedback, m_floats, samples);
    }
}

Result<void> BatchComparer::runStep(std::size_t firstSample, std::size_t samples)
{
    QL_CHECK(readInputs(firstSample, samples));
    m_floatInsides.clear();
    m_quantizedInsides.clear();
    m_stepSums.assign(m_batch.sums.size(), {});
    m_twinInsides.clear();
    QL_CHECK(runModels(samples));
    measureUnrolled(samples);
    for (std::size_t i = 0; i < m_stepSums.size(); ++i)
        addTo(m_batch.sums[i], m_stepSums[i]);
    QL_CHECK(carryFeedback(m_plan->feedback, m_quantized, samples));
    if (m_options.accumulated)
        QL_CHECK(carryFeedback(m_plan->floatFeedback, m_floats, samples));
    return {};
}

Result<void> BatchComparer::runModels(std::size_t batch)
{
    m_floats.start();
    m_quantized.start();
    const Lockstep &lockstep = m_plan->lockstep;
    for (const Lockstep::Stretch &stretch : lockstep.stretches)
        for (std::size_t first = 0; first < batch; first += stretch.samples) {
            const SampleRange part{first, std::min(stretch.samples, batch - first)};
            m_floatInsides.startsAt(first);
            m_quantizedInsides.startsAt(first);
            m_twinInsides.startsAt(first);
            for (std::size_t step = stretch.firstStep; step < stretch.endStep; ++step) {
                const std::size_t firstFloat = step == 0 ? 0 : lockstep.steps[step - 1].floatEnd;
                for (std::size_t op = firstFloat; m_options.accumulated && op < lockstep.steps[step].floatEnd; ++op)
                    QL_CHECK(m_floats.invoke(OperatorIndex(op), part));
                const OperatorIndex op = lockstep.steps[step].quantized;
                if (!op.isValid() || m_plan->quantized->op(op).missing)
                    continue;
                QL_CHECK(m_quantized.invoke(op, part));
                compareOperator(op, part, batch);
                if (m_error)
                    return fail(*m_error);
            }
        }
    return {};
}

std::vector<RowHistograms> BatchComparer::histograms() const
{
    const std::lock_guard lock(m_histogramMutex);
    std::vector<RowHistograms> all = m_histograms;
    for (std::size_t row = 0; row < all.size(); ++row)
        if (isShared(m_plan->rows[row].op) && m_plan->rows[row].hasLocal)
            all[row].errors[static_cast<std::size_t>(ErrorKind::Local)] = all[row].errors[static_cast<std::size_t>(ErrorKind::Accumulated)];
        else if (const auto &moved = m_plan->rows[row].movedFrom)
            all[row] = all[moved->row].moved(m_plan->rows[row], m_plan->rows[moved->row].elements, m_options);
    return all;
}

/// Fed inputs are data only where a sequence starts, and only if the dataset has any.
bool BatchComparer::isRead(std::size_t input) const
{
    return !m_plan->feedback.feeds(input) || (m_isStart && m_dataset.hasInput(input));
}

Result<void> BatchComparer::readInputs(std::size_t firstSample, std::size_t samples)
{
    for (std::size_t input = 0; input < m_plan->quantized->graph().inputs.size(); ++input)
        for (std::size_t place = 0; place < samples; ++place)
            QL_CHECK(readInput(firstSample + place, place, input));
    return {};
}

/// Leaves the raw floats in m_rawInput: of state that was fed back, the real values of its codes.
Result<void> BatchComparer::readInput(std::size_t sample, std::size_t place, std::size_t input)
{
    const Subgraph &quantized = m_plan->quantized->graph();
    const Subgraph &floats = m_plan->floats->graph();
    const Tensor &tensor = quantized.tensor(quantized.inputs[input]);
    auto *const raw = reinterpret_cast<float *>(m_rawInput[input].data + place * m_rawInput[input].stride);
    const std::span<float> values(raw, m_rawInput[input].stride / sizeof(float));
    if (!isRead(input)) {
        const Operand codes{m_quantized.input(input, place).data(), 0};
        if (tensor.type == DataType::Float32)
            std::memcpy(raw, codes.data, values.size_bytes());
        else
            withCodeType(tensor.type, [&](auto code) {
                realValues(reinterpret_cast<const decltype(code) *>(codes.data), values.size(), tensor.quant.scale(), static_cast<std::int32_t>(tensor.quant.zeroPoint()), raw);
            });
        return {};
    }
    QL_CHECK(m_dataset.readStep(sample, m_step, input, values));
    QL_CHECK(quantizeInput(tensor, values, m_quantized.input(input, place)));
    if (m_options.accumulated)
        QL_CHECK(quantizeInput(floats.tensor(floats.inputs[input]), values, m_floats.input(input, place)));
    return {};
}

void BatchComparer::compareOperator(OperatorIndex op, SampleRange part, std::size_t batch)
{
    const std::size_t first = m_plan->firstRowOfOperator[op.position()];
    const std::size_t last = m_plan->firstRowOfOperator[op.position() + 1];
    const bool isMoved = first != last && m_plan->rows[first].movedFrom;
    const bool hasTwin = this->hasTwin(op);
    if (hasTwin)
        runTwin(op, part);
    if (part.first + part.count == batch)
        measureInsides(op, hasTwin);
    if (hasTwin)
        keepTwinOutputs(op, part);
    if (isMoved)
        moveSums(first, part, batch);
    for (std::size_t row = first; row < last && !isMoved; ++row)
        measure(row, hasTwin, part, batch);
    if (first == last || isMoved) // else the error pass leaves them
        for (const TensorIndex output : m_plan->quantized->graph().op(op).outputs)
            fillReal(output, part);
}

bool BatchComparer::hasTwin(OperatorIndex op) const
{
    const std::size_t first = m_plan->firstRowOfOperator[op.position()];
    const bool isMeasured = first != m_plan->firstRowOfOperator[op.position() + 1] && !m_plan->rows[first].movedFrom;
    return m_options.local && isMeasured && !isShared(op) && m_plan->twins[op.position()].floatOperator.isValid();
}

bool BatchComparer::isShared(OperatorIndex op) const
{
    return m_options.local && m_options.accumulated && m_plan->twins[op.position()].isFloatModels;
}

bool BatchComparer::isWhole(TensorIndex tensor) const
{
    return m_isRawInput[tensor.position()] || m_plan->lockstep.quantizedLives[tensor.position()].samples == m_plan->quantized->maxBatch();
}

Operand BatchComparer::realOf(TensorIndex tensor, SampleRange part) const
{
    Operand real = m_reals[tensor.position()];
    if (real.data && isWhole(tensor))
        real.data += part.first * real.stride;
    return real;
}

void BatchComparer::fillReal(TensorIndex tensor, SampleRange part)
{
    if (!tensor.isValid() || m_isRawInput[tensor.position()])
        return;
    const Operand real = realOf(tensor, part);
    if (!real.data)
        return;
    const Tensor &described = m_plan->quantized->graph().tensor(tensor);
    withCodeType(described.type, [&](auto code) {
        const auto codes = samplesOf<const decltype(code)>(m_quantized.operand(tensor, part));
        for (std::size_t sample = 0; sample < part.count; ++sample)
            realValues(codes[sample], real.stride / sizeof(float), described.quant.scale(), static_cast<std::int32_t>(described.quant.zeroPoint()),
                       reinterpret_cast<float *>(real.data + sample * real.stride));
    });
}

void BatchComparer::runTwin(OperatorIndex op, SampleRange part)
{
    const Twin &twin = m_twins[op.position()];
    m_twinInputs = twin.inputs;
    for (std::size_t i = 0; i < m_twinInputs.size(); ++i)
        if (twin.isWhole[i] && m_twinInputs[i].data)
            m_twinInputs[i].data += part.first * m_twinInputs[i].stride;
    EvalContext context(part.count, m_twinInputs, twin.outputs, m_twinScratch.data());
    const OperatorIndex floatOperator = m_plan->twins[op.position()].floatOperator;
    m_twinInsides.operatorStarts(floatOperator);
    context.internals = &m_twinInsides;
    m_plan->floats->op(floatOperator).eval(context);
    if (context.error() && !m_error)
        m_error = context.error()->at(placeOf(m_plan->floats->graph(), floatOperator)).inFile(m_plan->floats->model().file);
}

void BatchComparer::measure(std::size_t row, bool hasTwin, SampleRange part, std::size_t batch)
{
    const PlannedRow &planned = m_plan->rows[row];
    RowHistograms &histograms = m_histograms[row];
    ErrorSums *const sums = &m_stepSums[row * kErrorKinds * batch + part.first];
    std::array<ErrorSide, kErrorKinds> sides;
    std::size_t count = 0;
    const auto add = [&](ErrorKind kind, const Operand &floats) {
        const auto place = static_cast<std::size_t>(kind);
        sides[count++] = {samplesOf<const float>(floats), &histograms.errors[place], sums + place * batch};
    };
    if (hasTwin && planned.hasLocal)
        add(ErrorKind::Local, m_twins[planned.op.position()].outputs[planned.outputPosition]);
    if (m_options.accumulated && planned.hasAccumulated)
        add(ErrorKind::Accumulated, m_floats.operand(planned.floatTensor, part));
    withCodeType(m_plan->quantized->graph().tensor(planned.tensor).type, [&](auto code) {
        using Code = decltype(code);
        const Operand reals = m_isRawInput[planned.tensor.position()] ? Operand{} : realOf(planned.tensor, part);
        const CodeSide<Code> quantized{samplesOf<const Code>(m_quantized.operand(planned.tensor, part)), planned.grid, &histograms.codes, samplesOf<float>(reals)};
        m_errorPass.measure(quantized, std::span(sides).first(count), part.count, planned.elements, m_atEnds.data());
    });
    if (isShared(planned.op) && planned.hasLocal)
        std::copy_n(sums + static_cast<std::size_t>(ErrorKind::Accumulated) * batch, part.count, sums + static_cast<std::size_t>(ErrorKind::Local) * batch);
    for (std::size_t sample = 0; sample < part.count; ++sample)
        for (std::size_t kind = 0; kind < kErrorKinds; ++kind) {
            sums[kind * batch + sample].atMinCode = m_atEnds[sample].min;
            sums[kind * batch + sample].atMaxCode = m_atEnds[sample].max;
        }
}

void BatchComparer::moveSums(std::size_t row, SampleRange part, std::size_t batch)
{
    const PlannedRow &planned = m_plan->rows[row];
    const std::size_t fromRow = planned.movedFrom->row;
    const std::size_t added = planned.movedFrom->added;
    const Tensor &described = m_plan->quantized->graph().tensor(planned.tensor);
    const std::int64_t zeroPoint = described.quant.zeroPoint();
    const auto sumsOf = [&](std::size_t of, ErrorKind kind, std::size_t sample) -> ErrorSums & {
        return m_stepSums[(of * kErrorKinds + static_cast<std::size_t>(kind)) * batch + part.first + sample];
    };
    withCodeType(described.type, [&](auto code) {
        const auto codes = samplesOf<const decltype(code)>(m_quantized.operand(planned.tensor, part));
        for (std::size_t sample = 0; sample < part.count; ++sample) {
            ErrorSums local;
            ErrorSums accumulated = sumsOf(fromRow, ErrorKind::Accumulated, sample);
            const ErrorSums &ends = sumsOf(fromRow, ErrorKind::Local, sample); // counted with either kind
            local.atMinCode = accumulated.atMinCode = ends.atMinCode + (zeroPoint == planned.codes.min ? added : 0);
            local.atMaxCode = accumulated.atMaxCode = ends.atMaxCode + (zeroPoint == planned.codes.max ? added : 0);
            if (m_options.local) {
                local.count = planned.elements;
                local.floatSquared = sumOfSquares(codes[sample], planned.elements, static_cast<std::int32_t>(zeroPoint)) * planned.grid.scale * planned.grid.scale;
            }
            if (m_options.accumulated)
                accumulated.count += added;
            sumsOf(row, ErrorKind::Local, sample) = local;
            sumsOf(row, ErrorKind::Accumulated, sample) = accumulated;
        }
    });
}

void BatchComparer::measureInsides(OperatorIndex op, bool hasTwin)
{
    const RnnRecord *const quantized = m_quantizedInsides.of(op);
    if (!quantized)
        return;
    const OperatorIndex floatOperator = m_plan->pairing.operators[op.position()].floatOperator;
    m_batch.rnn[op].add(*quantized, hasTwin ? m_twinInsides.of(floatOperator) : nullptr, m_options.accumulated ? m_floatInsides.of(floatOperator) : nullptr,
                         m_step * quantized->stepCount());
}

void BatchComparer::planUnrolled()
{
    if (!m_options.local)
        return;
    for (const UnrolledRecurrence &unrolled : m_plan->unrolled)
        for (const UnrolledRecurrence::StepTensors &step : unrolled.steps)
            for (const TensorIndex tensor : step)
                if (tensor.isValid()) {
                    const TwinPart part = m_twinParts[tensor] = twinPart(tensor, unrolled);
                    m_unrolledTwins[part.from].assign(m_plan->quantized->maxBatch() * unrolled.sequences * part.rowWidth, std::numeric_limits<float>::quiet_NaN()); // NaN: no twin
                }
}

BatchComparer::TwinPart BatchComparer::twinPart(TensorIndex tensor, const UnrolledRecurrence &unrolled) const
{
    const Subgraph &graph = m_plan->quantized->graph();
    const TwinPart whole{tensor, 0, unrolled.units};
    const OperatorIndex producer = m_plan->producer(tensor);
    if (!producer.isValid() || graph.op(producer).name != "SPLIT" || graph.op(producer).inputs.size() != 2 || !graph.op(producer).inputs[1].isValid())
        return whole;
    const auto &parts = graph.op(producer).outputs;
    const TensorIndex source = graph.op(producer).inputs[1];
    const Shape &shape = m_plan->quantized->tensor(source).shape;
    const std::size_t rowWidth = parts.size() * unrolled.units;
    // Along the last axis: then the parts lie side by side in the source's rows.
    if (shape.rank() < 1 || static_cast<std::size_t>(shape[shape.rank() - 1]) != rowWidth || elementsOf(*m_plan->quantized, source) != unrolled.sequences * rowWidth)
        return whole;
    return {source, static_cast<std::size_t>(std::ranges::find(parts, tensor) - parts.begin()) * unrolled.units, rowWidth};
}

void BatchComparer::keepTwinOutputs(OperatorIndex op, SampleRange part)
{
    if (m_unrolledTwins.empty())
        return;
    const auto &outputs = m_plan->quantized->graph().op(op).outputs;
    const auto &twins = m_twins[op.position()].outputs;
    for (std::size_t i = 0; i < outputs.size() && i < twins.size(); ++i) {
        const auto kept = m_unrolledTwins.find(outputs[i]);
        if (kept == m_unrolledTwins.end())
            continue;
        const std::size_t elements = kept->second.size() / m_plan->quantized->maxBatch();
        const TensorIndex twin = m_plan->floats->graph().op(m_plan->twins[op.position()].floatOperator).outputs[i];
        const bool isTwin = m_plan->floats->graph().tensor(twin).type == DataType::Float32 && twins[i].stride == elements * sizeof(float);
        for (std::size_t sample = 0; sample < part.count; ++sample) {
            float *const to = kept->second.data() + (part.first + sample) * elements;
            if (isTwin)
                std::memcpy(to, twins[i].data + sample * twins[i].stride, twins[i].stride);
            else
                std::fill_n(to, elements, std::numeric_limits<float>::quiet_NaN());
        }
    }
}

/// Unrolled layers in the form of recurrent operators. Tensors of both models are all there once both have run.
void BatchComparer::measureUnrolled(std::size_t batch)
{
    const Subgraph &graph = m_plan->quantized->graph();
    const Subgraph &floats = m_plan->floats->graph();
    for (const UnrolledRecurrence &unrolled : m_plan->unrolled) {
        const auto quantized = [&](TensorIndex tensor, std::size_t sample, std::span<float> out) { readReal(graph.tensor(tensor), m_quantized.bytes(tensor, sample), out); };
        const auto local = [&](TensorIndex tensor, std::size_t sample, std::span<float> out) {
            const TwinPart &part = m_twinParts.at(tensor);
            const float *const rows = m_unrolledTwins.at(part.from).data() + sample * unrolled.sequences * part.rowWidth;
            for (std::size_t sequence = 0; sequence < unrolled.sequences; ++sequence)
                std::copy_n(rows + sequence * part.rowWidth + part.firstColumn, unrolled.units, out.data() + sequence * unrolled.units);
        };
        const auto accumulated = [&](TensorIndex tensor, std::size_t sample, std::span<float> out) {
            if (const TensorIndex twin = m_plan->pairing.floatTensors[tensor.position()]; twin.isValid())
                readReal(floats.tensor(twin), m_floats.bytes(twin, sample), out);
        };
        std::optional<RnnRecord> byTwins;
        std::optional<RnnRecord> byModel;
        if (m_options.local)
            byTwins = unrolled.record(batch, local, nullptr);
        if (m_options.accumulated)
            byModel = unrolled.record(batch, accumulated, nullptr);
        m_batch.rnn[unrolled.op].add(unrolled.record(batch, quantized, &graph), byTwins ? &*byTwins : nullptr, byModel ? &*byModel : nullptr, m_step * unrolled.steps.size());
    }
}

} // namespace quantloupe
