// SPDX-License-Identifier: GPL-3.0-or-later
//
// FAKE_QUANT: float values rounded to the grid that quantization to so many bits would give them; what a float model that
// was trained for quantization carries. Semantics of tensorflow/lite/kernels/internal/quantization_util.cc.
#include "kernels/pointwise.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// The range moved a little, so that 0 is on the grid.
struct Grid {
    float min = 0.0f;
    float max = 0.0f;
    float scale = 1.0f;

    static Grid of(float min, float max, int largestCode)
    {
        const auto high = static_cast<float>(largestCode);
        const float scale = (max - min) / high;
        const float wished = 0.0f - min / scale;
        const float zeroPoint = wished < 0.0f ? 0.0f : wished > high ? high : std::round(wished);
        return {(0.0f - zeroPoint) * scale, (high - zeroPoint) * scale, scale};
    }
};

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    if (context.input(0).type() != DataType::Float32)
        return fail(context.unsupported("float32", context.typesText()));
    const auto bits = context.options().integer("num_bits");
    const auto min = static_cast<float>(context.options().real("min"));
    const auto max = static_cast<float>(context.options().real("max"));
    if (bits < 2 || bits > 16)
        return fail(context.invalid("2 to 16 bits", fmt::format("{}", bits)));
    if (!(min < max) || !std::isfinite(max - min) || min > 0.0f || max < 0.0f)
        return fail(context.invalid("a range that holds 0", fmt::format("{} to {}", min, max)));
    if (context.options().boolean("narrow_range"))
        return fail(context.unsupported("the full range of codes (the reference kernels refuse a narrow one)", "narrow_range"));
    const Grid grid = Grid::of(min, max, (1 << bits) - 1);
    return pointwise<float, float>(count, [grid, inverse = 1.0f / grid.scale](float x) {
        const float clamped = std::min(grid.max, std::max(grid.min, x));
        return std::round((clamped - grid.min) * inverse) * grid.scale + grid.min;
    });
}

} // namespace

extern const OperatorKernel fake_quant_kernel{"FAKE_QUANT", prepare, kFloat32};

} // namespace quantloupe
