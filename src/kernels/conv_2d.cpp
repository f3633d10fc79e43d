// SPDX-License-Identifier: GPL-3.0-or-later
//
// CONV_2D: input [n, h, w, c], filter [outputs, fh, fw, c / groups], bias [outputs]. Every type gathers the patch of an
// output position into a row and multiplies rows by filters; padding contributes nothing.
#include "base/aligned_buffer.h"
#include "kernels/activation.h"
#include "kernels/gemm.h"
#include "kernels/hybrid.h"
#include "kernels/requantize.h"
#include "kernels/window.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::size_t kRows = 32; ///< patches gathered at a time: small enough to stay in the cache

struct Geometry {
    Window2d window;
    std::size_t images = 0;
    std::size_t inputChannels = 0;
    std::size_t groups = 0;
    std::size_t groupChannels = 0; ///< input channels of one group
    std::size_t groupOutputs = 0;  ///< output channels of one group
    std::size_t depth = 0;         ///< elements of a patch: fh * fw * groupChannels

    std::size_t positions() const { return static_cast<std::size_t>(window.positions()); }
    std::size_t inputSize() const { return static_cast<std::size_t>(window.y.input) * static_cast<std::size_t>(window.x.input) * inputChannels; }
    std::size_t outputChannels() const { return groups * groupOutputs; }
};

Result<Geometry> geometry(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 3, 1));
    const Shape &input = context.input(0).shape;
    const Shape &filter = context.input(1).shape;
    if (input.rank() != 4 || filter.rank() != 4)
        return fail(context.invalid("input and filter of rank 4", fmt::format("{} and {}", input.text(), filter.text())));
    if (filter[3] < 1 || input[3] < 1 || input[3] % filter[3] != 0 || filter[0] % (input[3] / filter[3]) != 0 || filter[0] < 1)
        return fail(context.invalid("filter channels that divide the input's into groups", fmt::format("{} and {}", input.text(), filter.text())));
    Geometry g;
    QL_TRY(g.window, window2d(context, input, filter[1], filter[2]));
    g.images = static_cast<std::size_t>(input[0]);
    g.inputChannels = static_cast<std::size_t>(input[3]);
    g.groups = static_cast<std::size_t>(input[3] / filter[3]);
    g.groupChannels = static_cast<std::size_t>(filter[3]);
    g.groupOutputs = static_cast<std::size_t>(filter[0]) / g.groups;
    g.depth = static_cast<std::size_t>(filter[1]) * static_cast<std::size_t>(filter[2]) * g.groupChannels;
    context.setOutputShape(0, {input[0], g.window.y.output, g.window.x.output, filter[0]});
    return g;
}

/// Writes the patch of one output position; `convert` maps an input element (padding is 0 of To).
template <typename To, typename From, typename Convert>
void gatherPatch(const Geometry &g, const From *image, std::size_t group, std::size_t position, To *patch, const Convert &convert)
{
    const int outY = static_cast<int>(position) / g.window.x.output;
    const int outX = static_cast<int>(position) % g.window.x.output;
    for (int fy = 0; fy < g.window.y.filter; ++fy) {
        const int y = g.window.y.origin(outY) + fy * g.window.y.dilation;
        for (int fx = 0; fx < g.window.x.filter; ++fx, patch += g.groupChannels) {
            const int x = g.window.x.origin(outX) + fx * g.window.x.dilation;
            if (y < 0 || y >= g.window.y.input || x < 0 || x >= g.window.x.input) {
                std::fill_n(patch, g.groupChannels, To{0});
                continue;
            }
            const From *source = image + static_cast<std::size_t>(y * g.window.x.input + x) * g.inputChannels + group * g.groupChannels;
            for (std::size_t c = 0; c < g.groupChannels; ++c)
                patch[c] = convert(source[c]);
        }
    }
}

/// Runs every patch of one image through `product(patches, rows, group, sums)` and hands each sum to
/// `store(position, channel, sum)`.
template <typename Patch, typename Sum, typename In, typename Convert, typename Product, typename Store>
void convolveImage(const Geometry &g, const In *image, Patch *patches, Sum *sums, const Convert &convert, const Product &product, const Store &store)
{
    for (std::size_t group = 0; group < g.groups; ++group) {
        for (std::size_t first = 0; first < g.positions(); first += kRows) {
            const std::size_t rows = std::min(kRows, g.positions() - first);
            for (std::size_t r = 0; r < rows; ++r)
                gatherPatch(g, image, group, first + r, patches + r * g.depth, convert);
            product(patches, rows, group, sums);
            for (std::size_t r = 0; r < rows; ++r)
                for (std::size_t c = 0; c < g.groupOutputs; ++c)
                    store(first + r, group * g.groupOutputs + c, sums[r * g.groupOutputs + c]);
        }
    }
}

std::size_t scratchFor(const Geometry &g, std::size_t patchElement, std::size_t sumElement)
{
    return AlignedBuffer::padded(kRows * g.depth * patchElement) + kRows * g.groupOutputs * sumElement;
}

template <typename Sum> Sum *sumsBehind(std::byte *scratch, const Geometry &g, std::size_t patchElement)
{
    return reinterpret_cast<Sum *>(scratch + AlignedBuffer::padded(kRows * g.depth * patchElement));
}

