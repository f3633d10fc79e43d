// SPDX-License-Identifier: GPL-3.0-or-later
//
// UNIDIRECTIONAL_SEQUENCE_RNN: input [batch, time, features] (or time first), hidden states of all steps out.
#include "kernels/rnn_layer.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(5, 5, 1));
    const Shape &input = context.input(0).shape;
    if (input.rank() != 3)
        return fail(context.invalid("an input of rank 3", input.text()));
    if (context.output().type() != DataType::Float32)
        return fail(context.unsupported("a float32 output", context.typesText()));
    ScratchLayout layout;
    QL_TRY(auto layer, rnn::Layer::make(context, {}, layout, context.options().boolean("time_major"), false));
    context.scratchBytes = layout.size();
    context.setOutputShape(0, {input[0], input[1], static_cast<std::int32_t>(layer.units())});
    return [layer = std::move(layer)](EvalContext &run) { layer.run(run, 0, layer.units(), 0); };
}

} // namespace

extern const OperatorKernel unidirectional_sequence_rnn_kernel{"UNIDIRECTIONAL_SEQUENCE_RNN", prepare, kFloat32 | kHybrid, true};

} // namespace quantloupe
