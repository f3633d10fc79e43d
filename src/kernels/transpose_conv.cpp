// SPDX-License-Identifier: GPL-3.0-or-later
//
// TRANSPOSE_CONV: the output's shape (input 0), filter [outputs, fh, fw, inputs], input [n, h, w, inputs] and a bias. Every
// input pixel adds its product with the filter to a window of the output; what falls outside is cut off.
#include "base/aligned_buffer.h"
#include "kernels/activation.h"
#include "kernels/axes.h"
#include "kernels/requantize.h"
#include "kernels/window.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Geometry {
    // As of the convolution that would lead back: from the output ("input" here) to the input's positions.
    WindowAxis y;
    WindowAxis x;
    int inHeight = 0;
    int inWidth = 0;
    std::size_t images = 0;
    std::size_t inputs = 0;
    std::size_t outputs = 0;

    std::size_t inputSize() const { return static_cast<std::size_t>(inHeight) * static_cast<std::size_t>(inWidth) * inputs; }
    std::size_t outputSize() const { return static_cast<std::size_t>(y.input) * static_cast<std::size_t>(x.input) * outputs; }
};

Result<Geometry> geometry(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 4, 1));
    QL_TRY(const Shape output, shapeOperand(context, 0));
    const Shape &filter = context.input(1).shape;
    const Shape &input = context.input(2).shape;
    if (output.rank() != 4 || filter.rank() != 4 || input.rank() != 4 || output[0] != input[0] || filter[0] != output[3] || filter[3] != input[3])
        return fail(context.invalid("input [n, h, w, i], filter [o, fh, fw, i] and output [n, oh, ow, o]", fmt::format("{}, {} and {}", input.text(), filter.text(), output.text())));
    const Options &options = context.options();
    const bool isSame = options.integer("padding") == 0;
    Geometry g;
    g.inHeight = input[1];
    g.inWidth = input[2];
    g.images = static_cast<std::size_t>(input[0]);
    g.inputs = static_cast<std::size_t>(input[3]);
    g.outputs = static_cast<std::size_t>(output[3]);
    QL_TRY(g.y, windowAxis(context, output[1], filter[1], options.integer("stride_h"), 1, isSame));
    QL_TRY(g.x, windowAxis(context, output[2], filter[2], options.integer("stride_w"), 1, isSame));
    context.setOutputShape(0, output);
    return g;
}

/// sums[oh][ow][o] of one image; convert(element) is the factor that meets the weights.
template <typename Sum, typename In, typename Weight, typename Convert>
void spread(const Geometry &g, const In *image, const Weight *filter, Sum *sums, const Convert &convert)
{
    std::fill_n(sums, g.outputSize(), Sum{0});
    for (int inY = 0; inY < g.inHeight; ++inY) {
        for (int inX = 0; inX < g.inWidth; ++inX, image += g.inputs) {
            for (int fy = 0; fy < g.y.filter; ++fy) {
                const std::int64_t y = std::int64_t{inY} * g.y.stride - g.y.padBefore + fy;
                if (y < 0 || y >= g.y.input)
                    continue;
                for (int fx = 0; fx < g.x.filter; ++fx) {
                    const std::int64_t x = std::int64_t{inX} * g.x.stride - g.x.padBefore + fx;
                    if (x < 0 || x >= g.x.input)
                        continue;
                    Sum *const out = sums + static_cast<std::size_t>(y * g.x.input + x) * g.outputs;
                    for (std::size_t o = 0; o < g.outputs; ++o) {
                        const Weight *const weights = filter + ((o * static_cast<std::size_t>(g.y.filter) + static_cast<std::size_t>(fy)) * static_cast<std::size_t>(g.x.filter) + static_cast<std::size_t>(fx)) * g.inputs;
                        Sum sum = out[o];
                        for (std::size_t i = 0; i < g.inputs; ++i)
                            sum += convert(image[i]) * static_cast<Sum>(weights[i]);
                        out[o] = sum;
                    }
                }
            }
        }
    }
}

template <typename In, typename Sum, typename Weight, typename Convert, typename Store>
EvalFunction transposed(PrepareContext &context, const Geometry &g, std::vector<Weight> filter, Convert convert, Store store)
{
    context.scratchBytes = g.outputSize() * sizeof(Sum);
    return [g, filter = std::move(filter), convert, store = std::move(store)](EvalContext &run) {
        Sum *const sums = run.scratch<Sum>();
        for (std::size_t i = 0; i < run.batch() * g.images; ++i) {
            spread(g, run.input<In>(2, i / g.images) + i % g.images * g.inputSize(), filter.data(), sums, convert);
            In *const out = run.output<In>(0, i / g.images) + i % g.images * g.outputSize();
            for (std::size_t at = 0; at < g.outputSize(); at += g.outputs)
                for (std::size_t o = 0; o < g.outputs; ++o)
                    out[at + o] = store(sums[at + o], o);
        }
    };
}

Result<EvalFunction> prepareFloat(PrepareContext &context, const Geometry &g)
{
    QL_TRY(const auto filter, context.values<float>(1));
    QL_TRY(auto bias, floatBias(context, 3, g.outputs));
    return transposed<float, float>(
        context, g, std::vector<float>(filter.begin(), filter.end()), [](float x) { return x; },
        [bias = std::move(bias), clamp = floatClamp(fusedActivation(context))](float sum, std::size_t o) { return clamp(sum + bias[o]); });
}

template <typename Code, typename Sum> Result<EvalFunction> prepareInteger(PrepareContext &context, const Geometry &g)
{
    QL_TRY(auto filter, centeredWeights(context, 1));
    QL_TRY(auto bias, integerBias(context, 3, g.outputs));
    QL_TRY(auto requantize, requantizer(context, context.input(2), context.input(1), context.output(), g.outputs));
    return transposed<Code, Sum>(
        context, g, std::move(filter), [zeroPoint = context.input(2).zeroPoint()](Code x) { return static_cast<Sum>(x - zeroPoint); },
        [bias = std::move(bias), requantize = std::move(requantize)](Sum sum, std::size_t o) { return static_cast<Code>(requantize(static_cast<Sum>(sum + static_cast<Sum>(bias[o])), o)); });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Geometry g, geometry(context));
    const DataType input = context.input(2).type();
    const DataType filter = context.input(1).type();
    if (context.output().type() != input)
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    const bool int8Weights = filter == DataType::Int8 || filter == DataType::Int4;
    if (input == DataType::Float32 && filter == DataType::Float32)
        return prepareFloat(context, g);
    if (input == DataType::Int8 && int8Weights)
        return prepareInteger<std::int8_t, std::int32_t>(context, g);
    if (input == DataType::UInt8 && filter == DataType::UInt8)
        return prepareInteger<std::uint8_t, std::int32_t>(context, g);
    const bool isNarrow = !hasWideAccumulator(context, 3) || (context.traits().missingBiasIsNarrow && !context.hasInput(3));
    if (input == DataType::Int16 && int8Weights)
        return isNarrow ? prepareInteger<std::int16_t, std::int32_t>(context, g) : prepareInteger<std::int16_t, std::int64_t>(context, g);
    return fail(context.unsupported("float32, int8, uint8 or int16 x int8", context.typesText()));
}

} // namespace

extern const OperatorKernel transpose_conv_kernel{"TRANSPOSE_CONV", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
