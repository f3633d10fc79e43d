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

#include "kernels/simd/channel_table.h"

#include <cstring>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

/// saturatingRoundingDoublingHighMul of every lane with a mantissa >= 0: (a * b + 2^30) / 2^31, rounded down, is what
/// its rounding amounts to.
/// `oddMantissa` holds the odd lanes where even ones are.
template <typename V> HWY_INLINE V HighProduct(V value, V mantissa, V oddMantissa)
{
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::DFromV<V> d;
    const hn::RepartitionToWide<hn::DFromV<V>> wide;
    const auto half = hn::Set(wide, std::int64_t{1} << 30);
    const auto upper = [&](V v) { return hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(hn::RebindToUnsigned<decltype(wide)>(), v))); };
    const auto even = hn::Add(hn::MulEven(value, mantissa), half);
    const auto odd = hn::Add(hn::MulEven(upper(value), oddMantissa), half);
    const hn::RebindToUnsigned<decltype(wide)> bits;
    const auto low = hn::BitCast(d, hn::ShiftRight<31>(hn::BitCast(bits, even)));
    const auto high = hn::BitCast(d, hn::ShiftLeft<1>(hn::BitCast(bits, odd)));
    return hn::OddEven(high, low);
}

template <typename V> HWY_INLINE V HighProduct(V value, V mantissa)
{
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::RebindToUnsigned<hn::RepartitionToWide<hn::DFromV<V>>> bits;
    return HighProduct(value, mantissa, hn::BitCast(hn::DFromV<V>(), hn::ShiftRight<32>(hn::BitCast(bits, mantissa))));
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

/// What becomes of the sums of one vector of channels, loaded once for many rows. Sums hold the channels' constant.
template <typename D> class ChannelScaling {
public:
    using V = hwy::HWY_NAMESPACE::Vec<D>;

    HWY_INLINE ChannelScaling(const ChannelTable &table, std::size_t channel)
        : m_constant(Load(table.constant, channel)), m_mantissa(Load(table.mantissa, channel)), m_right(Load(table.right, channel)), m_left(Load(table.left, channel)),
          m_nudge(Load(table.nudge, channel)), m_zeroPoint(hwy::HWY_NAMESPACE::Set(D(), table.zeroPoint)), m_low(hwy::HWY_NAMESPACE::Set(D(), table.clamp.min)),
          m_high(hwy::HWY_NAMESPACE::Set(D(), table.clamp.max)), m_factor(table.factor.data() + channel), m_clamp(table.clamp), m_isPlain(table.isPlain),
          m_isInDouble(table.rounding == CodeScaling::Rounding::InDouble), m_hasLeftShift(table.hasLeftShift)
    {
        namespace hn = hwy::HWY_NAMESPACE;
        const hn::RebindToUnsigned<hn::RepartitionToWide<D>> bits;
        m_oddMantissa = hn::BitCast(D(), hn::ShiftRight<32>(hn::BitCast(bits, m_mantissa)));
    }

    HWY_INLINE V constant() const { return m_constant; }

    /// Codes in 32 bits.
    HWY_INLINE V operator()(V sum) const
    {
        namespace hn = hwy::HWY_NAMESPACE;
        V steps;
        if (HWY_LIKELY(m_isPlain)) {
            // Half away from zero, as RoundingShiftRight, for shifts above 0 and sums that cannot overflow.
            const V product = HighProduct(sum, m_mantissa, m_oddMantissa);
            steps = hn::Add(hn::Add(product, m_nudge), hn::BroadcastSignBit(product)) >> m_right;
        } else if (m_isInDouble) {
            return RoundedInDouble(sum, m_factor, static_cast<double>(hn::GetLane(m_zeroPoint)), m_clamp);
        } else {
            if (m_hasLeftShift)
                sum = sum << m_left;
            steps = RoundingShiftRight(HighProduct(sum, m_mantissa, m_oddMantissa), m_right);
        }
        return hn::Min(hn::Max(hn::Add(steps, m_zeroPoint), m_low), m_high);
    }

private:
    static HWY_INLINE V Load(const std::vector<std::int32_t> &column, std::size_t at) { return hwy::HWY_NAMESPACE::LoadU(D(), column.data() + at); }

    V m_constant;
    V m_mantissa;
    V m_oddMantissa;
    V m_right;
    V m_left;
    V m_nudge;
    V m_zeroPoint;
    V m_low;
    V m_high;
    const double *m_factor;
    CodeClamp m_clamp;
    bool m_isPlain;
    bool m_isInDouble;
    bool m_hasLeftShift;
};

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
