// SPDX-License-Identifier: GPL-3.0-or-later
//
// DEPTHWISE_CONV_2D: input [n, h, w, c], filter [1, fh, fw, c * multiplier]. Output channel c * multiplier + m reads input
// channel c. Sums run over the window for all channels at once; padding contributes nothing.
#include "base/aligned_buffer.h"
#include "kernels/activation.h"
#include "kernels/hybrid.h"
#include "kernels/requantize.h"
#include "kernels/sample_runs.h"
#include "kernels/simd/depthwise.h"
#include "kernels/window.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Geometry {
    Window2d window;
    std::size_t images = 0;
    std::size_t channels = 0;
    std::size_t multiplier = 0;

    std::size_t outputs() const { return channels * multiplier; }
    std::size_t inputSize() const { return static_cast<std::size_t>(window.y.input) * static_cast<std::size_t>(window.x.input) * channels; }
    simd::DepthwiseShape simdShape() const { return {window, channels, outputs()}; }
    std::size_t outputSize() const { return static_cast<std::size_t>(window.positions()) * outputs(); }
};

Result<Geometry> geometry(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 3, 1));
    const Shape &input = context.input(0).shape;
    const Shape &filter = context.input(1).shape;
    // The multiplier follows from the shapes; the option of that name is 0 in some files and is ignored by LiteRT.
    if (input.rank() != 4 || filter.rank() != 4 || filter[0] != 1 || input[3] < 1 || filter[3] < 1 || filter[3] % input[3] != 0)
        return fail(context.invalid("an input of rank 4 and a filter [1, h, w, channels * multiplier]", fmt::format("{} and {}", input.text(), filter.text())));
    Geometry g;
    QL_TRY(g.window, window2d(context, input, filter[1], filter[2]));
    g.images = static_cast<std::size_t>(input[0]);
    g.channels = static_cast<std::size_t>(input[3]);
    g.multiplier = static_cast<std::size_t>(filter[3] / input[3]);
    context.setOutputShape(0, {input[0], g.window.y.output, g.window.x.output, filter[3]});
    return g;
}

/// sums[channel * multiplier + m] over the window at one output position.
template <typename Sum, typename In, typename Weight, typename Convert>
void sumWindow(const Geometry &g, const In *image, const Weight *filter, int outY, int outX, Sum *sums, const Convert &convert)
{
    std::fill_n(sums, g.outputs(), Sum{0});
    for (int fy = 0; fy < g.window.y.filter; ++fy) {
        const int y = g.window.y.origin(outY) + fy * g.window.y.dilation;
        if (y < 0 || y >= g.window.y.input)
            continue;
        for (int fx = 0; fx < g.window.x.filter; ++fx) {
            const int x = g.window.x.origin(outX) + fx * g.window.x.dilation;
            if (x < 0 || x >= g.window.x.input)
                continue;
            const In *const in = image + static_cast<std::size_t>(y * g.window.x.input + x) * g.channels;
            const Weight *const weights = filter + static_cast<std::size_t>(fy * g.window.x.filter + fx) * g.outputs();
            if (g.multiplier == 1) {
                for (std::size_t c = 0; c < g.channels; ++c)
                    sums[c] += convert(in[c]) * static_cast<Sum>(weights[c]);
            } else {
                for (std::size_t c = 0; c < g.channels; ++c)
                    for (std::size_t m = 0; m < g.multiplier; ++m)
                        sums[c * g.multiplier + m] += convert(in[c]) * static_cast<Sum>(weights[c * g.multiplier + m]);
            }
        }
    }
}

/// All output positions of one image; `store(channel, sum)` gives the output element.
template <typename Sum, typename In, typename Out, typename Weight, typename Convert, typename Store>
void convolveImage(const Geometry &g, const In *image, const Weight *filter, Out *out, Sum *sums, const Convert &convert, const Store &store)
{
    for (int outY = 0; outY < g.window.y.output; ++outY) {
        for (int outX = 0; outX < g.window.x.output; ++outX, out += g.outputs()) {
            sumWindow(g, image, filter, outY, outX, sums, convert);
            for (std::size_t c = 0; c < g.outputs(); ++c)
                out[c] = store(c, sums[c]);
        }
    }
}

/// The whole operator by a class of simd/depthwise.h.
template <typename T, typename Depthwise> EvalFunction convolved(PrepareContext &context, const Geometry &g, Depthwise depthwise)
{
    context.scratchBytes = depthwise.scratchBytes();
    return [g, depthwise = std::move(depthwise)](EvalContext &run) {
        forEachRun<T, T>(run, g.images * g.inputSize(), g.images * g.outputSize(),
                         [&](const T *in, T *out, std::size_t samples) { depthwise.convolve(in, samples * g.images, out, run.scratch()); });
    };
}

