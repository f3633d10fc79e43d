// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/element_copy.h"

namespace quantloupe {
namespace {

/// ZEROS_LIKE: codes of 0, whatever the zero point.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    QL_CHECK(requireMovable(context));
    context.setOutputShape(0, context.input(0).shape);
    const std::size_t bytes = static_cast<std::size_t>(context.input(0).elementCount()) * elementSize(context.input(0).type());
    return [bytes](EvalContext &run) { forEachSample(run, [&](std::size_t sample) { std::memset(run.output<std::byte>(0, sample), 0, bytes); }); };
}

} // namespace

extern const OperatorKernel zeros_like_kernel{"ZEROS_LIKE", prepare, kMovableTypes};

} // namespace quantloupe
