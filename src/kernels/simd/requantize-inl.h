// SPDX-License-Identifier: GPL-3.0-or-later
//
// The exact step from 32-bit sums to codes, a vector of channels at a time: what fixed_point::multiply does to each.
// Included once for every instruction set.
#if defined(QUANTLOUPE_SIMD_REQUANTIZE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUANTLOUPE_SIMD_REQUANTIZE_INL
#undef QUANTLOUPE_SIMD_REQUANTIZE_INL
#else
#define QUANTLOUPE_SIMD_REQUANTIZE_INL
#endif

#include "kernels/simd/products.h"

#include <cstring>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

/// saturatingRoundingDoublingHighMul of every lane with a mantissa >= 0: (a * b + 2^30) / 2^31, rounded down, is what
/// its rounding amounts to.
template <typename V> HWY_INLINE V HighProduct(V value, V mantissa)
{
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::DFromV<V> d;
    const hn::RepartitionToWide<hn::DFromV<V>> wide;
    const auto half = hn::Set(wide, std::int64_t{1} << 30);
    const auto upper = [&](V v) { return hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(hn::RebindToUnsigned<decltype(wide)>(), v))); };
    const auto even = hn::Add(hn::MulEven(value, mantissa), half);
    const auto odd = hn::Add(hn::MulEven(upper(value), upper(mantissa)), half);
    const hn::RebindToUnsigned<decltype(wide)> bits;
    const auto low = hn::BitCast(d, hn::ShiftRight<31>(hn::BitCast(bits, even)));
    const auto high = hn::BitCast(d, hn::ShiftLeft<1>(hn::BitCast(bits, odd)));
    return hn::OddEven(high, low);
}

/// roundingDivideByPowerOfTwo of every lane, exponents 0 to 31.
template <typename V> HWY_INLINE V RoundingShiftRight(V value, V exponent)
{
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::DFromV<V> d;
    const auto one = hn::Set(d, 1);
    const auto mask = hn::Sub(one << exponent, one);
    const auto threshold = hn::Sub(hn::ShiftRight<1>(mask), hn::BroadcastSignBit(value));
    const auto isMore = hn::Gt(hn::And(value, mask), threshold);
    return hn::Sub(value >> exponent, hn::VecFromMask(d, isMore)); // a true lane is -1
}

template <typename V> HWY_INLINE V RoundedInDouble(V sum, const double *factor, double zeroPoint, CodeClamp clamp)
{
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::DFromV<V> d;
    const hn::Half<decltype(d)> half;
    const hn::Rebind<double, decltype(half)> wide;
    const auto low = hn::Set(wide, static_cast<double>(clamp.min));
    const auto high = hn::Set(wide, static_cast<double>(clamp.max));
    // The largest double below 0.5: truncation then rounds half away from zero, for every double.
    const auto almostHalf = hn::Set(wide, 0.49999999999999994);
    const auto offset = hn::Set(wide, zeroPoint);
    const auto codes = [&](auto part, const double *factors) {
        const auto steps = hn::Mul(hn::PromoteTo(wide, part), hn::LoadU(wide, factors));
        const auto rounded = hn::Trunc(hn::Add(steps, hn::CopySign(almostHalf, steps)));
        return hn::DemoteTo(half, hn::Min(hn::Max(hn::Add(rounded, offset), low), high));
    };
    return hn::Combine(d, codes(hn::UpperHalf(half, sum), factor + hn::Lanes(wide)), codes(hn::LowerHalf(half, sum), factor));
}

/// Sums of the channels from `channel` on, as codes in 32 bits.
template <typename V> HWY_INLINE V Requantized(const ChannelTable &table, std::size_t channel, V sum)
{
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::DFromV<V> d;
    sum = hn::Add(sum, hn::LoadU(d, table.constant.data() + channel));
    if (table.rounding == CodeScaling::Rounding::InDouble)
        return RoundedInDouble(sum, table.factor.data() + channel, static_cast<double>(table.zeroPoint), table.clamp);
    if (table.hasLeftShift)
        sum = sum << hn::LoadU(d, table.left.data() + channel);
    const auto product = HighProduct(sum, hn::LoadU(d, table.mantissa.data() + channel));
    const auto steps = RoundingShiftRight(product, hn::LoadU(d, table.right.data() + channel));
    const auto code = hn::Add(steps, hn::Set(d, table.zeroPoint));
    return hn::Min(hn::Max(code, hn::Set(d, table.clamp.min)), hn::Set(d, table.clamp.max));
}

/// Stores the first min(count, lanes) codes.
template <typename V, typename Code> HWY_INLINE void StoreCodes(V codes, Code *out, std::size_t count)
{
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::DFromV<V> d;
    const hn::Rebind<Code, decltype(d)> narrow;
    const auto stored = hn::DemoteTo(narrow, codes);
    if (count >= hn::Lanes(d)) {
        hn::StoreU(stored, narrow, out);
        return;
    }
#if HWY_TARGET == HWY_AVX3
    hn::BlendedStore(stored, hn::FirstN(narrow, count), narrow, out);
#else
    HWY_ALIGN Code rest[HWY_MAX_BYTES / sizeof(std::int32_t)];
    hn::Store(stored, narrow, rest);
    std::memcpy(out, rest, count * sizeof(Code));
#endif
}

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
