// SPDX-License-Identifier: GPL-3.0-or-later
//
// CIRCULAR_BUFFER: appends the input [1, 1, 1, depth] to the output [1, slots, 1, depth], a variable tensor that keeps
// the last slots. (On a device the operators behind it run every cycles_max inputs only; here they run for every one.)
#include "kernels/kernel.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    const std::int64_t depth = input.elementCount();
    if (input.type() != DataType::Int8 || output.type() != DataType::Int8)
        return fail(context.unsupported("int8", context.typesText()));
    if (!output.tensor->isVariable || depth < 1 || output.elementCount() < depth || output.elementCount() % depth != 0)
        return fail(context.invalid("a variable output of whole slots of the input's size", fmt::format("{} and {}", input.shape.text(), output.shape.text())));
    return [size = static_cast<std::size_t>(output.elementCount()), depth = static_cast<std::size_t>(depth)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            std::int8_t *const slots = run.output<std::int8_t>(0, sample);
            std::copy(slots + depth, slots + size, slots);
            std::copy_n(run.input<std::int8_t>(0, sample), depth, slots + size - depth);
        });
    };
}

} // namespace

extern const OperatorKernel circular_buffer_kernel{"CIRCULAR_BUFFER", prepare, kInt8, true};

} // namespace quantloupe
