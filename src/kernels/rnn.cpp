// SPDX-License-Identifier: GPL-3.0-or-later
//
// RNN: one step of a plain recurrent layer, input [batch, features].
#include "kernels/rnn_layer.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(5, 5, 1));
    const Shape &input = context.input(0).shape;
    if (input.rank() != 2)
        return fail(context.invalid("an input of rank 2", input.text()));
    if (context.output().type() != DataType::Float32)
        return fail(context.unsupported("a float32 output", context.typesText()));
    ScratchLayout layout;
    QL_TRY(auto layer, rnn::Layer::make(context, {}, layout, false, false));
    context.scratchBytes = layout.size();
    context.setOutputShape(0, {input[0], static_cast<std::int32_t>(layer.units())});
    return [layer = std::move(layer)](EvalContext &run) { layer.run(run, 0, layer.units(), 0); };
}

} // namespace

extern const OperatorKernel rnn_kernel{"RNN", prepare, kFloat32 | kHybrid, true};

} // namespace quantloupe
