// SPDX-License-Identifier: GPL-3.0-or-later
//
// BasicClassifier: of some classes of a hotword model's scores, whether each reaches its threshold, and the score.
// Semantics of tensorflow/lite/micro/kernels/basic_classifier.cc.
#include "kernels/kernel.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, 2));
    for (std::size_t i = 0; i < 3; ++i)
        if (context.input(i).type() != DataType::Int32)
            return fail(context.typeError(i, "int32"));
    if (context.output(0).type() != DataType::Bool || context.output(1).type() != DataType::Int32)
        return fail(context.unsupported("outputs of bool and int32", context.typesText()));
    const Shape &scores = context.input(0).shape;
    const Shape &targets = context.input(1).shape;
    if (scores.rank() < 1 || scores.rank() > 2)
        return fail(context.invalid("scores of rank 1 or 2", scores.text()));
    if (targets.rank() != 1 || context.input(2).shape != targets)
        return fail(context.invalid("a threshold for each class", fmt::format("{} and {}", targets.text(), context.input(2).shape.text())));
    context.setOutputShape(0, targets);
    context.setOutputShape(1, targets);
    return [count = static_cast<std::size_t>(targets[0]), classes = scores.elementCount()](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t i = 0; i < count; ++i) {
                const std::int32_t target = run.input<std::int32_t>(1, sample)[i];
                if (target < 0 || target >= classes)
                    return run.fail(Error{ErrorCode::RuntimeFault, {.expected = fmt::format("classes of 0 to {}", classes - 1), .got = fmt::format("{}", target)}});
                const std::int32_t score = run.input<std::int32_t>(0, sample)[target];
                run.output<bool>(0, sample)[i] = score >= run.input<std::int32_t>(2, sample)[i];
                run.output<std::int32_t>(1, sample)[i] = score;
            }
        });
    };
}

} // namespace

extern const OperatorKernel basic_classifier_kernel{"BasicClassifier", prepare, kInt32};

} // namespace quantloupe
