// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simd/elementwise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/simd/elementwise.h"
#include "kernels/simd/requantize-inl.h"

#include <algorithm>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::ScalableTag<std::int32_t>;

/// A multiplier spread over a vector; fixed_point::multiply of every lane.
struct VectorMultiplier {
    hn::Vec<Ints> mantissa;
    hn::Vec<Ints> right;
    int left;

    explicit HWY_INLINE VectorMultiplier(fixed_point::Multiplier m)
        : mantissa(hn::Set(Ints(), m.mantissa)), right(hn::Set(Ints(), std::max(-m.exponent, 0))), left(std::max(m.exponent, 0))
    {
    }
    HWY_INLINE hn::Vec<Ints> operator()(hn::Vec<Ints> x) const
    {
        if (left != 0)
            x = hn::ShiftLeftSame(x, left);
        return RoundingShiftRight(HighProduct(x, mantissa), right);
    }
};

template <typename T> HWY_INLINE auto LoadWide(const T *from)
{
    if constexpr (std::is_same_v<T, float>)
        return hn::LoadU(Floats(), from);
    else
        return hn::PromoteTo(Ints(), hn::LoadU(hn::Rebind<T, Ints>(), from));
}

template <typename T> HWY_INLINE void StoreNarrow(hn::Vec<Ints> codes, T *to)
{
    const hn::Rebind<T, Ints> narrow;
    hn::StoreU(hn::DemoteTo(narrow, codes), narrow, to);
}
HWY_INLINE void StoreNarrow(hn::Vec<Floats> values, float *to) { hn::StoreU(values, Floats(), to); }

/// out[i] = f(a[i], b[i]); the rest of a run goes through buffers.
template <typename T, typename F> HWY_INLINE void ForEachPair(RunOperand<T> a, RunOperand<T> b, std::size_t count, T *HWY_RESTRICT out, const F &f)
{
    const std::size_t lanes = hn::Lanes(Ints());
    HWY_ALIGN T first[HWY_MAX_BYTES / sizeof(std::int32_t)] = {};
    HWY_ALIGN T second[HWY_MAX_BYTES / sizeof(std::int32_t)] = {};
    if (a.isOne)
        std::fill_n(first, lanes, *a.first);
    if (b.isOne)
        std::fill_n(second, lanes, *b.first);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        StoreNarrow(f(LoadWide(a.isOne ? first : a.first + i), LoadWide(b.isOne ? second : b.first + i)), out + i);
    if (i == count)
        return;
    if (!a.isOne)
        std::copy(a.first + i, a.first + count, first);
    if (!b.isOne)
        std::copy(b.first + i, b.first + count, second);
    HWY_ALIGN T rest[HWY_MAX_BYTES / sizeof(std::int32_t)];
    StoreNarrow(f(LoadWide(first), LoadWide(second)), rest);
    std::copy_n(rest, count - i, out + i);
}

template <typename Code> HWY_INLINE void CombineCodesOf(const CommonScale &scale, Combination combination, RunOperand<Code> a, RunOperand<Code> b, std::size_t count, Code *out)
{
    const Ints d;
    const VectorMultiplier scaleA(scale.a);
    const VectorMultiplier scaleB(scale.b);
    const VectorMultiplier scaleOut(scale.out);
    const auto zeroA = hn::Set(d, scale.zeroPointA);
    const auto zeroB = hn::Set(d, scale.zeroPointB);
    const auto zeroOut = hn::Set(d, scale.zeroPointOut);
    const auto low = hn::Set(d, scale.clamp.min);
    const auto high = hn::Set(d, scale.clamp.max);
    const int shift = scale.leftShift;
    const auto scaled = [&](const auto &combine) HWY_ATTR {
        ForEachPair(a, b, count, out, [&](hn::Vec<Ints> x, hn::Vec<Ints> y) HWY_ATTR {
            const auto left = scaleA(hn::ShiftLeftSame(hn::Sub(x, zeroA), shift));
            const auto right = scaleB(hn::ShiftLeftSame(hn::Sub(y, zeroB), shift));
            return hn::Min(hn::Max(hn::Add(scaleOut(combine(left, right)), zeroOut), low), high);
        });
    };
    if (combination == Combination::Sum)
        scaled([](auto left, auto right) HWY_ATTR { return hn::Add(left, right); });
    else if (combination == Combination::Difference)
        scaled([](auto left, auto right) HWY_ATTR { return hn::Sub(left, right); });
    else
        scaled([](auto left, auto right) HWY_ATTR {
            const auto difference = hn::Sub(left, right);
            return hn::Mul(difference, difference);
        });
}

template <typename Code> HWY_INLINE void MultiplyCodesOf(const ProductScale &scale, RunOperand<Code> a, RunOperand<Code> b, std::size_t count, Code *out)
{
    const Ints d;
    const VectorMultiplier multiplier(scale.multiplier);
    const auto zeroA = hn::Set(d, scale.zeroPointA);
    const auto zeroB = hn::Set(d, scale.zeroPointB);
    const auto zeroOut = hn::Set(d, scale.zeroPointOut);
    const auto low = hn::Set(d, scale.clamp.min);
    const auto high = hn::Set(d, scale.clamp.max);
    ForEachPair(a, b, count, out, [&](hn::Vec<Ints> x, hn::Vec<Ints> y) HWY_ATTR {
        return hn::Min(hn::Max(hn::Add(multiplier(hn::Mul(hn::Sub(x, zeroA), hn::Sub(y, zeroB))), zeroOut), low), high);
    });
}

