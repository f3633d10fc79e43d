// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/resize_options.h"

#include <algorithm>
#include <cmath>

namespace quantloupe {
namespace {

/// The two input pixels an output pixel lies between along one axis, and its share of the upper one.
template <typename Weight> struct Between {
    std::size_t lower = 0;
    std::size_t upper = 0;
    Weight upperWeight{}; ///< may be below 0 at the edge, where both pixels are the same
    Weight lowerWeight{};
};

std::vector<Between<float>> realAxis(const ResizeOptions &options, std::int32_t in, std::int32_t out)
{
    const float scale = options.alignsCorners && out > 1 ? static_cast<float>(in - 1) / static_cast<float>(out - 1) : static_cast<float>(in) / static_cast<float>(out);
    std::vector<Between<float>> axis;
    for (std::int32_t i = 0; i < out; ++i) {
        const float at = options.hasHalfPixels ? (static_cast<float>(i) + 0.5f) * scale - 0.5f : static_cast<float>(i) * scale;
        const std::int32_t lower = std::clamp(static_cast<std::int32_t>(std::floor(at)), 0, in - 1);
        const std::int32_t upper = std::clamp(static_cast<std::int32_t>(std::ceil(at)), 0, in - 1);
        const float share = at - static_cast<float>(lower);
        axis.push_back({static_cast<std::size_t>(lower), static_cast<std::size_t>(upper), share, 1.0f - share});
    }
    return axis;
}

/// Coordinates with 10 bits of fraction.
constexpr std::int32_t kOne = 1 << 10;

std::vector<Between<std::int64_t>> fixedAxis(const ResizeOptions &options, std::int32_t in, std::int32_t out)
{
    std::int64_t scale = (std::int64_t{kOne} * in + out / 2) / out;
    if (options.alignsCorners && out > 1)
        scale = (std::int64_t{kOne} * (in - 1) + (out - 1) / 2) / (out - 1);
    std::vector<Between<std::int64_t>> axis;
    for (std::int32_t i = 0; i < out; ++i) {
        const std::int64_t at = options.hasHalfPixels ? i * scale + scale / 2 - kOne / 2 : i * scale;
        const std::int64_t lower = std::clamp<std::int64_t>(at / kOne, 0, in - 1);
        const std::int64_t upper = std::clamp<std::int64_t>((at + kOne - 1) / kOne, 0, in - 1);
        const std::int64_t share = at - kOne * lower;
        axis.push_back({static_cast<std::size_t>(lower), static_cast<std::size_t>(upper), share, kOne - share});
    }
    return axis;
}

template <typename Element, typename Weight, typename Round>
EvalFunction interpolated(const ResizeOptions &options, std::vector<Between<Weight>> rows, std::vector<Between<Weight>> columns, Round round)
{
    return [=, rows = std::move(rows), columns = std::move(columns)](EvalContext &run) {
        const std::size_t rowSize = static_cast<std::size_t>(options.inWidth) * options.channels;
        for (std::size_t i = 0; i < run.batch() * options.images; ++i) {
            const Element *const image = run.input<Element>(0, i / options.images) + i % options.images * options.inputSize();
            Element *out = run.output<Element>(0, i / options.images) + i % options.images * options.outputSize();
            for (const auto &y : rows) {
                for (const auto &x : columns) {
                    const Element *const upperLeft = image + y.lower * rowSize + x.lower * options.channels;
                    const Element *const lowerLeft = image + y.upper * rowSize + x.lower * options.channels;
                    const Element *const upperRight = image + y.lower * rowSize + x.upper * options.channels;
                    const Element *const lowerRight = image + y.upper * rowSize + x.upper * options.channels;
                    for (std::size_t c = 0; c < options.channels; ++c) // the products in the reference's order
                        *out++ = round(static_cast<Weight>(upperLeft[c]) * y.lowerWeight * x.lowerWeight + static_cast<Weight>(lowerLeft[c]) * y.upperWeight * x.lowerWeight
                                       + static_cast<Weight>(upperRight[c]) * y.lowerWeight * x.upperWeight + static_cast<Weight>(lowerRight[c]) * y.upperWeight * x.upperWeight);
                }
            }
        }
    };
}

template <typename Code> EvalFunction interpolatedCodes(const ResizeOptions &options)
{
    return interpolated<Code, std::int64_t>(options, fixedAxis(options, options.inHeight, options.outHeight), fixedAxis(options, options.inWidth, options.outWidth),
                                            [](std::int64_t sum) { return static_cast<Code>((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20)); });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const ResizeOptions options, resizeOptions(context));
    const auto interpolateReals = [&]<typename Element>(auto round) {
        return interpolated<Element, float>(options, realAxis(options, options.inHeight, options.outHeight), realAxis(options, options.inWidth, options.outWidth), round);
    };
    switch (context.input(0).type()) {
    case DataType::Float32: return interpolateReals.operator()<float>([](float x) { return x; });
    case DataType::UInt8: // in float, like nothing else
        return interpolateReals.operator()<std::uint8_t>([](float x) { return static_cast<std::uint8_t>(x + 0.5f); });
    case DataType::Int8: return interpolatedCodes<std::int8_t>(options);
    case DataType::Int16: return interpolatedCodes<std::int16_t>(options);
    default: return fail(context.typeError(0, "float32, int8, uint8 or int16"));
    }
}

} // namespace

extern const OperatorKernel resize_bilinear_kernel{"RESIZE_BILINEAR", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
