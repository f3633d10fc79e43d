// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simd/depthwise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/simd/code_dots-inl.h"
#include "kernels/simd/depthwise.h"
#include "kernels/simd/packing.h"
#include "kernels/simd/requantize-inl.h"
#include "kernels/simd/vectors-inl.h"

#include <algorithm>
#include <numeric>
#include <type_traits>
#include <utility>

#ifndef QUANTLOUPE_SIMD_DEPTHWISE_ONCE
#define QUANTLOUPE_SIMD_DEPTHWISE_ONCE

namespace quantloupe::simd {

/// Opens the operands to the kernels.
struct Depthwise {
    static const DepthwisePlan &plan(const FloatDepthwise &d) { return d.m_plan; }
    static const DepthwisePlan &plan(const CodeDepthwise &d) { return d.m_plan; }
    static const float *weights(const FloatDepthwise &d) { return d.m_weights.data(); }
    static const std::int32_t *weights(const CodeDepthwise &d) { return d.m_weights.data(); }
    static const float *bias(const FloatDepthwise &d) { return d.m_bias.data(); }
    static FloatClamp clamp(const FloatDepthwise &d) { return d.m_clamp; }
    static const ChannelTable &table(const CodeDepthwise &d) { return *d.m_table; }
    static DataType input(const CodeDepthwise &d) { return d.m_input; }
    static bool usesBytes(const CodeDepthwise &d) { return d.m_usesBytes; }
    static std::int32_t padding(const CodeDepthwise &d) { return d.m_padding; }
};

} // namespace quantloupe::simd

#endif

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

/// Floats as they are.
class FloatLanes {
public:
    using In = float;
    using Out = float;
    using Lane = float;
    static constexpr std::size_t kPositions = 8;

    FloatLanes(const FloatDepthwise &d) : m_bias(Depthwise::bias(d)), m_weights(Depthwise::weights(d)), m_clamp(Depthwise::clamp(d)) {}

    float padding() const { return 0.0f; }
    static float converted(float value) { return value; }
    static void Convert(const float *from, float *to, std::size_t count) { std::memcpy(to, from, count * sizeof(float)); }
    const float *weights() const { return m_weights; }

    /// One vector of channels, from lane `block` on.
    class Channels {
    public:
        HWY_INLINE Channels(const FloatLanes &lanes, std::size_t block) : m_bias(hn::LoadU(Floats(), lanes.m_bias + block)), m_clamp(lanes.m_clamp) {}
        using Sum = hn::Vec<Floats>;
        HWY_INLINE Sum Start() const { return hn::Zero(Floats()); }
        static HWY_INLINE hn::Vec<Floats> Load(const float *from) { return hn::LoadU(Floats(), from); }
        static HWY_INLINE hn::Vec<Floats> LoadPart(const float *from, std::size_t count) { return LoadFirst(from, count); }
        static HWY_INLINE void Add(Sum &sum, hn::Vec<Floats> value, hn::Vec<Floats> weight) { sum = hn::MulAdd(value, weight, sum); }
        HWY_INLINE void Store(const Sum &sum, float *to) const { hn::StoreU(m_clamp(hn::Add(sum, m_bias)), Floats(), to); }
        HWY_INLINE void StorePart(const Sum &sum, std::size_t count, float *to) const { StoreFirst(m_clamp(hn::Add(sum, m_bias)), count, to); }

    private:
        hn::Vec<Floats> m_bias;
        VectorClamp m_clamp;
    };

private:
    const float *m_bias;
    const float *m_weights;
    FloatClamp m_clamp;
};