void CombineFloats(Arithmetic arithmetic, FloatClamp clamp, RunOperand<float> a, RunOperand<float> b, std::size_t count, float *out)
{
    const Floats d;
    const auto low = hn::Set(d, clamp.min);
    const auto high = hn::Set(d, clamp.max);
    const auto clamped = [&](const auto &combine) HWY_ATTR {
        // The limit first: NaN then comes through, as in the reference.
        ForEachPair(a, b, count, out, [&](hn::Vec<Floats> x, hn::Vec<Floats> y) HWY_ATTR { return hn::Min(high, hn::Max(low, combine(x, y))); });
    };
    switch (arithmetic) {
    case Arithmetic::Sum: return clamped([](auto x, auto y) HWY_ATTR { return hn::Add(x, y); });
    case Arithmetic::Difference: return clamped([](auto x, auto y) HWY_ATTR { return hn::Sub(x, y); });
    case Arithmetic::Product: return clamped([](auto x, auto y) HWY_ATTR { return hn::Mul(x, y); });
    case Arithmetic::SquaredDifference:
        return clamped([](auto x, auto y) HWY_ATTR {
            const auto difference = hn::Sub(x, y);
            return hn::Mul(difference, difference);
        });
    }
}

#define QL_OF_CODE(Name, Code)                                                                                                                                      \
    void CombineCodes##Name(const CommonScale &scale, Combination combination, RunOperand<Code> a, RunOperand<Code> b, std::size_t count, Code *out)                  \
    {                                                                                                                                                                 \
        CombineCodesOf(scale, combination, a, b, count, out);                                                                                                         \
    }                                                                                                                                                                 \
    void MultiplyCodes##Name(const ProductScale &scale, RunOperand<Code> a, RunOperand<Code> b, std::size_t count, Code *out) { MultiplyCodesOf(scale, a, b, count, out); }
QL_OF_CODE(Int8, std::int8_t)
QL_OF_CODE(UInt8, std::uint8_t)
QL_OF_CODE(Int16, std::int16_t)
#undef QL_OF_CODE

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe::simd {

#define QL_OF_CODE(Name, Code)                                                                                                                                                \
    HWY_EXPORT(CombineCodes##Name);                                                                                                                                           \
    HWY_EXPORT(MultiplyCodes##Name);                                                                                                                                          \
    template <> void combineCodes(const CommonScale &scale, Combination combination, RunOperand<Code> a, RunOperand<Code> b, std::size_t count, Code *out)                      \
    {                                                                                                                                                                           \
        HWY_DYNAMIC_DISPATCH(CombineCodes##Name)(scale, combination, a, b, count, out);                                                                                         \
    }                                                                                                                                                                           \
    template <> void multiplyCodes(const ProductScale &scale, RunOperand<Code> a, RunOperand<Code> b, std::size_t count, Code *out)                                             \
    {                                                                                                                                                                           \
        HWY_DYNAMIC_DISPATCH(MultiplyCodes##Name)(scale, a, b, count, out);                                                                                                     \
    }
QL_OF_CODE(Int8, std::int8_t)
QL_OF_CODE(UInt8, std::uint8_t)
QL_OF_CODE(Int16, std::int16_t)
#undef QL_OF_CODE

HWY_EXPORT(CombineFloats);

std::optional<Repetition> repetition(const Shape &a, const Shape &b)
{
    const auto elements = static_cast<std::size_t>(a.elementCount());
    const auto repeated = static_cast<std::size_t>(b.elementCount());
    if (repeated == 1 && b.rank() <= a.rank())
        return Repetition{1, elements, true};
    int dims = b.rank();
    while (dims > 0 && b[b.rank() - dims] == 1) // leading ones do not count
        --dims;
    if (dims > a.rank() || b.rank() > a.rank() || repeated == 0)
        return std::nullopt;
    for (int fromRight = 1; fromRight <= dims; ++fromRight)
        if (a[a.rank() - fromRight] != b[b.rank() - fromRight])
            return std::nullopt;
    return Repetition{elements / repeated, repeated, false};
}

void combineFloats(Arithmetic arithmetic, FloatClamp clamp, RunOperand<float> a, RunOperand<float> b, std::size_t count, float *out)
{
    HWY_DYNAMIC_DISPATCH(CombineFloats)(arithmetic, clamp, a, b, count, out);
}

EvalFunction floatArithmetic(const PrepareContext &context, const Broadcast &plan, Arithmetic arithmetic, FloatClamp clamp)
{
    auto one = elementwise<float, float>(plan, [arithmetic, clamp](float a, float b) {
        switch (arithmetic) {
        case Arithmetic::Sum: return clamp(a + b);
        case Arithmetic::Difference: return clamp(a - b);
        case Arithmetic::Product: return clamp(a * b);
        case Arithmetic::SquaredDifference: break;
        }
        return clamp((a - b) * (a - b));
    });
    const auto many = [arithmetic, clamp](RunOperand<float> a, RunOperand<float> b, std::size_t count, float *out) { combineFloats(arithmetic, clamp, a, b, count, out); };
    return runwise<float>(context, many, std::move(one));
}

} // namespace quantloupe::simd

#endif
