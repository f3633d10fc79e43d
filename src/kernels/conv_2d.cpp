// SPDX-License-Identifier: GPL-3.0-or-later
//
// CONV_2D: input [n, h, w, c], filter [outputs, fh, fw, c / groups], bias [outputs]. The patch of an output position is a
// row, which is multiplied by the filters; padding contributes nothing. Rows are read in the padded image, or gathered
// where a type needs sums of its own.
#include "base/aligned_buffer.h"
#include "kernels/activation.h"
#include "kernels/gemm.h"
#include "kernels/hybrid.h"
#include "kernels/patches.h"
#include "kernels/requantize.h"
#include "kernels/sample_runs.h"
#include "kernels/simd/products.h"
#include "kernels/window.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <type_traits>

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

/// Writes the patch of one output position; `convert` maps an input element, `padding` stands for what is outside.
template <typename To, typename From, typename Convert>
void gatherPatch(const Geometry &g, const From *image, std::size_t group, std::size_t position, To *patch, To padding, const Convert &convert)
{
    const WindowAxis &xAxis = g.window.x;
    const int outY = static_cast<int>(position) / xAxis.output;
    const int left = xAxis.origin(static_cast<int>(position) % xAxis.output);
    const bool isRun = g.groups == 1 && xAxis.dilation == 1 && left >= 0 && left + xAxis.filter <= xAxis.input; // a row of the window is one run
    for (int fy = 0; fy < g.window.y.filter; ++fy) {
        const int y = g.window.y.origin(outY) + fy * g.window.y.dilation;
        const bool isRow = y >= 0 && y < g.window.y.input;
        const From *const row = image + static_cast<std::ptrdiff_t>(y) * xAxis.input * static_cast<std::ptrdiff_t>(g.inputChannels);
        if (isRow && isRun) {
            const From *const source = row + static_cast<std::size_t>(left) * g.inputChannels;
            const std::size_t count = static_cast<std::size_t>(xAxis.filter) * g.inputChannels;
            if constexpr (std::is_same_v<Convert, std::identity>)
                std::memcpy(patch, source, count * sizeof(To));
            else
                std::transform(source, source + count, patch, convert);
            patch += count;
            continue;
        }
        for (int fx = 0; fx < xAxis.filter; ++fx, patch += g.groupChannels) {
            const int x = left + fx * xAxis.dilation;
            if (!isRow || x < 0 || x >= xAxis.input) {
                std::fill_n(patch, g.groupChannels, padding);
                continue;
            }
            const From *const source = row + static_cast<std::size_t>(x) * g.inputChannels + group * g.groupChannels;
            std::transform(source, source + g.groupChannels, patch, convert);
        }
    }
}

/// consume(patches, rows, firstPosition, group) for all patches of one image, a few at a time.
template <typename Patch, typename In, typename Convert, typename Consume>
void forEachPatches(const Geometry &g, const In *image, Patch *patches, Patch padding, const Convert &convert, const Consume &consume)
{
    for (std::size_t group = 0; group < g.groups; ++group) {
        for (std::size_t first = 0; first < g.positions(); first += kRows) {
            const std::size_t rows = std::min(kRows, g.positions() - first);
            for (std::size_t r = 0; r < rows; ++r)
                gatherPatch(g, image, group, first + r, patches + r * g.depth, padding, convert);
            consume(patches, rows, first, group);
        }
    }
}

/// Runs every patch of one image through `product(patches, rows, group, sums)` and hands each sum to
/// `store(position, channel, sum)`.
template <typename Patch, typename Sum, typename In, typename Convert, typename Product, typename Store>
void convolveImage(const Geometry &g, const In *image, Patch *patches, Sum *sums, const Convert &convert, const Product &product, const Store &store)
{
    forEachPatches(g, image, patches, Patch{0}, convert, [&](const Patch *rows, std::size_t count, std::size_t first, std::size_t group) {
        product(rows, count, group, sums);
        for (std::size_t r = 0; r < count; ++r)
            for (std::size_t c = 0; c < g.groupOutputs; ++c)
                store(first + r, group * g.groupOutputs + c, sums[r * g.groupOutputs + c]);
    });
}

/// A patch is a pixel: pixels are rows as they lie.
bool isPixelwise(const Geometry &g)
{
    const auto isTrivial = [](const WindowAxis &axis) { return axis.filter == 1 && axis.stride == 1 && axis.padBefore == 0 && axis.output == axis.input; };
    return isTrivial(g.window.x) && isTrivial(g.window.y);
}

