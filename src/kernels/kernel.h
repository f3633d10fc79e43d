// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "graph/model.h"
#include "kernels/profile.h"
#include "kernels/subgraphs.h"

#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

class InternalsSink;

/// What is known of an operand before anything runs.
struct OperandDesc {
    const Tensor *tensor = nullptr;   ///< null for an optional operand left out
    Shape shape;                      ///< resolved; may differ from the shape stored in the file
    const std::byte *value = nullptr; ///< constants, and results of operators on constants only

    bool isPresent() const { return tensor != nullptr; }
    DataType type() const { return tensor->type; }
    const QuantParams &quant() const { return tensor->quant; }
    float scale() const { return tensor->quant.scale(); }
    std::int32_t zeroPoint() const { return static_cast<std::int32_t>(tensor->quant.zeroPoint()); }
    std::int64_t elementCount() const { return shape.elementCount(); }
};

/// Where an operand's elements are while an operator runs: sample b starts at data + b * stride bytes.
/// Constants and shared state have stride 0.
struct Operand {
    std::byte *data = nullptr;
    std::size_t stride = 0;
};

/// Samples of a batch, one after another.
struct SampleRange {
    std::size_t first = 0;
    std::size_t count = 0;
};

/// Everything an operator may touch while it runs. Operands are batch-major: `batch()` samples one after another, each
/// of the shape seen in prepare().
class EvalContext {
public:
    EvalContext(std::size_t batch, std::span<const Operand> inputs, std::span<const Operand> outputs, std::byte *scratch)
        : m_batch(batch), m_inputs(inputs), m_outputs(outputs), m_scratch(scratch)
    {
    }

    std::size_t batch() const { return m_batch; }

    template <typename T> const T *input(std::size_t i, std::size_t sample = 0) const
    {
        return reinterpret_cast<const T *>(m_inputs[i].data + sample * m_inputs[i].stride);
    }
    /// For variable inputs (LSTM and SVDF state), which an operator updates in place.
    template <typename T> T *state(std::size_t i, std::size_t sample = 0) const
    {
        return reinterpret_cast<T *>(m_inputs[i].data + sample * m_inputs[i].stride);
    }
    template <typename T> T *output(std::size_t i = 0, std::size_t sample = 0) const
    {
        return reinterpret_cast<T *>(m_outputs[i].data + sample * m_outputs[i].stride);
    }
    bool hasInput(std::size_t i) const { return i < m_inputs.size() && m_inputs[i].data != nullptr; }
    /// What an operator without variable tensors remembers: of the size asked for in prepare(), 0 after a reset.
    template <typename T> T *operatorState(std::size_t sample) const { return reinterpret_cast<T *>(ownState.data + sample * ownState.stride); }
    const Operand &inputOperand(std::size_t i) const { return m_inputs[i]; }
    const Operand &outputOperand(std::size_t i) const { return m_outputs[i]; }

    /// Uninitialised memory of the size asked for in prepare(), 64-byte aligned.
    template <typename T = std::byte> T *scratch() const { return reinterpret_cast<T *>(m_scratch); }

    /// For what depends on the values: an index out of range, a division by zero. The first failure is kept.
    void fail(Error error)
    {
        if (!m_error)
            m_error = std::move(error);
    }
    const std::optional<Error> &error() const { return m_error; }

    /// Receives gates, cell and hidden state per time step; null when nobody looks.
    InternalsSink *internals = nullptr;
    Operand ownState;
    /// Set by the interpreter for operators that run subgraphs or keep variables.
    SubgraphRunner *runner = nullptr;

private:
    std::size_t m_batch;
    std::span<const Operand> m_inputs;
    std::span<const Operand> m_outputs;
    std::byte *m_scratch;
    std::optional<Error> m_error;
};

/// What prepare() sees and fills in. It runs once per operator (again only when the shape of its result depends on
/// values that are computed at run time), checks types, shapes and scales, and leaves nothing to check to eval.
class PrepareContext {
public:
    PrepareContext(const Operator &op, std::span<const OperandDesc> inputs, std::span<OperandDesc> outputs,
                   std::span<const OperandDesc> intermediates, KernelProfile profile, std::size_t maxBatch)
        : m_op(op), m_inputs(inputs), m_outputs(outputs), m_intermediates(intermediates), m_profile(profile), m_maxBatch(maxBatch)
    {
    }

