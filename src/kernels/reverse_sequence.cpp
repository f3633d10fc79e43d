// SPDX-License-Identifier: GPL-3.0-or-later
//
// REVERSE_SEQUENCE: of every sample along batch_dim the first so many steps along seq_dim in reverse order, the rest as it was.
#include "kernels/element_copy.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Axis {
    std::size_t length = 1;
    std::size_t step = 1; ///< in elements

    std::size_t at(std::size_t element) const { return element / step % length; }
};

Result<Axis> axisOf(const PrepareContext &context, std::string_view option)
{
    const Shape &shape = context.input(0).shape;
    const std::int64_t axis = context.options().integer(option);
    if (axis < 0 || axis >= shape.rank())
        return fail(context.invalid(fmt::format("a {} of 0 to {}", option, shape.rank() - 1), fmt::format("{}", axis)));
    const auto position = static_cast<int>(axis);
    return Axis{static_cast<std::size_t>(shape[position]), static_cast<std::size_t>(shape.product(position + 1, shape.rank()))};
}

template <typename Length> EvalFunction eval(std::size_t count, std::size_t elementBytes, Axis sequence, Axis batch)
{
    return [=](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const Length *const lengths = run.input<Length>(1, sample);
            for (std::size_t b = 0; b < batch.length; ++b)
                if (lengths[b] < 0 || static_cast<std::size_t>(lengths[b]) > sequence.length)
                    return run.fail(Error{ErrorCode::RuntimeFault, {.expected = fmt::format("lengths of 0 to {}", sequence.length), .got = fmt::format("{}", lengths[b])}});
            const std::byte *const in = run.input<std::byte>(0, sample);
            std::byte *const out = run.output<std::byte>(0, sample);
            for (std::size_t i = 0; i < count; ++i) {
                const std::size_t step = sequence.at(i);
                const auto length = static_cast<std::size_t>(lengths[batch.at(i)]);
                const std::size_t from = step < length ? i - step * sequence.step + (length - 1 - step) * sequence.step : i;
                std::memcpy(out + i * elementBytes, in + from * elementBytes, elementBytes);
            }
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    QL_CHECK(requireMovable(context));
    QL_TRY(const Axis sequence, axisOf(context, "seq_dim"));
    QL_TRY(const Axis batch, axisOf(context, "batch_dim"));
    if (context.options().integer("seq_dim") == context.options().integer("batch_dim"))
        return fail(context.invalid("seq_dim and batch_dim that differ", fmt::format("{}", context.options().integer("seq_dim"))));
    if (context.input(1).shape.rank() != 1 || context.input(1).elementCount() != static_cast<std::int64_t>(batch.length))
        return fail(context.invalid(fmt::format("{} lengths", batch.length), context.input(1).shape.text()));
    context.setOutputShape(0, context.input(0).shape);
    const auto count = static_cast<std::size_t>(context.input(0).elementCount());
    const std::size_t bytes = elementSize(context.input(0).type());
    switch (context.input(1).type()) {
    case DataType::Int32: return eval<std::int32_t>(count, bytes, sequence, batch);
    case DataType::Int64: return eval<std::int64_t>(count, bytes, sequence, batch);
    default: return fail(context.typeError(1, "int32 or int64"));
    }
}

} // namespace

extern const OperatorKernel reverse_sequence_kernel{"REVERSE_SEQUENCE", prepare, kMovableTypes};

} // namespace quantloupe