/// `weights` holds the packed filters of each group. Rows of the input's own elements.
template <typename T, typename Weights> void multiplyPixels(EvalContext &run, const Geometry &g, const std::vector<Weights> &weights)
{
    constexpr std::size_t kPixels = 64; ///< that stay in the cache while all filters pass over them
    const std::size_t perSample = g.images * g.positions();
    forEachRun<T, T>(run, perSample * g.inputChannels, perSample * g.outputChannels(), [&](const T *in, T *out, std::size_t samples) {
        for (std::size_t first = 0; first < samples * perSample; first += kPixels)
            for (std::size_t group = 0; group < g.groups; ++group)
                weights[group].multiply(in + first * g.inputChannels + group * g.groupChannels, std::min(kPixels, samples * perSample - first), g.inputChannels,
                                        out + first * g.outputChannels() + group * g.groupOutputs, g.outputChannels());
    });
}

/// The same for windows, which lie in the image itself or in a padded copy of it.
template <typename Element, typename T, typename Weights, typename Convert>
void multiplyPatches(EvalContext &run, const Geometry &g, const Patches &patches, const std::vector<Weights> &weights, Element padding, const Convert &convert)
{
    for (std::size_t i = 0; i < run.batch() * g.images; ++i) {
        const T *const image = run.input<T>(0, i / g.images) + i % g.images * g.inputSize();
        T *const out = run.output<T>(0, i / g.images) + i % g.images * g.positions() * g.outputChannels();
        const Element *rows = run.scratch<Element>();
        if constexpr (std::is_same_v<Convert, std::identity>)
            rows = patches.isPadded() ? rows : image;
        if (static_cast<const void *>(rows) != image)
            patches.pad(image, padding, convert, run.scratch<Element>());
        for (std::size_t group = 0; group < g.groups; ++group)
            weights[group].multiply(rows + group * g.groupChannels, patches.starts(), out + group * g.groupOutputs, g.outputChannels());
    }
}

/// The same where the padded image would be too large: patches are gathered first.
template <typename Element, typename T, typename Weights, typename Convert>
void multiplyGathered(EvalContext &run, const Geometry &g, const std::vector<Weights> &weights, Element padding, const Convert &convert)
{
    for (std::size_t i = 0; i < run.batch() * g.images; ++i) {
        T *const out = run.output<T>(0, i / g.images) + i % g.images * g.positions() * g.outputChannels();
        forEachPatches(g, run.input<T>(0, i / g.images) + i % g.images * g.inputSize(), run.scratch<Element>(), padding, convert,
                       [&](const Element *patches, std::size_t rows, std::size_t first, std::size_t group) {
                           weights[group].multiply(patches, rows, g.depth, out + first * g.outputChannels() + group * g.groupOutputs, g.outputChannels());
                       });
    }
}

simd::RowRuns runsOf(const Geometry &g, const std::optional<Patches> &patches)
{
    return patches ? patches->runs() : simd::RowRuns::whole(g.depth);
}

/// The whole operator on rows of `Element`, which are the input's elements as `convert` maps them.
template <typename Element, typename T, typename Weights, typename Convert>
EvalFunction multiplied(PrepareContext &context, const Geometry &g, std::optional<Patches> patches, std::vector<Weights> weights, Element padding, const Convert &convert)
{
    if constexpr (std::is_same_v<Convert, std::identity>)
        if (isPixelwise(g))
            return [g, weights = std::move(weights)](EvalContext &run) { multiplyPixels<T>(run, g, weights); };
    if (patches) {
        context.scratchBytes = patches->elements() * sizeof(Element);
        return [g, patches = std::move(*patches), weights = std::move(weights), padding, convert](EvalContext &run) { multiplyPatches<Element, T>(run, g, patches, weights, padding, convert); };
    }
    context.scratchBytes = kRows * g.depth * sizeof(Element);
    return [g, weights = std::move(weights), padding, convert](EvalContext &run) { multiplyGathered<Element, T>(run, g, weights, padding, convert); };
}

std::size_t scratchFor(const Geometry &g, std::size_t patchElement, std::size_t sumElement)
{
    return AlignedBuffer::padded(kRows * g.depth * patchElement) + kRows * g.groupOutputs * sumElement;
}

template <typename Sum> Sum *sumsBehind(std::byte *scratch, const Geometry &g, std::size_t patchElement)
{
    return reinterpret_cast<Sum *>(scratch + AlignedBuffer::padded(kRows * g.depth * patchElement));
}

template <typename T> std::span<const T> ofGroup(std::span<const T> values, const Geometry &g, std::size_t group)
{
    const std::size_t size = values.size() / g.groups;
    return values.subspan(group * size, size);
}

Result<EvalFunction> prepareFloat(PrepareContext &context, const Geometry &g)
{
    QL_TRY(const auto filter, context.values<float>(1));
    QL_TRY(const auto bias, floatBias(context, 2, g.outputChannels()));
    const FloatClamp clamp = floatClamp(fusedActivation(context));
    auto patches = Patches::of(g.window, g.inputChannels, g.groupChannels);
    std::vector<simd::FloatWeights> weights;
    for (std::size_t group = 0; group < g.groups; ++group)
        weights.emplace_back(ofGroup(filter, g, group), g.groupOutputs, runsOf(g, patches), ofGroup(std::span<const float>(bias), g, group), clamp);
    return multiplied<float, float>(context, g, std::move(patches), std::move(weights), 0.0f, std::identity());
}

