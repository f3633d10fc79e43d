// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalRfft: reals [..., size], padded with zeros to fft_length, to fft_length / 2 + 1 complex values, interleaved.
#include "kernels/fft.h"
#include "kernels/scratch_layout.h"
#include "kernels/signal_fft.h"

#include <algorithm>
#include <memory>

namespace quantloupe {
namespace {

template <typename T> EvalFunction prepareTyped(PrepareContext &context, std::size_t length, std::size_t count)
{
    const Shape &input = context.input(0).shape;
    ScratchLayout layout;
    const auto padded = layout.add<T>(length);
    const auto workspace = layout.add<fft::Complex<T>>(length / 2);
    const auto spectrum = layout.add<fft::Complex<T>>(length / 2 + 1);
    context.scratchBytes = layout.size();
    return [=, size = static_cast<std::size_t>(input[input.rank() - 1]), transform = std::make_shared<const fft::RealFft<T>>(length, false)](EvalContext &run) {
        T *const in = padded.in(run.scratch());
        fft::Complex<T> *const values = spectrum.in(run.scratch());
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t i = 0; i < count; ++i) {
                std::copy_n(run.input<T>(0, sample) + i * size, size, in);
                std::fill(in + size, in + length, T{0});
                transform->forward(in, values, workspace.in(run.scratch()));
                T *out = run.output<T>(0, sample) + i * (length + 2);
                for (std::size_t k = 0; k <= length / 2; ++k) {
                    *out++ = values[k].r;
                    *out++ = values[k].i;
                }
            }
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t length, fftLength(context));
    QL_TRY(const std::size_t count, fftCount(context, length, length + 2));
    return fftOfInputType(context, [&](auto type) { return prepareTyped<decltype(type)>(context, length, count); });
}

} // namespace

extern const OperatorKernel signal_rfft_kernel{"SignalRfft", prepare, kFloat32 | kInt16 | kInt32};

} // namespace quantloupe
