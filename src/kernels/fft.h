// SPDX-License-Identifier: GPL-3.0-or-later
//
// The real FFT of TFLite Micro's audio front end (KissFFT's arithmetic): float, or fixed point in which every butterfly
// scales down by its number of inputs.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <type_traits>
#include <vector>

namespace quantloupe::fft {

template <typename T> struct Complex {
    T r;
    T i;
};

/// One length and direction, made once; T is float, int16_t or int32_t.
template <typename T> class RealFft {
public:
    /// `length` real values: a power of two of at least 4.
    RealFft(std::size_t length, bool isInverse);

    std::size_t length() const { return 2 * m_half; }
    /// `workspace` and the rest: length / 2 elements.
    /// length reals to length / 2 + 1 spectrum values.
    void forward(const T *in, Complex<T> *out, Complex<T> *workspace) const;
    /// Back. Fixed point comes out divided by length / 2, float multiplied by it.
    void inverse(const Complex<T> *in, T *out, Complex<T> *workspace) const;

private:
    void transform(Complex<T> *out, const Complex<T> *in, std::size_t stride, std::size_t factor) const;
    void butterfly2(Complex<T> *out, std::size_t stride, std::size_t m) const;
    void butterfly4(Complex<T> *out, std::size_t stride, std::size_t m) const;

    struct Factor {
        std::size_t radix;
        std::size_t rest;
    };
    std::size_t m_half;
    bool m_isInverse;
    std::vector<Factor> m_factors;
    std::vector<Complex<T>> m_twiddles;
    std::vector<Complex<T>> m_unpacking; ///< from the complex transform of half the length to the real one
};

extern template class RealFft<float>;
extern template class RealFft<std::int16_t>;
extern template class RealFft<std::int32_t>;

} // namespace quantloupe::fft
