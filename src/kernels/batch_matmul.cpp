// SPDX-License-Identifier: GPL-3.0-or-later
//
// BATCH_MATMUL: matrices [..., m, k] by [..., k, n] with the outer axes broadcast together; adj_x and adj_y say that one is
// stored the other way round.
#include "base/aligned_buffer.h"
#include "kernels/axes.h"
#include "kernels/broadcast.h"
#include "kernels/gemm.h"
#include "kernels/hybrid.h"
#include "kernels/requantize.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Geometry {
    Broadcast batches;
    std::size_t rows = 0;
    std::size_t depth = 0;
    std::size_t columns = 0;
    bool isLeftTransposed = false;
    bool isRightTransposed = false;

    std::size_t leftSize() const { return rows * depth; }
    std::size_t rightSize() const { return depth * columns; }
    std::size_t outputSize() const { return rows * columns; }
};

Shape withoutLastTwo(const Shape &shape)
{
    Shape outer;
    for (int axis = 0; axis + 2 < shape.rank(); ++axis)
        outer.append(shape[axis]);
    return outer;
}

Result<Geometry> geometry(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    const Shape &left = context.input(0).shape;
    const Shape &right = context.input(1).shape;
    if (left.rank() < 2 || right.rank() < 2)
        return fail(context.invalid("two matrices", fmt::format("{} and {}", left.text(), right.text())));
    const bool isLeftTransposed = context.options().boolean("adj_x");
    const bool isRightTransposed = context.options().boolean("adj_y");
    const std::int32_t rows = left[left.rank() - (isLeftTransposed ? 1 : 2)];
    const std::int32_t depth = left[left.rank() - (isLeftTransposed ? 2 : 1)];
    const std::int32_t columns = right[right.rank() - (isRightTransposed ? 2 : 1)];
    if (right[right.rank() - (isRightTransposed ? 1 : 2)] != depth)
        return fail(context.invalid(fmt::format("matrices that meet in {} elements", depth), fmt::format("{} and {}", left.text(), right.text())));
    QL_TRY(Broadcast batches, Broadcast::make(context, withoutLastTwo(left), withoutLastTwo(right)));
    std::vector<std::int64_t> dims(batches.shape().dims().begin(), batches.shape().dims().end());
    dims.push_back(rows);
    dims.push_back(columns);
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    return Geometry{std::move(batches), static_cast<std::size_t>(rows), static_cast<std::size_t>(depth), static_cast<std::size_t>(columns), isLeftTransposed, isRightTransposed};
}

/// out[r][c] = convert(in[r][c]), or of in[c][r] when that is how it is stored.
template <typename In, typename Out, typename Convert>
void pack(const In *in, std::size_t rows, std::size_t columns, bool isTransposed, Out *out, const Convert &convert)
{
    if (!isTransposed) {
        for (std::size_t i = 0; i < rows * columns; ++i)
            out[i] = convert(in[i]);
        return;
    }
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
            out[r * columns + c] = convert(in[c * rows + r]);
}

EvalFunction prepareFloat(PrepareContext &context, const Geometry &g)
{
    const std::size_t rightAt = AlignedBuffer::padded(g.leftSize() * sizeof(float));
    context.scratchBytes = rightAt + g.rightSize() * sizeof(float);
    return [g, rightAt](EvalContext &run) {
        float *const left = run.scratch<float>();
        float *const right = reinterpret_cast<float *>(run.scratch() + rightAt);
        const auto keep = [](float x) { return x; };
        forEachSample(run, [&](std::size_t sample) {
            g.batches.forEach([&](std::size_t o, std::size_t l, std::size_t r) {
                pack(run.input<float>(0, sample) + l * g.leftSize(), g.rows, g.depth, g.isLeftTransposed, left, keep);
                pack(run.input<float>(1, sample) + r * g.rightSize(), g.depth, g.columns, g.isRightTransposed, right, keep);
                gemm::multiply(left, g.rows, right, g.columns, g.depth, run.output<float>(0, sample) + o * g.outputSize());
            });
        });
    };
}

