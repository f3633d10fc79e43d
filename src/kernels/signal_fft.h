// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

namespace quantloupe {

/// The option fft_length of SignalRfft and SignalIrfft: a power of two from 4 to 2^20.
Result<std::size_t> fftLength(const PrepareContext &context);
/// Input and output of one type, with `inWidth` and `outWidth` values along their last axes; the number of transforms.
Result<std::size_t> fftCount(PrepareContext &context, std::size_t mostIn, std::size_t outWidth);

/// make(T{}) for the input's type T.
template <typename F> Result<EvalFunction> fftOfInputType(const PrepareContext &context, F make)
{
    switch (context.input(0).type()) {
    case DataType::Float32: return make(float{});
    case DataType::Int16: return make(std::int16_t{});
    case DataType::Int32: return make(std::int32_t{});
    default: return fail(context.unsupported("float32, int16 or int32", context.typesText()));
    }
}

} // namespace quantloupe
