// SPDX-License-Identifier: GPL-3.0-or-later
//
// The heavy kernels at shapes of real models, as GMAC/s and as the share of what the machine's registers alone can do;
// the metric passes as GB/s and as the share of memcpy in the first-level cache.
#include "base/aligned_buffer.h"
#include "kernels/simd/depthwise.h"
#include "kernels/simd/products.h"
#include "machine_peak.h"
#include "metrics/error_pass.h"

#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <vector>

using namespace quantloupe;
using namespace quantloupe::simd;

namespace {

void showProducts(benchmark::State &state, double perIteration, double peak)
{
    const double rate = perIteration * static_cast<double>(state.iterations());
    state.counters["GMAC/s"] = benchmark::Counter(rate / 1e9, benchmark::Counter::kIsRate);
    state.counters["of_peak"] = benchmark::Counter(rate / peak, benchmark::Counter::kIsRate);
}

void showBytes(benchmark::State &state, double perIteration)
{
    const double rate = perIteration * static_cast<double>(state.iterations());
    state.counters["GB/s"] = benchmark::Counter(rate / 1e9, benchmark::Counter::kIsRate);
    state.counters["of_memcpy"] = benchmark::Counter(rate / bench::copyPeak(), benchmark::Counter::kIsRate);
}

/// Rows, columns and depth of convolutions and dense layers: ResNet-8, MobileNetV2, the spoken digits' model.
void shapesOfProducts(benchmark::internal::Benchmark *benchmark)
{
    benchmark->ArgNames({"rows", "columns", "depth"});
    for (const auto &shape : {std::vector<std::int64_t>{1024, 16, 27}, {1024, 16, 144}, {256, 32, 288}, {64, 64, 576}, {2891, 8, 9}, {756, 96, 16}, {756, 24, 144}, {98, 40, 40}, {98, 80, 80}, {1, 128, 640}})
        benchmark->Args(shape);
}

constexpr std::size_t kRowsAtOnce = 64; ///< as CONV_2D hands them on

CodeScaling someScaling()
{
    CodeScaling scaling;
    scaling.multipliers = {fixed_point::multiplierOf(0.001)};
    scaling.clamp = {-128, 127};
    return scaling;
}

void floatProducts(benchmark::State &state)
{
    const auto rows = static_cast<std::size_t>(state.range(0));
    const auto columns = static_cast<std::size_t>(state.range(1));
    const auto depth = static_cast<std::size_t>(state.range(2));
    const std::vector<float> weights(columns * depth, 0.5f);
    const std::vector<float> in(rows * depth, 0.25f);
    std::vector<float> out(rows * columns);
    const FloatWeights packed(weights, columns, depth, std::vector<float>(columns), {std::numeric_limits<float>::lowest(), std::numeric_limits<float>::max()});
    for ([[maybe_unused]] auto _ : state) {
        for (std::size_t r = 0; r < rows; r += kRowsAtOnce)
            packed.multiply(in.data() + r * depth, std::min(kRowsAtOnce, rows - r), depth, out.data() + r * columns, columns);
        benchmark::ClobberMemory();
    }
    showProducts(state, static_cast<double>(rows * columns * depth), bench::floatPeak());
}
BENCHMARK(floatProducts)->Apply(shapesOfProducts);

void int8Products(benchmark::State &state)
{
    const auto rows = static_cast<std::size_t>(state.range(0));
    const auto columns = static_cast<std::size_t>(state.range(1));
    const auto depth = static_cast<std::size_t>(state.range(2));
    const std::vector<std::int16_t> weights(columns * depth, 5);
    const CodeWeights packed(weights, columns, depth, DataType::Int8, 3, std::vector<std::int64_t>(columns), someScaling(), false);
    const std::vector<std::int16_t> in(rows * depth, 7); // codes or centred: either fits
    std::vector<std::int8_t> out(rows * columns);
    const auto *const bytes = reinterpret_cast<const std::byte *>(in.data());
    for ([[maybe_unused]] auto _ : state) {
        for (std::size_t r = 0; r < rows; r += kRowsAtOnce)
            packed.multiply(bytes + r * depth * packed.rowElementSize(), std::min(kRowsAtOnce, rows - r), depth, out.data() + r * columns, columns);
        benchmark::ClobberMemory();
    }
    showProducts(state, static_cast<double>(rows * columns * depth), bench::integerPeak());
}
BENCHMARK(int8Products)->Apply(shapesOfProducts);

DepthwiseShape depthwise(benchmark::State &state)
{
    const WindowAxis axis{.input = 30, .output = 30, .filter = 3, .stride = 1, .dilation = 1, .padBefore = 1};
    const auto channels = static_cast<std::size_t>(state.range(0));
    return {{axis, axis}, channels, channels};
}

void floatDepthwise(benchmark::State &state)
{
    const DepthwiseShape shape = depthwise(state);
    const std::vector<float> image(900 * shape.channels, 0.5f);
    std::vector<float> out(image.size());
    const FloatDepthwise kernel(shape, std::vector<float>(9 * shape.channels, 0.25f), std::vector<float>(shape.channels), {std::numeric_limits<float>::lowest(), std::numeric_limits<float>::max()});
    const AlignedBuffer scratch(kernel.scratchBytes());
    for ([[maybe_unused]] auto _ : state) {
        kernel.convolve(image.data(), 1, out.data(), scratch.data());
        benchmark::ClobberMemory();
    }
    showProducts(state, 9.0 * static_cast<double>(out.size()), bench::floatPeak());
}
BENCHMARK(floatDepthwise)->ArgName("channels")->Arg(8)->Arg(16)->Arg(40)->Arg(96)->Arg(144);

void int8Depthwise(benchmark::State &state)
{
    const DepthwiseShape shape = depthwise(state);
    const std::vector<std::int8_t> image(900 * shape.channels, 7);
    std::vector<std::int8_t> out(image.size());
    const CodeDepthwise kernel(shape, std::vector<std::int16_t>(9 * shape.channels, 5), DataType::Int8, 3, std::vector<std::int64_t>(shape.channels), someScaling());
    const AlignedBuffer scratch(kernel.scratchBytes());
    for ([[maybe_unused]] auto _ : state) {
        kernel.convolve(image.data(), 1, out.data(), scratch.data());
        benchmark::ClobberMemory();
    }
    showProducts(state, 9.0 * static_cast<double>(out.size()), bench::integerPeak());
}
BENCHMARK(int8Depthwise)->ArgName("channels")->Arg(8)->Arg(16)->Arg(40)->Arg(96)->Arg(144);

/// A tensor whose errors are those of rounding and a step more or less; `isRectified` makes half of it 0. The second side is a step away
/// from the first at most.
struct Measured {
    Measured(std::size_t elements, bool isRectified) : codes(elements), floats{std::vector<float>(elements), std::vector<float>(elements)}
    {
        std::mt19937 random(1);
        std::normal_distribution<float> normal(0.0f, 1.5f);
        const auto step = [&](float value) { return value == 0.0f ? 0.0f : static_cast<float>(random() % 3) - 1.0f; };
        for (std::size_t i = 0; i < elements; ++i) {
            const float value = normal(random);
            floats[0][i] = isRectified ? std::max(value, 0.0f) : value;
            floats[1][i] = floats[0][i] + step(floats[0][i]) * 0.03f;
            codes[i] = static_cast<std::int8_t>(std::clamp(std::nearbyint(floats[0][i] / 0.05f) + step(floats[0][i]), -118.0f, 137.0f) - 10.0f);
        }
    }
    std::vector<std::int8_t> codes;
    std::array<std::vector<float>, 2> floats;
    CodeGrid grid = CodeGrid::of(0.05f, -10, -128, 127);
};

void errorPass(benchmark::State &state)
{
    const Measured tensor(static_cast<std::size_t>(state.range(0)), state.range(1) != 0);
    const auto sideCount = static_cast<std::size_t>(state.range(2));
    ErrorPass pass;
    GridHistogram codes;
    std::array<ErrorHistograms, 2> histograms;
    std::array<ErrorSums, 2> sums;
    std::array<ErrorSide, 2> sides;
    for (std::size_t side = 0; side < sideCount; ++side)
        sides[side] = {{tensor.floats[side].data(), 0}, &histograms[side], &sums[side]};
    EndCounts atEnds;
    for ([[maybe_unused]] auto _ : state)
        pass.measure<std::int8_t>({{tensor.codes.data(), 0}, tensor.grid, &codes, {}}, std::span(sides).first(sideCount), 1, tensor.codes.size(), &atEnds);
    showBytes(state, static_cast<double>((1 + 4 * sideCount) * tensor.codes.size()));
}
BENCHMARK(errorPass)->ArgNames({"elements", "rectified", "sides"})->ArgsProduct({{500, 4000, 20000}, {0, 1}, {1, 2}});

void codePass(benchmark::State &state)
{
    const Measured tensor(static_cast<std::size_t>(state.range(0)), state.range(1) != 0);
    ErrorPass pass;
    GridHistogram histogram;
    EndCounts atEnds;
    for ([[maybe_unused]] auto _ : state)
        pass.measure<std::int8_t>({{tensor.codes.data(), 0}, tensor.grid, &histogram, {}}, {}, 1, tensor.codes.size(), &atEnds);
    showBytes(state, static_cast<double>(tensor.codes.size()));
}
BENCHMARK(codePass)->ArgNames({"elements", "rectified"})->ArgsProduct({{500, 20000}, {0, 1}});

/// Only the tables: the cells are there.
void jointCounts(benchmark::State &state)
{
    const Measured tensor(kPiece, state.range(0) != 0);
    CellShape shape;
    shape.sides = static_cast<int>(state.range(1));
    shape.binShift = {2, 2}; // errors are less than 8 steps
    shape.offsetsLog2 = shape.sides == 2 ? std::array{3, 3} : std::array{3, 0};
    shape.hotBin = 118;
    alignas(64) std::int32_t fine[2][kPiece];
    std::vector<float> reals(kPiece);
    realValues(tensor.codes.data(), kPiece, 0.05f, -10, reals.data());
    for (std::size_t side = 0; side < 2; ++side)
        measurePiece(reals.data(), tensor.floats[side].data(), kPiece, kFinePerStep / 0.05f, fine[side]);
    PieceCells cells;
    placePiece(tensor.codes.data(), {fine[0], fine[1]}, kPiece, shape, true, cells);
    JointCounts counts;
    counts.setShape(shape);
    for ([[maybe_unused]] auto _ : state)
        counts.add(kPiece, cells.errors, cells.places);
    showBytes(state, static_cast<double>(kPiece * (sizeof *cells.errors + sizeof *cells.places)));
}
BENCHMARK(jointCounts)->ArgNames({"rectified", "sides"})->ArgsProduct({{0, 1}, {1, 2}});

void realValuesPass(benchmark::State &state)
{
    const Measured tensor(20000, false);
    std::vector<float> reals(tensor.codes.size());
    for ([[maybe_unused]] auto _ : state) {
        realValues(tensor.codes.data(), tensor.codes.size(), 0.05f, -10, reals.data());
        benchmark::ClobberMemory();
    }
    showBytes(state, 5.0 * static_cast<double>(reals.size()));
}
BENCHMARK(realValuesPass);

} // namespace