/// Where the packed right matrices and the sums lie in the scratch behind the left ones.
struct IntegerScratch {
    std::size_t rightAt = 0;
    std::size_t sumsAt = 0;

    IntegerScratch(PrepareContext &context, const Geometry &g, std::size_t sumSize)
        : rightAt(AlignedBuffer::padded(g.leftSize() * sizeof(std::int16_t))), sumsAt(rightAt + AlignedBuffer::padded(g.rightSize() * sizeof(std::int16_t)))
    {
        context.scratchBytes = sumsAt + AlignedBuffer::padded(g.outputSize() * sumSize);
    }
};

template <typename Code, typename Sum> Result<EvalFunction> prepareInteger(PrepareContext &context, const Geometry &g)
{
    QL_TRY(auto requantize, requantizer(context, context.input(0), context.input(1), context.output(), 1));
    if (sizeof(Code) == 2 && (context.input(0).zeroPoint() != 0 || context.input(1).zeroPoint() != 0))
        return fail(context.unsupported("int16 inputs with zero point 0", fmt::format("{} and {}", context.input(0).zeroPoint(), context.input(1).zeroPoint())));
    const IntegerScratch places(context, g, sizeof(Sum));
    return [g, places, requantize = std::move(requantize), zeroLeft = context.input(0).zeroPoint(), zeroRight = context.input(1).zeroPoint()](EvalContext &run) {
        auto *const left = run.scratch<std::int16_t>();
        auto *const right = reinterpret_cast<std::int16_t *>(run.scratch() + places.rightAt);
        auto *const sums = reinterpret_cast<Sum *>(run.scratch() + places.sumsAt);
        forEachSample(run, [&](std::size_t sample) {
            g.batches.forEach([&](std::size_t o, std::size_t l, std::size_t r) {
                pack(run.input<Code>(0, sample) + l * g.leftSize(), g.rows, g.depth, g.isLeftTransposed, left, [&](Code x) { return static_cast<std::int16_t>(x - zeroLeft); });
                pack(run.input<Code>(1, sample) + r * g.rightSize(), g.columns, g.depth, !g.isRightTransposed, right,
                     [&](Code x) { return static_cast<std::int16_t>(x - zeroRight); });
                gemm::multiply(left, g.rows, right, g.columns, g.depth, sums);
                Code *const out = run.output<Code>(0, sample) + o * g.outputSize();
                for (std::size_t i = 0; i < g.outputSize(); ++i)
                    out[i] = static_cast<Code>(requantize(sums[i], 0));
            });
        });
    };
}

/// Which left matrix' scales each output matrix is computed with. A defect of the reference: it adds up the coordinates
/// along the outer axes instead of the steps, so from the second outer axis on they are another matrix' scales.
std::vector<std::size_t> scaleOrigins(const Shape &batches, const Shape &left)
{
    std::vector<std::size_t> origins(static_cast<std::size_t>(batches.elementCount()), 0);
    for (std::size_t i = 0; i < origins.size(); ++i) {
        std::size_t rest = i;
        for (int axis = batches.rank() - 1; axis >= 0; --axis) {
            const auto length = static_cast<std::size_t>(batches[axis]);
            const int leftAxis = axis - (batches.rank() - left.rank());
            if (leftAxis >= 0 && left[leftAxis] != 1)
                origins[i] += rest % length;
            rest /= length;
        }
    }
    return origins;
}

