// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simd/gates.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/fixed_point.h"
#include "kernels/simd/gates.h"

#include <algorithm>
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Shorts = hn::ScalableTag<std::int16_t>;
using Q15 = hn::Vec<Shorts>;

/// out[i] = f(in[i]); the rest of a run goes through a buffer.
template <typename D, typename F> HWY_INLINE void ForEach(D d, const hn::TFromD<D> *in, std::size_t count, hn::TFromD<D> *out, const F &f)
{
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        hn::StoreU(f(hn::LoadU(d, in + i)), d, out + i);
    if (i == count)
        return;
    HWY_ALIGN hn::TFromD<D> rest[HWY_MAX_BYTES / sizeof(hn::TFromD<D>)] = {};
    std::copy(in + i, in + count, rest);
    hn::Store(f(hn::Load(d, rest)), d, rest);
    std::copy_n(rest, count - i, out + i);
}

// What fixed_point.cpp does to one value, with 32767 for 1.

/// A constant that is given for 32 bits.
HWY_INLINE Q15 Constant(std::int32_t raw)
{
    return hn::Set(Shorts(), static_cast<std::int16_t>(fixed_point::roundingDivideByPowerOfTwo(raw, 16)));
}

template <int kShift> HWY_INLINE Q15 RoundingShiftRight(Q15 x)
{
    const Shorts d;
    const auto remainder = hn::And(x, hn::Set(d, (1 << kShift) - 1));
    const auto threshold = hn::Sub(hn::Set(d, ((1 << kShift) - 1) >> 1), hn::BroadcastSignBit(x));
    return hn::Sub(hn::ShiftRight<kShift>(x), hn::VecFromMask(d, hn::Gt(remainder, threshold)));
}

template <int kShift> HWY_INLINE Q15 SaturatingShiftLeft(Q15 x)
{
    const Shorts d;
    const auto shifted = hn::ShiftLeft<kShift>(x);
    const auto limit = hn::Xor(hn::Set(d, 32767), hn::BroadcastSignBit(x)); // -32768 below 0
    return hn::IfThenElse(hn::Eq(hn::ShiftRight<kShift>(shifted), x), shifted, limit);
}

HWY_INLINE Q15 Product(Q15 a, Q15 b) { return hn::MulFixedPoint15(a, b); }

/// exp of a in [-1/4, 0).
HWY_INLINE Q15 ExpOnLastQuarter(Q15 a)
{
    const auto term = Constant(1895147668);
    const auto x = hn::Add(a, hn::Set(Shorts(), 1 << 12));
    const auto x2 = Product(x, x);
    const auto x3 = Product(x2, x);
    const auto x4 = Product(x2, x2);
    const auto inner = hn::Add(Product(hn::Add(RoundingShiftRight<2>(x4), x3), Constant(715827883)), x2);
    return hn::SaturatedAdd(term, Product(term, hn::Add(x, RoundingShiftRight<1>(inner))));
}

