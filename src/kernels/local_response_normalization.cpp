// SPDX-License-Identifier: GPL-3.0-or-later
//
// LOCAL_RESPONSE_NORMALIZATION: each value divided by a power of the squares of its neighbours along the channels.
#include "kernels/pointwise.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    const Shape &shape = context.input(0).shape;
    if (context.input(0).type() != DataType::Float32)
        return fail(context.unsupported("float32", context.typesText()));
    if (shape.rank() != 4)
        return fail(context.invalid("an input of rank 4", shape.text()));
    const auto radius = context.options().integer("radius");
    if (radius < 0)
        return fail(context.invalid("a radius of 0 or more", fmt::format("{}", radius)));
    const auto real = [&](std::string_view name) { return static_cast<float>(context.options().real(name)); };
    return [count, depth = static_cast<std::int64_t>(shape[3]), radius, bias = real("bias"), alpha = real("alpha"), beta = real("beta")](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const float *const in = run.input<float>(0, sample);
            float *const out = run.output<float>(0, sample);
            for (std::size_t i = 0; i < count; ++i) {
                const auto channel = static_cast<std::int64_t>(i) % depth;
                const float *const row = in + static_cast<std::int64_t>(i) - channel;
                float squares = 0.0f;
                for (std::int64_t c = std::max<std::int64_t>(0, channel - radius); c < std::min(depth, channel + radius); ++c)
                    squares += row[c] * row[c];
                out[i] = in[i] * std::pow(bias + alpha * squares, -beta);
            }
        });
    };
}

} // namespace

extern const OperatorKernel local_response_normalization_kernel{"LOCAL_RESPONSE_NORMALIZATION", prepare, kFloat32};

} // namespace quantloupe