/// 32-bit sums, which become codes as they leave the registers.
template <typename Code> Result<EvalFunction> prepareNarrow(PrepareContext &context, const Geometry &g)
{
    QL_TRY(const auto filter, centeredWeights(context, 1));
    QL_TRY(const auto bias, integerBias(context, 2, g.outputChannels()));
    QL_TRY(const auto requantize, requantizer(context, context.input(0), context.input(1), context.output(), g.outputChannels()));
    const auto zeroPoint = context.input(0).zeroPoint();
    auto patches = Patches::of(g.window, g.inputChannels, g.groupChannels);
    // One form of rows for all groups: weights with a zero point may need more than a byte in some of them only.
    const bool areBytes = std::ranges::all_of(filter, [](std::int16_t weight) { return weight >= -128 && weight <= 127; });
    const DataType rowType = areBytes ? context.input(0).type() : DataType::Int16;
    std::vector<simd::CodeWeights> weights;
    for (std::size_t group = 0; group < g.groups; ++group) {
        simd::CodeScaling scaling = simd::CodeScaling::of(requantize, context.output().type());
        if (scaling.multipliers.size() > 1) {
            const auto ofThis = ofGroup(std::span<const fixed_point::Multiplier>(requantize.multipliers), g, group);
            scaling.multipliers.assign(ofThis.begin(), ofThis.end());
        }
        weights.emplace_back(ofGroup(std::span<const std::int16_t>(filter), g, group), g.groupOutputs, runsOf(g, patches), rowType, zeroPoint,
                             ofGroup(std::span<const std::int64_t>(bias), g, group), scaling, false);
    }
    if (std::is_same_v<Code, std::int8_t> && std::ranges::all_of(weights, &simd::CodeWeights::readsCodes))
        return multiplied<Code, Code>(context, g, std::move(patches), std::move(weights), static_cast<Code>(zeroPoint), std::identity());
    return multiplied<std::int16_t, Code>(context, g, std::move(patches), std::move(weights), std::int16_t{0}, [zeroPoint](Code x) { return static_cast<std::int16_t>(x - zeroPoint); });
}

/// int16 codes with 64-bit sums.
Result<EvalFunction> prepareWide(PrepareContext &context, const Geometry &g)
{
    QL_TRY(const auto filter, centeredWeights(context, 1));
    QL_TRY(auto bias, integerBias(context, 2, g.outputChannels()));
    QL_TRY(auto requantize, requantizer(context, context.input(0), context.input(1), context.output(), g.outputChannels()));
    context.scratchBytes = scratchFor(g, sizeof(std::int16_t), sizeof(std::int64_t));
    const auto zeroPoint = static_cast<std::int16_t>(context.input(0).zeroPoint());
    std::vector<simd::CodeWeights> weights;
    for (std::size_t group = 0; group < g.groups; ++group)
        weights.emplace_back(ofGroup(std::span<const std::int16_t>(filter), g, group), g.groupOutputs, g.depth, DataType::Int16, zeroPoint,
                             ofGroup(std::span<const std::int64_t>(bias), g, group), simd::CodeScaling(), true);
    return [g, weights = std::move(weights), bias = std::move(bias), requantize = std::move(requantize), zeroPoint](EvalContext &run) {
        auto *const sums = sumsBehind<std::int64_t>(run.scratch(), g, sizeof(std::int16_t));
        for (std::size_t i = 0; i < run.batch() * g.images; ++i) {
            auto *const out = run.output<std::int16_t>(0, i / g.images) + i % g.images * g.positions() * g.outputChannels();
            convolveImage(
                g, run.input<std::int16_t>(0, i / g.images) + i % g.images * g.inputSize(), run.scratch<std::int16_t>(), sums,
                [zeroPoint](std::int16_t x) { return static_cast<std::int16_t>(x - zeroPoint); },
                [&](const std::int16_t *patches, std::size_t rows, std::size_t group, std::int64_t *result) { weights[group].sums(patches, rows, g.depth, result); },
                [&](std::size_t position, std::size_t channel, std::int64_t sum) {
                    out[position * g.outputChannels() + channel] = static_cast<std::int16_t>(requantize(sum + bias[channel], channel));
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
        return prepareNarrow<std::int8_t>(context, g);
    if (input == DataType::UInt8 && filter == DataType::UInt8)
        return prepareNarrow<std::uint8_t>(context, g);
    if (input == DataType::Int16 && int8Weights)
        return hasWideAccumulator(context, 2) ? prepareWide(context, g) : prepareNarrow<std::int16_t>(context, g);
    return fail(context.unsupported("float32, int8, uint8, int16 x int8 or float32 x int8", context.typesText()));
}

} // namespace

extern const OperatorKernel conv_2d_kernel{"CONV_2D", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kHybrid};

} // namespace quantloupe