Result<EvalFunction> prepareFloat(PrepareContext &context, const Geometry &g)
{
    QL_TRY(const auto filter, context.values<float>(1));
    QL_TRY(auto bias, floatBias(context, 2, g.outputChannels()));
    std::vector<float> packed(filter.size()); // per group [depth][outputs]
    for (std::size_t group = 0; group < g.groups; ++group)
        gemm::transpose(filter.data() + group * g.groupOutputs * g.depth, g.groupOutputs, g.depth, packed.data() + group * g.groupOutputs * g.depth);
    context.scratchBytes = scratchFor(g, sizeof(float), sizeof(float));
    return [g, packed = std::move(packed), bias = std::move(bias), clamp = floatClamp(fusedActivation(context))](EvalContext &run) {
        auto *const sums = sumsBehind<float>(run.scratch(), g, sizeof(float));
        for (std::size_t i = 0; i < run.batch() * g.images; ++i) {
            float *const out = run.output<float>(0, i / g.images) + i % g.images * g.positions() * g.outputChannels();
            convolveImage(
                g, run.input<float>(0, i / g.images) + i % g.images * g.inputSize(), run.scratch<float>(), sums, [](float x) { return x; },
                [&](const float *patches, std::size_t rows, std::size_t group, float *result) {
                    gemm::multiply(patches, rows, packed.data() + group * g.groupOutputs * g.depth, g.groupOutputs, g.depth, result);
                },
                [&](std::size_t position, std::size_t channel, float sum) { out[position * g.outputChannels() + channel] = clamp(sum + bias[channel]); });
        }
    };
}

template <typename Code, typename Sum> Result<EvalFunction> prepareInteger(PrepareContext &context, const Geometry &g)
{
    QL_TRY(auto weights, centeredWeights(context, 1));
    QL_TRY(auto bias, integerBias(context, 2, g.outputChannels()));
    QL_TRY(auto requantize, requantizer(context, context.input(0), context.input(1), context.output(), g.outputChannels()));
    context.scratchBytes = scratchFor(g, sizeof(std::int16_t), sizeof(Sum));
    const auto zeroPoint = static_cast<std::int16_t>(context.input(0).zeroPoint());
    return [g, weights = std::move(weights), bias = std::move(bias), requantize = std::move(requantize), zeroPoint](EvalContext &run) {
        auto *const sums = sumsBehind<Sum>(run.scratch(), g, sizeof(std::int16_t));
        for (std::size_t i = 0; i < run.batch() * g.images; ++i) {
            Code *const out = run.output<Code>(0, i / g.images) + i % g.images * g.positions() * g.outputChannels();
            convolveImage(
                g, run.input<Code>(0, i / g.images) + i % g.images * g.inputSize(), run.scratch<std::int16_t>(), sums,
                [zeroPoint](Code x) { return static_cast<std::int16_t>(x - zeroPoint); },
                [&](const std::int16_t *patches, std::size_t rows, std::size_t group, Sum *result) {
                    gemm::multiply(patches, rows, weights.data() + group * g.groupOutputs * g.depth, g.groupOutputs, g.depth, result);
                },
                [&](std::size_t position, std::size_t channel, Sum sum) {
                    out[position * g.outputChannels() + channel] = static_cast<Code>(requantize(static_cast<Sum>(sum + static_cast<Sum>(bias[channel])), channel));
                });
        }
    };
}

/// Dynamic range: the float input of each image is quantized to int8 on the spot; symmetrically for weights of one scale.
Result<EvalFunction> prepareHybrid(PrepareContext &context, const Geometry &g)
{
    QL_TRY(auto weights, centeredWeights(context, 1));
    QL_TRY(auto bias, floatBias(context, 2, g.outputChannels()));
    QL_TRY(auto scales, hybrid::weightScales(context, 1, g.outputChannels()));
    const bool isAsymmetric = context.input(1).quant().isPerChannel();
    const std::size_t sumsAt = scratchFor(g, sizeof(std::int16_t), sizeof(std::int32_t));
    context.scratchBytes = AlignedBuffer::padded(sumsAt) + g.inputSize();
    return [g, sumsAt, isAsymmetric, &traits = context.traits(), weights = std::move(weights), bias = std::move(bias), scales = std::move(scales), clamp = floatClamp(fusedActivation(context))](EvalContext &run) {
        auto *const sums = sumsBehind<std::int32_t>(run.scratch(), g, sizeof(std::int16_t));
        auto *const codes = reinterpret_cast<std::int8_t *>(run.scratch() + AlignedBuffer::padded(sumsAt));
        for (std::size_t i = 0; i < run.batch() * g.images; ++i) {
            const float *const image = run.input<float>(0, i / g.images) + i % g.images * g.inputSize();
            const hybrid::Scaling scaling = isAsymmetric ? hybrid::quantizeAsymmetric(traits, image, g.inputSize(), codes) : hybrid::quantizeSymmetric(image, g.inputSize(), codes);
            float *const out = run.output<float>(0, i / g.images) + i % g.images * g.positions() * g.outputChannels();
            convolveImage(
                g, codes, run.scratch<std::int16_t>(), sums, [&](std::int8_t x) { return static_cast<std::int16_t>(x - scaling.zeroPoint); },
                [&](const std::int16_t *patches, std::size_t rows, std::size_t group, std::int32_t *result) {
                    gemm::multiply(patches, rows, weights.data() + group * g.groupOutputs * g.depth, g.groupOutputs, g.depth, result);
                },
                [&](std::size_t position, std::size_t channel, std::int32_t sum) {
                    out[position * g.outputChannels() + channel] = clamp(static_cast<float>(sum) * scales[channel] * scaling.scale + bias[channel]);
                });
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
    if (input == DataType::Int16 && int8Weights)
        return hasWideAccumulator(context, 2) ? prepareInteger<std::int16_t, std::int64_t>(context, g) : prepareInteger<std::int16_t, std::int32_t>(context, g);
    return fail(context.unsupported("float32, int8, uint8, int16 x int8 or float32 x int8", context.typesText()));
}

} // namespace

extern const OperatorKernel conv_2d_kernel{"CONV_2D", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kHybrid};

} // namespace quantloupe
