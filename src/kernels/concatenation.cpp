// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/activation.h"
#include "kernels/axes.h"
#include "kernels/element_copy.h"
#include "kernels/joining.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Pieces {
    std::size_t rows = 0;
    std::vector<std::size_t> lengths; ///< elements of each input per row
};

Result<Pieces> pieces(PrepareContext &context)
{
    const Shape &first = context.input(0).shape;
    QL_TRY(const int axis, normalizedAxis(context, context.options().integer("axis"), first.rank()));
    std::vector<std::int64_t> dims(first.dims().begin(), first.dims().end());
    dims[static_cast<std::size_t>(axis)] = 0;
    Pieces result{static_cast<std::size_t>(first.product(0, axis)), {}};
    for (std::size_t i = 0; i < context.inputCount(); ++i) {
        Shape shape = context.input(i).shape;
        if (shape.rank() != first.rank() || context.input(i).type() != context.input(0).type())
            return fail(context.invalid("inputs of one rank and type", fmt::format("{} and {}, {}", first.text(), shape.text(), context.typesText())));
        result.lengths.push_back(static_cast<std::size_t>(shape.product(axis, shape.rank())));
        dims[static_cast<std::size_t>(axis)] += shape[axis];
        shape[axis] = first[axis];
        if (shape != first)
            return fail(context.invalid(fmt::format("inputs that differ along axis {} only", axis), fmt::format("{} and {}", first.text(), context.input(i).shape.text())));
    }
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    return result;
}

bool hasScaleOfOutput(const PrepareContext &context, std::size_t i)
{
    return context.input(i).scale() == context.output().scale() && context.input(i).zeroPoint() == context.output().zeroPoint();
}

/// uint8 inputs of other scales than the output's are requantized in float.
struct Rescale {
    float factor = 1.0f;
    float shift = 0.0f;
    bool isCopy = true;
};

EvalFunction rescaled(const PrepareContext &context, Pieces pieces)
{
    std::vector<Rescale> rescales;
    std::size_t whole = 0;
    const float inverse = 1.0f / context.output().scale();
    for (std::size_t i = 0; i < context.inputCount(); ++i) {
        const float factor = context.input(i).scale() * inverse;
        rescales.push_back({factor, static_cast<float>(-context.input(i).zeroPoint()) * factor, hasScaleOfOutput(context, i)});
        whole += pieces.lengths[i];
    }
    return [=, pieces = std::move(pieces), rescales = std::move(rescales), zeroPoint = context.output().zeroPoint()](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            std::uint8_t *start = run.output<std::uint8_t>(0, sample);
            for (std::size_t i = 0; i < pieces.lengths.size(); start += pieces.lengths[i], ++i) {
                const Rescale &rescale = rescales[i];
                const std::uint8_t *in = run.input<std::uint8_t>(i, sample);
                std::uint8_t *out = start;
                for (std::size_t row = 0; row < pieces.rows; ++row, in += pieces.lengths[i], out += whole) {
                    for (std::size_t k = 0; k < pieces.lengths[i]; ++k) {
                        const float steps = std::round(static_cast<float>(in[k]) * rescale.factor + rescale.shift) + static_cast<float>(zeroPoint);
                        out[k] = rescale.isCopy ? in[k] : static_cast<std::uint8_t>(std::min(std::max(steps, 0.0f), 255.0f));
                    }
                }
            }
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    const std::size_t count = context.inputCount();
    QL_CHECK(context.requireOperands(std::max<std::size_t>(count, 1), count, 1));
    QL_CHECK(requireMovable(context));
    if (fusedActivation(context) != Activation::None)
        return fail(context.unsupported("no fused activation", "one"));
    QL_TRY(Pieces found, pieces(context));
    bool isOneScale = true;
    for (std::size_t i = 0; i < count; ++i)
        isOneScale &= hasScaleOfOutput(context, i);
    const DataType type = context.input(0).type();
    if (!isOneScale && type == DataType::Int8 && context.traits().concatenationNeedsOneScale)
        return fail(context.unsupported("int8 inputs of the output's scale and zero point (the reference kernels refuse others)", "others"));
    if (!isOneScale && type == DataType::UInt8) {
        if (!(context.output().scale() > 0.0f))
            return fail(context.invalid("an output scale above 0", fmt::format("{}", context.output().scale())));
        return rescaled(context, std::move(found));
    }
    for (std::size_t &length : found.lengths)
        length *= elementSize(type);
    return laidTogether(found.rows, std::move(found.lengths));
}

} // namespace

extern const OperatorKernel concatenation_kernel{"CONCATENATION", prepare, kMovableTypes};

} // namespace quantloupe