/// Codes in 32-bit lanes, multiplied by `Dot`: as 16 bits beside a 0, or as a byte beside three.
template <typename Dot, typename Code> class CodeLanes {
public:
    using In = Code;
    using Out = Code; // prepare() saw to it that they are of one type
    using Lane = std::int32_t;
    static constexpr std::size_t kPositions = 4;

    CodeLanes(const CodeDepthwise &d) : m_table(Depthwise::table(d)), m_weights(Depthwise::weights(d)), m_padding(Depthwise::padding(d)) {}

    std::int32_t padding() const { return m_padding; }
    static std::int32_t converted(Code code)
    {
        if constexpr (Dot::kGroup == 4)
            return static_cast<std::uint8_t>(code) ^ 0x80;
        else
            return static_cast<std::uint16_t>(std::int16_t{code});
    }
    static void Convert(const Code *from, std::int32_t *to, std::size_t count)
    {
        const Sums d;
        const hn::Rebind<Code, Sums> narrow;
        const std::size_t lanes = hn::Lanes(d);
        const auto mask = hn::Set(d, Dot::kGroup == 4 ? 0xff : 0xffff);
        const auto flip = hn::Set(d, Dot::kGroup == 4 ? 0x80 : 0);
        std::size_t i = 0;
        for (; i + lanes <= count; i += lanes)
            hn::StoreU(hn::Xor(hn::And(hn::PromoteTo(d, hn::LoadU(narrow, from + i)), mask), flip), d, to + i);
        for (; i < count; ++i)
            to[i] = converted(from[i]);
    }
    const std::int32_t *weights() const { return m_weights; }

    class Channels {
    public:
        HWY_INLINE Channels(const CodeLanes &lanes, std::size_t block) : m_scaling(lanes.m_table, block) {}
        using Sum = Accumulator;
        HWY_INLINE Sum Start() const { return {m_scaling.constant(), hn::Zero(Sums())}; }
        static HWY_INLINE hn::Vec<Sums> Load(const std::int32_t *from) { return hn::LoadU(Sums(), from); }
        static HWY_INLINE hn::Vec<Sums> LoadPart(const std::int32_t *from, std::size_t) { return hn::LoadU(Sums(), from); } // rows kept end with a vector more
        static HWY_INLINE void Add(Sum &sum, hn::Vec<Sums> value, hn::Vec<Sums> weight) { Dot::Add(sum, value, weight); }
        HWY_INLINE void Store(const Sum &sum, Code *to) const { StoreCodes(m_scaling(Dot::Total(sum)), to, hn::Lanes(Sums())); }
        HWY_INLINE void StorePart(const Sum &sum, std::size_t count, Code *to) const { StoreCodes(m_scaling(Dot::Total(sum)), to, count); }

    private:
        ChannelScaling<Sums> m_scaling;
    };

private:
    const ChannelTable &m_table;
    const std::int32_t *m_weights;
    std::int32_t m_padding;
};

/// Taps of one output row: where each reads the first position.
template <typename Lane> struct RowTaps {
    const Lane *const *at;
    std::size_t count;
};

/// Steps of one vector of channels along a row.
template <typename Lanes> struct Steps {
    std::size_t at;     ///< lanes from the taps to the first step
    std::size_t inStep; ///< lanes from one step to the next
    std::size_t outStep;
    const typename Lanes::Lane *weights;
    std::size_t weightStep;
    typename Lanes::Out *out;
    std::size_t part; ///< lanes stored of each where that is not all of them
};

/// Steps first..last - 1, `Positions` at a time, as long as there are as many; returns the next one. A function of its
/// own, so that sums stay in registers.
template <typename Lanes, std::size_t Positions, bool IsPart>
HWY_NOINLINE std::size_t SumSteps(const typename Lanes::Channels &given, const RowTaps<typename Lanes::Lane> &rowTaps, const Steps<Lanes> &steps, std::size_t first, std::size_t last)
{
    using Channels = typename Lanes::Channels;
    const Channels channels = given; // a copy that no store can change
    const RowTaps<typename Lanes::Lane> taps = rowTaps;
    const std::size_t inStep = steps.inStep;
    const std::size_t outStep = steps.outStep;
    for (; first + Positions <= last; first += Positions) {
        const std::size_t at = steps.at + first * inStep;
        const typename Lanes::Lane *weights = steps.weights;
        typename Channels::Sum sums[Positions];
#pragma GCC unroll 8
        for (std::size_t p = 0; p < Positions; ++p)
            sums[p] = channels.Start();
        for (std::size_t t = 0; t < taps.count; ++t, weights += steps.weightStep) {
            const auto weight = Channels::Load(weights);
            const typename Lanes::Lane *const from = taps.at[t] + at;
#pragma GCC unroll 8
            for (std::size_t p = 0; p < Positions; ++p)
                Channels::Add(sums[p], IsPart ? Channels::LoadPart(from + p * inStep, steps.part) : Channels::Load(from + p * inStep), weight);
        }
        typename Lanes::Out *const out = steps.out + first * outStep;
#pragma GCC unroll 8
        for (std::size_t p = 0; p < Positions; ++p) {
            if constexpr (IsPart)
                channels.StorePart(sums[p], steps.part, out + p * outStep);
            else
                channels.Store(sums[p], out + p * outStep);
        }
    }
    return first;
}

