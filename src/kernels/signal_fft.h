// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

namespace quantloupe {

/// The option fft_length of SignalRfft and SignalIrfft: a power of two from 4 to 2^20.
Result<std::size_t> fftLength(const PrepareContext &context);
/// Input and output of one type, with `inWidth` and `outWidth` values along their last axes; the number of transforms.
Result<std::size_t> fftCount(PrepareContext &context, std::size_t mostIn, std::size_t outWidth);

} // namespace quantloupe
