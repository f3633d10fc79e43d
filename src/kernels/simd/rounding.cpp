// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simd/rounding.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/simd/rounding.h"

#include <algorithm>
#include <limits>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::ScalableTag<std::int32_t>;

template <typename Code> HWY_INLINE void Store(hn::Vec<Ints> codes, Code *out)
{
    if constexpr (std::is_same_v<Code, std::int32_t>) {
        hn::StoreU(codes, Ints(), out);
    } else {
        const hn::Rebind<Code, Ints> narrow;
        hn::StoreU(hn::DemoteTo(narrow, codes), narrow, out);
    }
}

template <typename Code> HWY_INLINE void QuantizeRun(const float *in, std::size_t count, float scale, std::int32_t zeroPoint, CodeClamp clamp, Code *out)
{
    const Floats d;
    const Ints ints;
    const std::size_t lanes = hn::Lanes(d);
    const auto divisor = hn::Set(d, scale);
    // The largest float below 0.5: truncation then rounds half away from zero, for every float.
    const auto almostHalf = hn::Set(d, 0.49999997f);
    const auto codes = [&](hn::Vec<Floats> x) HWY_ATTR {
        const auto steps = hn::Div(x, divisor);
        const auto rounded = hn::Trunc(hn::Add(steps, hn::CopySign(almostHalf, steps)));
        const auto fits = hn::And(hn::Ge(rounded, hn::Set(d, -2147483648.0f)), hn::Lt(rounded, hn::Set(d, 2147483648.0f)));
        const auto whole = hn::IfThenElse(hn::RebindMask(ints, fits), hn::ConvertTo(ints, rounded), hn::Set(ints, std::numeric_limits<std::int32_t>::min()));
        return hn::Min(hn::Max(hn::Add(whole, hn::Set(ints, zeroPoint)), hn::Set(ints, clamp.min)), hn::Set(ints, clamp.max));
    };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        Store(codes(hn::LoadU(d, in + i)), out + i);
    if (i == count)
        return;
    HWY_ALIGN float part[HWY_MAX_BYTES / sizeof(float)] = {};
    HWY_ALIGN Code rest[HWY_MAX_BYTES / sizeof(float)];
    std::copy(in + i, in + count, part);
    Store(codes(hn::Load(d, part)), rest);
    std::copy_n(rest, count - i, out + i);
}

#define QL_OF_CODE(Name, Code)                                                                                                     \
    void Quantize##Name(const float *in, std::size_t count, float scale, std::int32_t zeroPoint, CodeClamp clamp, Code *out)       \
    {                                                                                                                              \
        QuantizeRun(in, count, scale, zeroPoint, clamp, out);                                                                      \
    }
QL_OF_CODE(Int8, std::int8_t)
QL_OF_CODE(UInt8, std::uint8_t)
QL_OF_CODE(Int16, std::int16_t)
QL_OF_CODE(Int32, std::int32_t)
#undef QL_OF_CODE

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe::simd {

#define QL_OF_CODE(Name, Code)                                                                                                              \
    HWY_EXPORT(Quantize##Name);                                                                                                             \
    template <> void quantize(const float *in, std::size_t count, float scale, std::int32_t zeroPoint, CodeClamp clamp, Code *out)          \
    {                                                                                                                                       \
        HWY_DYNAMIC_DISPATCH(Quantize##Name)(in, count, scale, zeroPoint, clamp, out);                                                      \
    }
QL_OF_CODE(Int8, std::int8_t)
QL_OF_CODE(UInt8, std::uint8_t)
QL_OF_CODE(Int16, std::int16_t)
QL_OF_CODE(Int32, std::int32_t)
#undef QL_OF_CODE

} // namespace quantloupe::simd

#endif
