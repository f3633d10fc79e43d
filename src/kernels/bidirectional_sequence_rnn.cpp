// SPDX-License-Identifier: GPL-3.0-or-later
//
// BIDIRECTIONAL_SEQUENCE_RNN: a layer along time and one against it, side by side (merge_outputs) or as two outputs. An
// auxiliary input with weights goes to both; without weights the backward layer is meant to read it instead of the input.
// Semantics of tensorflow/lite/kernels/bidirectional_sequence_rnn.cc, with two slips of its own: with the batch first the
// backward layer reads the input all the same, and the hybrid form with time first goes over the whole sequence as many
// times as it has steps, its state carried on.
#include "kernels/rnn_layer.h"

#include <utility>

namespace quantloupe {
namespace {

constexpr std::size_t kAuxiliaryInput = 9;

Result<EvalFunction> prepare(PrepareContext &context)
{
    const bool isTimeMajor = context.options().boolean("time_major");
    const bool isMerged = context.options().boolean("merge_outputs");
    QL_CHECK(context.requireOperands(9, 12, isMerged ? 1 : 2));
    const Shape &input = context.input(0).shape;
    if (input.rank() != 3)
        return fail(context.invalid("an input of rank 3", input.text()));
    const bool hasAuxiliary = context.hasInput(kAuxiliaryInput);
    const bool hasWeights = context.hasInput(10) && context.hasInput(11);
    if (!hasAuxiliary && (context.hasInput(10) || context.hasInput(11)))
        return fail(context.invalid("an auxiliary input for the auxiliary weights", "none"));
    rnn::Places forward{0, 1, 2, 3, 4};
    rnn::Places backward{0, 5, 6, 7, 8};
    if (hasAuxiliary && hasWeights) {
        forward.auxiliaryInput = backward.auxiliaryInput = kAuxiliaryInput;
        forward.auxiliaryWeights = 10;
        backward.auxiliaryWeights = 11;
    } else if (hasAuxiliary && isTimeMajor) {
        backward.input = kAuxiliaryInput;
    }
    for (std::size_t i = 0; i < context.outputCount(); ++i)
        if (context.output(i).type() != DataType::Float32)
            return fail(context.unsupported("float32 outputs", context.typesText()));
    ScratchLayout layout;
    QL_TRY(auto along, rnn::Layer::make(context, forward, layout, isTimeMajor, false));
    QL_TRY(auto against, rnn::Layer::make(context, backward, layout, isTimeMajor, true));
    if (const Shape &other = context.input(backward.input).shape; other[0] != input[0] || other[1] != input[1])
        return fail(context.invalid("an auxiliary input with the input's batch and time", other.text()));
    context.scratchBytes = layout.size();
    const auto shape = [&](std::size_t units) { return Shape{input[0], input[1], static_cast<std::int32_t>(units)}; };
    context.setOutputShape(0, shape(isMerged ? along.units() + against.units() : along.units()));
    if (!isMerged)
        context.setOutputShape(1, shape(against.units()));
    const bool isHybrid = context.input(forward.weights).type() == DataType::Int8;
    const std::size_t passes = isHybrid && isTimeMajor ? static_cast<std::size_t>(input[0]) : 1;
    return [along = std::move(along), against = std::move(against), isMerged, passes](EvalContext &run) {
        const std::size_t width = along.units() + against.units();
        InternalsSink *const sink = std::exchange(run.internals, nullptr);
        for (std::size_t pass = 0; pass < passes; ++pass) {
            run.internals = pass + 1 == passes ? sink : nullptr;
            along.run(run, 0, isMerged ? width : along.units(), 0);
            run.internals = nullptr; // one layer's steps: they would fall on those of the other
            against.run(run, isMerged ? 0 : 1, isMerged ? width : against.units(), isMerged ? along.units() : 0);
        }
        run.internals = sink;
    };
}

} // namespace

extern const OperatorKernel bidirectional_sequence_rnn_kernel{"BIDIRECTIONAL_SEQUENCE_RNN", prepare, kFloat32 | kHybrid, true};

} // namespace quantloupe
