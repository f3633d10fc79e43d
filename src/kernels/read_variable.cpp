// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/element_copy.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

bool hasOpenAxis(const Tensor &tensor)
{
    return std::ranges::find(tensor.shapeSignature, -1) != tensor.shapeSignature.end();
}

/// The variable's value, or what TFLite Micro holds before the first assignment: bytes of the zero point.
void readInto(EvalContext &run, std::size_t bytes, std::optional<int> initial)
{
    const auto value = run.runner->value(*run.input<std::int32_t>(0));
    if (value && value->bytes.size() == bytes)
        std::copy_n(value->bytes.data(), bytes, run.output<std::byte>());
    else if (value)
        run.fail(Error{ErrorCode::RuntimeFault, {.expected = fmt::format("a variable of {} bytes", bytes), .got = fmt::format("one of shape {}", value->shape.text())}});
    else if (initial)
        std::memset(run.output<std::byte>(), *initial, bytes);
    else
        run.fail(Error{ErrorCode::RuntimeFault, {.expected = "a variable that was assigned before", .got = "one that was not"}});
}

/// READ_VARIABLE. The output has the shape the file states or, where that leaves axes open, the value's.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    const OperandDesc &output = context.output();
    if (context.input(0).type() != DataType::Resource || context.input(0).elementCount() != 1)
        return fail(context.typeError(0, "one resource"));
    if (elementSize(output.type()) == 0)
        return fail(context.unsupported("elements of whole bytes", context.typesText()));
    Shape shape = output.shape;
    if (hasOpenAxis(*output.tensor)) {
        if (!context.runner || !context.input(0).value)
            return fail(ErrorCode::ValueUnknown, {.place = context.input(0).tensor->name});
        if (const auto value = context.runner->value(*reinterpret_cast<const std::int32_t *>(context.input(0).value)))
            shape = value->shape;
    }
    context.setOutputShape(0, shape);
    std::optional<int> initial;
    if (context.traits().variablesStartAtZeroPoint)
        initial = elementSize(output.type()) == 1 ? static_cast<int>(output.zeroPoint()) : 0;
    return [initial, bytes = static_cast<std::size_t>(shape.elementCount()) * elementSize(output.type())](EvalContext &run) { readInto(run, bytes, initial); };
}

} // namespace

extern const OperatorKernel read_variable_kernel{.name = "READ_VARIABLE", .prepare = prepare, .types = kMovableTypes, .isStateful = true, .usesRunner = true};

} // namespace quantloupe