/// One row of the output.
template <typename Lanes> void SumRow(const Lanes &lanes, const DepthwisePlan &plan, const RowTaps<typename Lanes::Lane> &taps, typename Lanes::Out *out)
{
    const std::size_t vector = hn::Lanes(Sums());
    for (std::size_t block = 0; block < plan.blockWidth && block < plan.rowWidth; block += vector) {
        const typename Lanes::Channels channels(lanes, block);
        const std::size_t count = (plan.rowWidth - block + plan.outStep - 1) / plan.outStep;
        const std::size_t width = std::min(vector, plan.blockWidth - block);         // that belongs to this block
        const std::size_t last = plan.rowWidth - block - (count - 1) * plan.outStep; // lanes there are at the last step
        const std::size_t whole = width < vector ? 0 : last < vector ? count - 1 : count;
        const Steps<Lanes> steps{block, plan.inStep, plan.outStep, lanes.weights() + block, roundedUp(plan.blockWidth, vector), out + block, std::min(width, last)};
        std::size_t i = whole < Lanes::kPositions ? 0 : SumSteps<Lanes, Lanes::kPositions, false>(channels, taps, steps, 0, whole);
        if (Lanes::kPositions > 4 && whole - i >= 4)
            i = SumSteps<Lanes, 4, false>(channels, taps, steps, i, whole);
        if (whole - i >= 2)
            i = SumSteps<Lanes, 2, false>(channels, taps, steps, i, whole);
        if (i < whole)
            i = SumSteps<Lanes, 1, false>(channels, taps, steps, i, whole);
        if (count - i >= 4)
            i = SumSteps<Lanes, 4, true>(channels, taps, steps, i, count);
        if (i < count)
            SumSteps<Lanes, 1, true>(channels, taps, steps, i, count);
    }
}

/// One row of an image with every channel as often as it has outputs.
template <typename Lanes> void CopyRow(const DepthwiseShape &shape, const typename Lanes::In *from, typename Lanes::Lane *to)
{
    const auto width = static_cast<std::size_t>(shape.window.x.input);
    const std::size_t multiplier = shape.outputs / shape.channels;
    if (multiplier == 1)
        return Lanes::Convert(from, to, width * shape.channels);
    for (std::size_t i = 0; i < width * shape.channels; ++i)
        std::fill_n(to + i * multiplier, multiplier, Lanes::converted(from[i]));
}

template <typename Lanes> HWY_NOINLINE void Convolve(const Lanes &lanes, const DepthwisePlan &plan, const typename Lanes::In *images, std::size_t count, typename Lanes::Out *out, std::byte *scratch)
{
    using Lane = typename Lanes::Lane;
    const WindowAxis &y = plan.shape.window.y;
    const WindowAxis &x = plan.shape.window.x;
    const std::size_t imageRow = static_cast<std::size_t>(x.input) * plan.shape.channels;
    const int extent = (y.filter - 1) * y.dilation + 1;
    auto *const outside = reinterpret_cast<Lane *>(scratch);
    Lane *const kept = outside + plan.rowLength;
    std::fill_n(outside, (plan.slots + 1) * plan.rowLength, lanes.padding()); // the ends of rows kept stay like that
    const Lane *taps[kMostTaps];
    for (std::size_t image = 0; image < count; ++image) {
        const typename Lanes::In *const rows = images + image * static_cast<std::size_t>(y.input) * imageRow;
        int nextRow = 0;
        for (int outY = 0; outY < y.output; ++outY, out += plan.rowWidth) {
            const int top = y.origin(outY);
            const auto slotOf = [&](int row) { return kept + static_cast<std::size_t>(row) % plan.slots * plan.rowLength; };
            if (plan.copies)
                for (int row = std::max(top, nextRow); row < std::min(top + extent, y.input); nextRow = ++row)
                    CopyRow<Lanes>(plan.shape, rows + static_cast<std::size_t>(row) * imageRow, slotOf(row) + plan.padLeft * plan.shape.outputs);
            const Lane **tap = taps;
            for (int fy = 0; fy < y.filter; ++fy) {
                const int row = top + fy * y.dilation;
                const Lane *from = outside;
                if (row >= 0 && row < y.input) {
                    if constexpr (std::is_same_v<Lane, typename Lanes::In>)
                        from = plan.copies ? slotOf(row) : rows + static_cast<std::size_t>(row) * imageRow;
                    else
                        from = slotOf(row);
                }
                for (int fx = 0; fx < x.filter; ++fx)
                    *tap++ = from + static_cast<std::size_t>(fx * x.dilation) * plan.shape.outputs;
            }
            SumRow(lanes, plan, RowTaps<Lane>{taps, static_cast<std::size_t>(tap - taps)}, out);
        }
    }
}

