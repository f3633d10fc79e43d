// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalIrfft: fft_length / 2 + 1 complex values, interleaved, back to fft_length reals.
#include "kernels/fft.h"
#include "kernels/scratch_layout.h"
#include "kernels/signal_fft.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace quantloupe {
namespace {

template <typename T> EvalFunction prepareTyped(PrepareContext &context, std::size_t length, std::size_t count)
{
    ScratchLayout layout;
    const auto spectrum = layout.add<fft::Complex<T>>(length / 2 + 1);
    const auto workspace = layout.add<fft::Complex<T>>(length / 2);
    const auto reals = layout.add<T>(length);
    context.scratchBytes = layout.size();
    return [=, transform = std::make_shared<const fft::RealFft<T>>(length, true)](EvalContext &run) {
        fft::Complex<T> *const values = spectrum.in(run.scratch());
        T *const result = reals.in(run.scratch());
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t i = 0; i < count; ++i) {
                const T *const in = run.input<T>(0, sample) + i * (length + 2);
                for (std::size_t k = 0; k <= length / 2; ++k)
                    values[k] = {in[2 * k], in[2 * k + 1]};
                transform->inverse(values, result, workspace.in(run.scratch()));
                if constexpr (std::is_floating_point_v<T>)
                    std::transform(result, result + length, result, [length](T x) { return x / static_cast<T>(length); });
                std::copy_n(result, length, run.output<T>(0, sample) + i * length);
            }
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t length, fftLength(context));
    QL_TRY(const std::size_t count, fftCount(context, length + 2, length));
    const Shape &input = context.input(0).shape;
    if (static_cast<std::size_t>(input[input.rank() - 1]) != length + 2)
        return fail(context.invalid(fmt::format("{} values along the last axis", length + 2), input.text()));
    return fftOfInputType(context, [&](auto type) { return prepareTyped<decltype(type)>(context, length, count); });
}

} // namespace

extern const OperatorKernel signal_irfft_kernel{"SignalIrfft", prepare, kFloat32 | kInt16 | kInt32};

} // namespace quantloupe