    const Operator &op() const { return m_op; }
    const Options &options() const { return m_op.options; }
    const ProfileTraits &traits() const { return traitsOf(m_profile); }
    KernelProfile profile() const { return m_profile; }
    /// The largest batch() that eval will see: for sizing scratch.
    std::size_t maxBatch() const { return m_maxBatch; }

    std::size_t inputCount() const { return m_inputs.size(); }
    std::size_t outputCount() const { return m_outputs.size(); }
    bool hasInput(std::size_t i) const { return i < m_inputs.size() && m_inputs[i].isPresent(); }
    const OperandDesc &input(std::size_t i) const { return m_inputs[i]; }
    const OperandDesc &output(std::size_t i = 0) const { return m_outputs[i]; }
    std::span<const OperandDesc> intermediates() const { return m_intermediates; }

    /// Fails unless the operator has min..max inputs (optional ones left out count as present when in range) and the
    /// outputs named, and input 0..required-1 are there.
    Result<void> requireOperands(std::size_t minInputs, std::size_t maxInputs, std::size_t outputs) const;

    /// The elements of input i as known now. When they will only be known at run time the result is an error with code
    /// ValueUnknown, which the interpreter answers by preparing the operator again at run time: return it.
    template <typename T> Result<std::span<const T>> values(std::size_t i) const
    {
        const OperandDesc &operand = m_inputs[i];
        if (operand.type() != dataTypeOf<T>)
            return quantloupe::fail(typeError(i, name(dataTypeOf<T>)));
        if (!operand.value)
            return quantloupe::fail(ErrorCode::ValueUnknown, {.place = operand.tensor->name});
        return std::span<const T>(reinterpret_cast<const T *>(operand.value), static_cast<std::size_t>(operand.elementCount()));
    }
    /// int32 or int64 values widened: axes, paddings, shapes.
    Result<std::vector<std::int64_t>> integers(std::size_t i) const;

    void setOutputShape(std::size_t i, const Shape &shape) { m_outputs[i].shape = shape; }

    /// Errors with the operator's place and the operand's facts filled in.
    Error invalid(std::string expected, std::string got) const;
    Error unsupported(std::string expected, std::string got) const;
    Error typeError(std::size_t input, std::string_view expected) const;
    /// "float32 x int8 -> float32": the types of inputs and outputs, for messages.
    std::string typesText() const;

    std::size_t scratchBytes = 0;
    std::size_t stateBytes = 0; ///< of operatorState(), for one sample

    /// There for operators with subgraphs, in prepared models.
    SubgraphPlanner *planner = nullptr;
    /// There when the operator is prepared at run time.
    SubgraphRunner *runner = nullptr;

private:
    const Operator &m_op;
    std::span<const OperandDesc> m_inputs;
    std::span<OperandDesc> m_outputs;
    std::span<const OperandDesc> m_intermediates;
    KernelProfile m_profile;
    std::size_t m_maxBatch;
};

/// A prepared operator: what it computed once (multipliers, packed weights) is captured by the function. It is const,
/// shared by all threads, and does not allocate.
using EvalFunction = std::function<void(EvalContext &)>;
using PrepareFunction = Result<EvalFunction> (*)(PrepareContext &);

/// Columns of `list operators`: which activation types a kernel takes. Hybrid is int8 weights with float activations.
enum TypeSupport : unsigned {
    kFloat32 = 1u << 0,
    kInt8 = 1u << 1,
    kInt16 = 1u << 2,
    kUInt8 = 1u << 3,
    kInt32 = 1u << 4,
    kInt64 = 1u << 5,
    kBool = 1u << 6,
    kHybrid = 1u << 7,
    kUnsigned = 1u << 8, ///< uint32 and uint64: the audio front end
};

/// One row of the operator registry; each operator's file defines its own.
struct OperatorKernel {
    std::string_view name; ///< builtin operator or custom code
    PrepareFunction prepare;
    unsigned types;          ///< TypeSupport bits
    bool isStateful = false;  ///< reads or writes something besides its operands: never folded
    bool isShapeOnly = false; ///< its result follows from its inputs' shapes: SHAPE, RANK
    bool usesRunner = false;  ///< runs subgraphs or keeps variables: its model runs one sample at a time
};

std::span<const OperatorKernel *const> operatorKernels();
const OperatorKernel *findOperatorKernel(std::string_view name);

/// One pair per sample: f(sample) for kernels that treat samples one after another.
template <typename F> void forEachSample(const EvalContext &context, F &&f)
{
    for (std::size_t sample = 0; sample < context.batch(); ++sample)
        f(sample);
}

} // namespace quantloupe
