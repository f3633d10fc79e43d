// SPDX-License-Identifier: GPL-3.0-or-later
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "machine_peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "machine_peak.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <vector>

HWY_BEFORE_NAMESPACE();
namespace quantloupe::bench::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr int kChains = 12; ///< independent sums, enough to hide the latency of each

/// Multiplications in `rounds` rounds; `sink` keeps them from being left out.
double FloatRounds(std::size_t rounds, float *sink)
{
    const hn::ScalableTag<float> d;
    hn::Vec<decltype(d)> sums[kChains];
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i)
        sums[i] = hn::Set(d, static_cast<float>(i));
    auto factor = hn::Set(d, 0.999f);
    for (std::size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
        for (int i = 0; i < kChains; ++i)
            sums[i] = hn::MulAdd(sums[i], factor, factor);
    }
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i)
        *sink += hn::GetLane(sums[i]);
    return static_cast<double>(rounds) * kChains * static_cast<double>(hn::Lanes(d));
}

double IntegerRounds(std::size_t rounds, float *sink)
{
    const hn::ScalableTag<std::int32_t> d;
    hn::Vec<decltype(d)> sums[kChains];
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i)
        sums[i] = hn::Set(d, i);
    const auto factor = hn::Set(d, 0x01020301);
    double perLane = 2.0;
#if HWY_TARGET == HWY_AVX3
    if (__builtin_cpu_supports("avx512vnni")) {
        perLane = 4.0;
        for (std::size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
            for (int i = 0; i < kChains; ++i)
                asm volatile("vpdpbusd %1, %1, %0" : "+v"(sums[i].raw) : "v"(factor.raw));
        }
    } else
#endif
    {
        const hn::ScalableTag<std::int16_t> d16;
        auto odd = hn::Zero(d);
        for (std::size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
            for (int i = 0; i < kChains; ++i)
                sums[i] = hn::ReorderWidenMulAccumulate(d, hn::BitCast(d16, sums[i]), hn::BitCast(d16, factor), sums[i], odd);
        }
    }
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i)
        *sink += static_cast<float>(hn::GetLane(sums[i]));
    return static_cast<double>(rounds) * kChains * static_cast<double>(hn::Lanes(d)) * perLane;
}

} // namespace quantloupe::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe::bench {

HWY_EXPORT(FloatRounds);
HWY_EXPORT(IntegerRounds);

namespace {

volatile float sink; ///< NOLINT: what is written here has to be computed

/// The best of several runs of work(), which returns how much it did.
template <typename Work> double bestRate(const Work &work)
{
    double best = 0.0;
    for (int i = 0; i < 20; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const double done = work();
        best = std::max(best, done / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

template <typename Rounds> double peakOf(const Rounds &rounds)
{
    return bestRate([&] {
        float kept = 0.0f;
        const double done = rounds(2'000'000, &kept);
        sink = kept;
        return done;
    });
}

} // namespace

double floatPeak()
{
    static const double peak = peakOf([](std::size_t rounds, float *kept) { return HWY_DYNAMIC_DISPATCH(FloatRounds)(rounds, kept); });
    return peak;
}

double integerPeak()
{
    static const double peak = peakOf([](std::size_t rounds, float *kept) { return HWY_DYNAMIC_DISPATCH(IntegerRounds)(rounds, kept); });
    return peak;
}

double copyPeak()
{
    static const double peak = bestRate([] {
        constexpr std::size_t kBytes = 8 * 1024;
        constexpr int kCopies = 100'000;
        std::vector<char> from(kBytes, 1);
        std::vector<char> to(kBytes);
        for (int i = 0; i < kCopies; ++i) {
            std::memcpy(to.data(), from.data(), kBytes);
            asm volatile("" : : "r"(to.data()) : "memory");
        }
        return 2.0 * kBytes * kCopies;
    });
    return peak;
}

} // namespace quantloupe::bench

#endif