void ConvolveFloats(const FloatDepthwise &depthwise, const float *images, std::size_t count, float *out, std::byte *scratch)
{
    Convolve(FloatLanes(depthwise), Depthwise::plan(depthwise), images, count, out, scratch);
}

template <typename Dot, typename Code> void ConvolveAs(const CodeDepthwise &depthwise, const void *images, std::size_t count, void *out, std::byte *scratch)
{
    Convolve(CodeLanes<Dot, Code>(depthwise), Depthwise::plan(depthwise), static_cast<const Code *>(images), count, static_cast<Code *>(out), scratch);
}

void ConvolveCodes(const CodeDepthwise &depthwise, const void *images, std::size_t count, void *out, std::byte *scratch)
{
#if HWY_TARGET == HWY_AVX3
    if (Depthwise::usesBytes(depthwise))
        return ConvolveAs<ByteProducts, std::int8_t>(depthwise, images, count, out, scratch);
#endif
    switch (Depthwise::input(depthwise)) {
    case DataType::UInt8: return ConvolveAs<PairProducts, std::uint8_t>(depthwise, images, count, out, scratch);
    case DataType::Int16: return ConvolveAs<PairProducts, std::int16_t>(depthwise, images, count, out, scratch);
    default: return ConvolveAs<PairProducts, std::int8_t>(depthwise, images, count, out, scratch);
    }
}

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe::simd {

HWY_EXPORT(ConvolveFloats);
HWY_EXPORT(ConvolveCodes);

namespace {

/// Lanes of a block that repeats the channels until they fill whole vectors. More are not worth their weights.
constexpr std::size_t kWidestBlock = 512;
/// Lanes of the rows that a convolution keeps: this many whatever the image, else as often as the rows themselves that many
/// times, and never more than the most.
constexpr std::size_t kFewLanes = std::size_t{1} << 20;
constexpr std::size_t kMostGrowth = 8;
constexpr std::size_t kMostLanes = std::size_t{1} << 26;

/// Positions from the first that a window covers to the last, the image's own among them.
std::size_t paddedWidth(const WindowAxis &x)
{
    const std::int64_t covered = std::int64_t{x.output - 1} * x.stride + std::int64_t{x.filter - 1} * x.dilation + 1;
    return static_cast<std::size_t>(std::max<std::int64_t>(covered, std::int64_t{x.padBefore} + x.input));
}

std::size_t extentOf(const WindowAxis &axis)
{
    return static_cast<std::size_t>(axis.filter - 1) * static_cast<std::size_t>(axis.dilation) + 1;
}

/// An image of one column is one of one row: more positions then follow each other in it.
DepthwiseShape alongRows(DepthwiseShape shape)
{
    const WindowAxis &x = shape.window.x;
    if (x.input == 1 && x.filter == 1 && x.output == 1 && x.padBefore == 0)
        std::swap(shape.window.x, shape.window.y);
    return shape;
}

template <typename T> std::vector<T> spreadTaps(const DepthwisePlan &plan, std::span<const T> weights)
{
    std::vector<T> result;
    for (std::size_t t = 0; t < plan.shape.taps(); ++t)
        for (const std::size_t channel : plan.channelOf)
            result.push_back(weights[t * plan.shape.outputs + channel]);
    return result;
}

} // namespace

bool DepthwiseShape::isSupported() const
{
    const DepthwiseShape shape = alongRows(*this);
    const std::size_t width = paddedWidth(shape.window.x);
    const std::size_t slots = std::min(extentOf(shape.window.y), static_cast<std::size_t>(shape.window.y.input));
    const std::size_t lanesOfColumn = (slots + 1) * outputs;
    const std::size_t most = std::min(kMostLanes, std::max(kFewLanes, kMostGrowth * lanesOfColumn * static_cast<std::size_t>(shape.window.x.input)));
    return taps() <= kMostTaps && width <= most / lanesOfColumn;
}

DepthwisePlan::DepthwisePlan(const DepthwiseShape &given, bool mustCopy) : shape(alongRows(given))
{
    const WindowAxis &x = shape.window.x;
    const std::size_t vector = lanes();
    const auto input = static_cast<std::size_t>(x.input);
    const auto output = static_cast<std::size_t>(x.output);
    copies = mustCopy || x.padBefore > 0 || paddedWidth(x) > input || shape.outputs != shape.channels;
    padLeft = static_cast<std::size_t>(x.padBefore);
    slots = copies ? std::min(extentOf(shape.window.y), static_cast<std::size_t>(shape.window.y.input)) : 0;
    rowLength = roundedUp(paddedWidth(x) * shape.outputs, vector) + vector;
    rowWidth = output * shape.outputs;
    outStep = shape.outputs;
    inStep = shape.outputs * static_cast<std::size_t>(x.stride);
    blockWidth = shape.outputs;
    // Where a fifth of the lanes or more would idle, neighbouring positions share vectors.
    const std::size_t wide = std::lcm(shape.outputs, vector);
    if (x.stride == 1 && wide <= kWidestBlock && roundedUp(shape.outputs, vector) * 5 >= shape.outputs * 6)
        inStep = outStep = blockWidth = wide;
    for (std::size_t i = 0; i < roundedUp(blockWidth, vector); ++i)
        channelOf.push_back(i < blockWidth ? i % shape.outputs : shape.outputs - 1);
}

FloatDepthwise::FloatDepthwise(const DepthwiseShape &shape, std::span<const float> weights, std::span<const float> bias, FloatClamp clamp)
    : m_plan(shape, false), m_weights(spreadTaps(m_plan, weights)), m_bias(spread(bias, m_plan.channelOf)), m_clamp(clamp)
{
}

void FloatDepthwise::convolve(const float *images, std::size_t count, float *out, std::byte *scratch) const
{
    HWY_DYNAMIC_DISPATCH(ConvolveFloats)(*this, images, count, out, scratch);
}

CodeDepthwise::CodeDepthwise(const DepthwiseShape &shape, std::span<const std::int16_t> weights, DataType input, std::int32_t inputZeroPoint, std::span<const std::int64_t> bias,
                             const CodeScaling &scaling)
    : m_plan(shape, true), m_input(input)
{
    const bool areBytes = std::ranges::all_of(weights, [](std::int16_t weight) { return weight >= -128 && weight <= 127; });
    m_usesBytes = input == DataType::Int8 && areBytes && hasByteProducts();
    m_padding = m_usesBytes ? static_cast<std::uint8_t>(inputZeroPoint) ^ 0x80 : static_cast<std::uint16_t>(inputZeroPoint);
    for (const std::int16_t weight : spreadTaps(m_plan, weights))
        m_weights.push_back(m_usesBytes ? static_cast<std::uint8_t>(weight) : static_cast<std::uint16_t>(weight));
    m_table = std::make_shared<const ChannelTable>(
        scaling, ChannelConstants::of(weights, shape.outputs, 1, shape.outputs, shape.taps(), m_usesBytes ? inputZeroPoint + 128 : inputZeroPoint, bias, input == DataType::Int16 ? 65535 : 255),
        m_plan.channelOf);
}

void CodeDepthwise::convolve(const void *images, std::size_t count, void *out, std::byte *scratch) const
{
    HWY_DYNAMIC_DISPATCH(ConvolveCodes)(*this, images, count, out, scratch);
}

} // namespace quantloupe::simd

#endif