/// exp of a < 0; what it gives for 0 is of no use.
HWY_INLINE Q15 ExpNegative(Q15 a, int integerBits)
{
    const Shorts d;
    const int fractionalBits = 15 - integerBits;
    const auto quarter = hn::Set(d, static_cast<std::int16_t>(1 << (fractionalBits - 2)));
    const auto inQuarter = hn::Sub(hn::And(a, hn::Sub(quarter, hn::Set(d, 1))), quarter);
    auto result = ExpOnLastQuarter(hn::ShiftLeftSame(inQuarter, integerBits));
    const auto remainder = hn::Sub(inQuarter, a);
    // exp(-2^k) for k = -2..4.
    constexpr std::int32_t kFactors[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    for (int exponent = -2; exponent <= 4 && exponent < integerBits; ++exponent) {
        const auto bit = hn::Set(d, static_cast<std::int16_t>(1 << (fractionalBits + exponent)));
        result = hn::IfThenElse(hn::TestBit(remainder, bit), Product(result, Constant(kFactors[exponent + 2])), result);
    }
    if (integerBits > 5) // nothing is left below -32
        result = hn::IfThenZeroElse(hn::Lt(a, Constant(static_cast<std::int32_t>(-(std::int64_t{1} << (36 - integerBits))))), result);
    return result;
}

/// 2 / (1 + a) of a in [0, 1], with two integer bits.
HWY_INLINE Q15 TwoOverOnePlus(Q15 a)
{
    const Shorts d;
    const hn::RebindToUnsigned<Shorts> bits;
    const auto halfDenominator = hn::BitCast(d, hn::AverageRound(hn::BitCast(bits, a), hn::Set(bits, 32767)));
    const auto one = hn::Set(d, 1 << 13);
    auto x = hn::Add(Constant(1515870810), Product(halfDenominator, Constant(-1010580540)));
    for (int i = 0; i < 3; ++i)
        x = hn::Add(x, SaturatingShiftLeft<2>(Product(x, hn::Sub(one, Product(halfDenominator, x)))));
    return x;
}

/// f(-|a|) for a > 0, mirrored(f(-|a|)) below, and `atZero` at 0.
template <typename F, typename Mirrored> HWY_INLINE Q15 Mirror(Q15 a, std::int16_t atZero, const F &f, const Mirrored &mirrored)
{
    const Shorts d;
    const auto zero = hn::Zero(d);
    const auto positive = f(hn::Min(a, hn::Sub(zero, a)));
    return hn::IfThenElse(hn::Eq(a, zero), hn::Set(d, atZero), hn::IfThenElse(hn::Gt(a, zero), positive, mirrored(positive)));
}

void LogisticOfCodes(const std::int16_t *in, int integerBits, std::size_t count, std::int16_t *out)
{
    const Shorts d;
    ForEach(d, in, count, out, [&](Q15 a) HWY_ATTR {
        return Mirror(
            a, 1 << 14, [&](Q15 x) HWY_ATTR { return SaturatingShiftLeft<1>(TwoOverOnePlus(ExpNegative(x, integerBits))); },
            [&](Q15 y) HWY_ATTR { return hn::Sub(hn::Set(d, 32767), y); });
    });
}

void TanhOfCodes(const std::int16_t *in, int integerBits, std::size_t count, std::int16_t *out)
{
    const Shorts d;
    ForEach(d, in, count, out, [&](Q15 a) HWY_ATTR {
        return Mirror(
            a, 0, [&](Q15 x) HWY_ATTR { return SaturatingShiftLeft<2>(hn::Sub(TwoOverOnePlus(ExpNegative(x, integerBits + 1)), hn::Set(d, 1 << 13))); },
            [&](Q15 y) HWY_ATTR { return hn::Sub(hn::Zero(d), y); });
    });
}

void LogisticOfFloats(const float *in, std::size_t count, float *out)
{
    const Floats d;
    const auto one = hn::Set(d, 1.0f);
    ForEach(d, in, count, out, [&](hn::Vec<Floats> x) HWY_ATTR {
        return hn::IfThenElse(hn::IsNaN(x), x, hn::Div(one, hn::Add(one, hn::Exp(d, hn::Neg(x)))));
    });
}

void TanhOfFloats(const float *in, std::size_t count, float *out)
{
    const Floats d;
    ForEach(d, in, count, out, [&](hn::Vec<Floats> x) HWY_ATTR { return hn::IfThenElse(hn::IsNaN(x), x, hn::Tanh(d, x)); });
}

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe::simd {

HWY_EXPORT(LogisticOfCodes);
HWY_EXPORT(TanhOfCodes);
HWY_EXPORT(LogisticOfFloats);
HWY_EXPORT(TanhOfFloats);

void logistic(const std::int16_t *in, int integerBits, std::size_t count, std::int16_t *out)
{
    HWY_DYNAMIC_DISPATCH(LogisticOfCodes)(in, integerBits, count, out);
}

void tanh(const std::int16_t *in, int integerBits, std::size_t count, std::int16_t *out)
{
    HWY_DYNAMIC_DISPATCH(TanhOfCodes)(in, integerBits, count, out);
}

void logistic(const float *in, std::size_t count, float *out)
{
    HWY_DYNAMIC_DISPATCH(LogisticOfFloats)(in, count, out);
}

void tanh(const float *in, std::size_t count, float *out)
{
    HWY_DYNAMIC_DISPATCH(TanhOfFloats)(in, count, out);
}

} // namespace quantloupe::simd

#endif