Result<EvalFunction> prepareFloat(PrepareContext &context, const Geometry &g)
{
    QL_TRY(const auto filter, context.values<float>(1));
    QL_TRY(auto bias, floatBias(context, 2, g.outputs()));
    if (g.simdShape().isSupported())
        return convolved<float>(context, g, simd::FloatDepthwise(g.simdShape(), filter, bias, floatClamp(fusedActivation(context))));
    context.scratchBytes = g.outputs() * sizeof(float);
    return [g, filter = std::vector<float>(filter.begin(), filter.end()), bias = std::move(bias), clamp = floatClamp(fusedActivation(context))](EvalContext &run) {
        for (std::size_t i = 0; i < run.batch() * g.images; ++i)
            convolveImage(
                g, run.input<float>(0, i / g.images) + i % g.images * g.inputSize(), filter.data(),
                run.output<float>(0, i / g.images) + i % g.images * g.outputSize(), run.scratch<float>(), [](float x) { return x; },
                [&](std::size_t c, float sum) { return clamp(sum + bias[c]); });
    };
}

template <typename Code, typename Sum> Result<EvalFunction> prepareInteger(PrepareContext &context, const Geometry &g)
{
    QL_TRY(auto weights, centeredWeights(context, 1));
    QL_TRY(auto bias, integerBias(context, 2, g.outputs()));
    QL_TRY(auto requantize, requantizer(context, context.input(0), context.input(1), context.output(), g.outputs()));
    if (sizeof(Sum) == sizeof(std::int32_t) && g.simdShape().isSupported())
        return convolved<Code>(context, g, simd::CodeDepthwise(g.simdShape(), weights, context.input(0).type(), context.input(0).zeroPoint(), bias, simd::CodeScaling::of(requantize, context.output().type())));
    context.scratchBytes = g.outputs() * sizeof(Sum);
    const auto zeroPoint = static_cast<std::int32_t>(context.input(0).zeroPoint());
    return [g, weights = std::move(weights), bias = std::move(bias), requantize = std::move(requantize), zeroPoint](EvalContext &run) {
        for (std::size_t i = 0; i < run.batch() * g.images; ++i)
            convolveImage(
                g, run.input<Code>(0, i / g.images) + i % g.images * g.inputSize(), weights.data(),
                run.output<Code>(0, i / g.images) + i % g.images * g.outputSize(), run.scratch<Sum>(),
                [zeroPoint](Code x) { return static_cast<Sum>(x - zeroPoint); },
                [&](std::size_t c, Sum sum) { return static_cast<Code>(requantize(static_cast<Sum>(sum + static_cast<Sum>(bias[c])), c)); });
    };
}

/// Dynamic range: the float input of each image is quantized to int8 on the spot.
Result<EvalFunction> prepareHybrid(PrepareContext &context, const Geometry &g)
{
    QL_TRY(auto weights, centeredWeights(context, 1));
    QL_TRY(auto bias, floatBias(context, 2, g.outputs()));
    QL_TRY(auto scales, hybrid::weightScales(context, 1, g.outputs()));
    const std::size_t codesAt = AlignedBuffer::padded(g.outputs() * sizeof(std::int32_t));
    context.scratchBytes = codesAt + g.inputSize();
    return [g, codesAt, &traits = context.traits(), weights = std::move(weights), bias = std::move(bias), scales = std::move(scales), clamp = floatClamp(fusedActivation(context))](EvalContext &run) {
        auto *const codes = reinterpret_cast<std::int8_t *>(run.scratch() + codesAt);
        for (std::size_t i = 0; i < run.batch() * g.images; ++i) {
            const hybrid::Scaling scaling = hybrid::quantizeAsymmetric(traits, run.input<float>(0, i / g.images) + i % g.images * g.inputSize(), g.inputSize(), codes);
            convolveImage(
                g, codes, weights.data(), run.output<float>(0, i / g.images) + i % g.images * g.outputSize(), run.scratch<std::int32_t>(),
                [&](std::int8_t x) { return x - scaling.zeroPoint; },
                [&](std::size_t c, std::int32_t sum) { return clamp(static_cast<float>(sum) * scales[c] * scaling.scale + bias[c]); });
        }
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Geometry g, geometry(context));
    const DataType input = context.input(0).type();
    const DataType filter = context.input(1).type();
    if (context.output().type() != input)
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    const bool int8Weights = filter == DataType::Int8 || filter == DataType::Int4;
    if (input == DataType::Float32 && filter == DataType::Float32)
        return prepareFloat(context, g);
    if (input == DataType::Float32 && int8Weights)
        return prepareHybrid(context, g);
    if (input == DataType::Int8 && int8Weights)
        return prepareInteger<std::int8_t, std::int32_t>(context, g);
    if (input == DataType::UInt8 && filter == DataType::UInt8)
        return prepareInteger<std::uint8_t, std::int32_t>(context, g);
    // TFLM reads every bias of a 16x8 depthwise convolution as int64: with an int32 one it reads past its end.
    if (input == DataType::Int16 && int8Weights && context.traits().biasTypeFromTensor && context.hasInput(2) && context.input(2).type() == DataType::Int32)
        return fail(context.unsupported("an int64 bias (TFLM misreads an int32 one)", context.typesText()));
    if (input == DataType::Int16 && int8Weights)
        return hasWideAccumulator(context, 2) ? prepareInteger<std::int16_t, std::int64_t>(context, g) : prepareInteger<std::int16_t, std::int32_t>(context, g);
    return fail(context.unsupported("float32, int8, uint8, int16 x int8 or float32 x int8", context.typesText()));
}

} // namespace

extern const OperatorKernel depthwise_conv_2d_kernel{"DEPTHWISE_CONV_2D", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kHybrid};

} // namespace quantloupe
