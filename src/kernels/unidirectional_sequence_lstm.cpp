// SPDX-License-Identifier: GPL-3.0-or-later
//
// UNIDIRECTIONAL_SEQUENCE_LSTM: input [batch, time, features] (or time first), 24 inputs as laid out in lstm.h.
#include "kernels/lstm.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const lstm::Geometry g, lstm::geometry(context, lstm::Form::Sequence));
    const DataType input = context.input(lstm::kInput).type();
    if (input != context.output().type() || context.input(lstm::kOutputState).type() != input)
        return fail(context.unsupported("an input, an output state and an output of one type", context.typesText()));
    const bool isByTables = context.traits().lstmByTables;
    if (input == DataType::Float32)
        return lstm::prepareFloat(context, g);
    if (input == DataType::Int8)
        return isByTables ? lstm::prepareByTables(context, g) : lstm::prepareInt8(context, g);
    if (input == DataType::Int16 && isByTables)
        return lstm::prepareByTables(context, g);
    return fail(context.unsupported(isByTables ? "float32, int8 or int16" : "float32 or int8 (int16 runs on TensorFlow Lite Micro alone)", context.typesText()));
}

} // namespace

extern const OperatorKernel unidirectional_sequence_lstm_kernel{"UNIDIRECTIONAL_SEQUENCE_LSTM", prepare, kFloat32 | kInt8 | kInt16 | kHybrid, true};

} // namespace quantloupe
