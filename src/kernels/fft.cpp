// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/fft.h"

namespace quantloupe::fft {
namespace {

template <typename T> constexpr bool kIsFloat = std::is_floating_point_v<T>;
template <typename T> constexpr int kFractionBits = std::numeric_limits<T>::digits; ///< 15 or 31
template <typename T> using Wide = std::conditional_t<kIsFloat<T>, T, std::conditional_t<sizeof(T) == 2, std::int32_t, std::int64_t>>;

template <typename T> T rounded(Wide<T> product)
{
    if constexpr (kIsFloat<T>) {
        return product;
    } else {
        using Unsigned = std::make_unsigned_t<Wide<T>>;
        return static_cast<T>(static_cast<Wide<T>>(static_cast<Unsigned>(product) + (Unsigned{1} << (kFractionBits<T> - 1))) >> kFractionBits<T>);
    }
}

/// Fixed-point sums wrap.
template <typename T> T sum(T a, T b)
{
    if constexpr (kIsFloat<T>)
        return a + b;
    else
        return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
template <typename T> T difference(T a, T b)
{
    if constexpr (kIsFloat<T>)
        return a - b;
    else
        return static_cast<T>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

template <typename T> Complex<T> operator+(Complex<T> a, Complex<T> b) { return {sum(a.r, b.r), sum(a.i, b.i)}; }
template <typename T> Complex<T> operator-(Complex<T> a, Complex<T> b) { return {difference(a.r, b.r), difference(a.i, b.i)}; }
template <typename T> Complex<T> operator*(Complex<T> a, Complex<T> b)
{
    using W = Wide<T>;
    if constexpr (kIsFloat<T>) {
        return {a.r * b.r - a.i * b.i, a.r * b.i + a.i * b.r};
    } else {
        using Unsigned = std::make_unsigned_t<W>; // two full products may wrap together
        const auto product = [](T x, T y) { return static_cast<Unsigned>(static_cast<W>(x) * static_cast<W>(y)); };
        return {rounded<T>(static_cast<W>(product(a.r, b.r) - product(a.i, b.i))), rounded<T>(static_cast<W>(product(a.r, b.i) + product(a.i, b.r)))};
    }
}

/// Fixed point: divided by `divisor`, so that the sum of as many values cannot overflow. Float: as it is.
template <typename T> Complex<T> shrunk(Complex<T> x, int divisor)
{
    if constexpr (kIsFloat<T>) {
        return x;
    } else {
        const Wide<T> factor = std::numeric_limits<T>::max() / divisor;
        return {rounded<T>(x.r * factor), rounded<T>(x.i * factor)};
    }
}

template <typename T> T half(T x)
{
    if constexpr (kIsFloat<T>)
        return x * T(0.5);
    else
        return static_cast<T>(x >> 1);
}

template <typename T> T negated(T x) { return difference(T{0}, x); }

template <typename T> Complex<T> unitRoot(double phase)
{
    if constexpr (kIsFloat<T>)
        return {static_cast<T>(std::cos(phase)), static_cast<T>(std::sin(phase))};
    else
        return {static_cast<T>(std::floor(0.5 + std::numeric_limits<T>::max() * std::cos(phase))), static_cast<T>(std::floor(0.5 + std::numeric_limits<T>::max() * std::sin(phase)))};
}

} // namespace

template <typename T> RealFft<T>::RealFft(std::size_t length, bool isInverse) : m_half(length / 2), m_isInverse(isInverse)
{
    const double sign = isInverse ? -1.0 : 1.0;
    for (std::size_t i = 0; i < m_half; ++i)
        m_twiddles.push_back(unitRoot<T>(sign * -2.0 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(m_half)));
    for (std::size_t i = 0; i < m_half / 2; ++i)
        m_unpacking.push_back(unitRoot<T>(sign * -std::numbers::pi * (static_cast<double>(i + 1) / static_cast<double>(m_half) + 0.5)));
    for (std::size_t rest = m_half; rest > 1;) { // fours first, and a two for what is left
        const std::size_t radix = rest % 4 == 0 ? 4 : 2;
        rest /= radix;
        m_factors.push_back({radix, rest});
    }
    if (m_factors.empty())
        m_factors.push_back({1, 1});
}

template <typename T> void RealFft<T>::butterfly2(Complex<T> *out, std::size_t stride, std::size_t m) const
{
    for (std::size_t k = 0; k < m; ++k) {
        const Complex<T> first = shrunk(out[k], 2);
        const Complex<T> turned = shrunk(out[k + m], 2) * m_twiddles[k * stride];
        out[k + m] = first - turned;
        out[k] = first + turned;
    }
}

template <typename T> void RealFft<T>::butterfly4(Complex<T> *out, std::size_t stride, std::size_t m) const
{
    for (std::size_t k = 0; k < m; ++k) {
        const Complex<T> first = shrunk(out[k], 4);
        const Complex<T> b = shrunk(out[k + m], 4) * m_twiddles[k * stride];
        const Complex<T> c = shrunk(out[k + 2 * m], 4) * m_twiddles[k * stride * 2];
        const Complex<T> d = shrunk(out[k + 3 * m], 4) * m_twiddles[k * stride * 3];
        const Complex<T> even = first - c;
        const Complex<T> base = first + c;
        const Complex<T> odd = b + d;
        const Complex<T> across = b - d;
        const Complex<T> quarterTurn{across.i, negated(across.r)}; // times -i
        out[k + 2 * m] = base - odd;
        out[k] = base + odd;
        out[k + m] = m_isInverse ? even - quarterTurn : even + quarterTurn;
        out[k + 3 * m] = m_isInverse ? even + quarterTurn : even - quarterTurn;
    }
}

template <typename T> void RealFft<T>::transform(Complex<T> *out, const Complex<T> *in, std::size_t stride, std::size_t factor) const
{
    const auto [radix, m] = m_factors[factor];
    for (std::size_t p = 0; p < radix; ++p) {
        if (m == 1)
            out[p] = in[p * stride];
        else
            transform(out + p * m, in + p * stride, stride * radix, factor + 1);
    }
    if (radix == 4)
        butterfly4(out, stride, m);
    else if (radix == 2)
        butterfly2(out, stride, m);
}

template <typename T> void RealFft<T>::forward(const T *in, Complex<T> *out, Complex<T> *workspace) const
{
    transform(workspace, reinterpret_cast<const Complex<T> *>(in), 1, 0); // pairs of reals as complex values
    const Complex<T> first = shrunk(workspace[0], 2);
    out[0] = {sum(first.r, first.i), T{0}};
    out[m_half] = {difference(first.r, first.i), T{0}};
    for (std::size_t k = 1; k <= m_half / 2; ++k) {
        const Complex<T> a = shrunk(workspace[k], 2);
        const Complex<T> mirrored{workspace[m_half - k].r, negated(workspace[m_half - k].i)};
        const Complex<T> b = shrunk(mirrored, 2);
        const Complex<T> even = a + b;
        const Complex<T> odd = (a - b) * m_unpacking[k - 1];
        out[k] = {half(sum(even.r, odd.r)), half(sum(even.i, odd.i))};
        out[m_half - k] = {half(difference(even.r, odd.r)), half(difference(odd.i, even.i))};
    }
}

template <typename T> void RealFft<T>::inverse(const Complex<T> *in, T *out, Complex<T> *workspace) const
{
    workspace[0] = shrunk(Complex<T>{sum(in[0].r, in[m_half].r), difference(in[0].r, in[m_half].r)}, 2);
    for (std::size_t k = 1; k <= m_half / 2; ++k) {
        const Complex<T> a = shrunk(in[k], 2);
        const Complex<T> b = shrunk(Complex<T>{in[m_half - k].r, negated(in[m_half - k].i)}, 2);
        const Complex<T> even = a + b;
        const Complex<T> odd = (a - b) * m_unpacking[k - 1];
        workspace[k] = even + odd;
        const Complex<T> other = even - odd;
        workspace[m_half - k] = {other.r, negated(other.i)};
    }
    transform(reinterpret_cast<Complex<T> *>(out), workspace, 1, 0);
}

template class RealFft<float>;
template class RealFft<std::int16_t>;
template class RealFft<std::int32_t>;

} // namespace quantloupe::fft