/// Dynamic range: every row of the float left side is quantized to int8 on the spot.
Result<EvalFunction> prepareHybrid(PrepareContext &context, const Geometry &g)
{
    QL_TRY(const auto scales, hybrid::weightScales(context, 1, 1));
    const bool isAsymmetric = context.options().boolean("asymmetric_quantize_inputs");
    const Shape left = withoutLastTwo(context.input(0).shape);
    const auto matrices = static_cast<std::size_t>(left.elementCount());
    const IntegerScratch places(context, g, sizeof(std::int32_t));
    const std::size_t realsAt = context.scratchBytes;
    const std::size_t codesAt = realsAt + AlignedBuffer::padded(g.leftSize() * sizeof(float));
    const std::size_t scalingsAt = codesAt + AlignedBuffer::padded(matrices * g.leftSize());
    context.scratchBytes = scalingsAt + matrices * g.rows * sizeof(hybrid::Scaling);
    return [g, places, realsAt, codesAt, scalingsAt, matrices, isAsymmetric, &traits = context.traits(), origins = scaleOrigins(g.batches.shape(), left), weightScale = scales[0]](EvalContext &run) {
        auto *const row = run.scratch<std::int16_t>();
        auto *const right = reinterpret_cast<std::int16_t *>(run.scratch() + places.rightAt);
        auto *const sums = reinterpret_cast<std::int32_t *>(run.scratch() + places.sumsAt);
        auto *const reals = reinterpret_cast<float *>(run.scratch() + realsAt);
        auto *const codes = reinterpret_cast<std::int8_t *>(run.scratch() + codesAt);
        auto *const scalings = reinterpret_cast<hybrid::Scaling *>(run.scratch() + scalingsAt);
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t l = 0; l < matrices; ++l) {
                pack(run.input<float>(0, sample) + l * g.leftSize(), g.rows, g.depth, g.isLeftTransposed, reals, [](float x) { return x; });
                for (std::size_t m = 0; m < g.rows; ++m) {
                    std::int8_t *const out = codes + l * g.leftSize() + m * g.depth;
                    scalings[l * g.rows + m] = isAsymmetric ? hybrid::quantizeAsymmetric(traits, reals + m * g.depth, g.depth, out) : hybrid::quantizeSymmetric(reals + m * g.depth, g.depth, out);
                }
            }
            g.batches.forEach([&](std::size_t o, std::size_t l, std::size_t r) {
                pack(run.input<std::int8_t>(1, sample) + r * g.rightSize(), g.columns, g.depth, !g.isRightTransposed, right, [](std::int8_t x) { return std::int16_t{x}; });
                float *out = run.output<float>(0, sample) + o * g.outputSize();
                for (std::size_t m = 0; m < g.rows; ++m, out += g.columns) {
                    const hybrid::Scaling scaling = scalings[origins[o] * g.rows + m];
                    for (std::size_t k = 0; k < g.depth; ++k)
                        row[k] = static_cast<std::int16_t>(codes[l * g.leftSize() + m * g.depth + k] - scaling.zeroPoint);
                    gemm::multiply(row, 1, right, g.columns, g.depth, sums);
                    for (std::size_t n = 0; n < g.columns; ++n)
                        out[n] = static_cast<float>(sums[n]) * (scaling.scale * weightScale);
                }
            });
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Geometry g, geometry(context));
    const DataType left = context.input(0).type();
    const DataType right = context.input(1).type();
    if (context.output().type() != left)
        return fail(context.unsupported("an output of the left input's type", context.typesText()));
    if (left == DataType::Float32 && right == DataType::Float32)
        return prepareFloat(context, g);
    if (left == DataType::Float32 && right == DataType::Int8)
        return prepareHybrid(context, g);
    if (left == DataType::Int8 && right == DataType::Int8)
        return prepareInteger<std::int8_t, std::int32_t>(context, g);
    if (left == DataType::Int16 && right == DataType::Int16)
        return prepareInteger<std::int16_t, std::int64_t>(context, g);
    return fail(context.unsupported("float32, int8, int16 or float32 x int8", context.typesText()));
}

} // namespace

extern const OperatorKernel batch_matmul_kernel{"BATCH_MATMUL", prepare, kFloat32 | kInt8 | kInt16 | kHybrid};

} // namespace quantloupe
