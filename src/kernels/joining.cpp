// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/joining.h"

#include <numeric>

namespace quantloupe {
namespace {

void copyRows(const std::byte *in, std::size_t inStep, std::byte *out, std::size_t outStep, std::size_t rows, std::size_t bytes)
{
    if (bytes == 0)
        return;
    for (std::size_t row = 0; row < rows; ++row, in += inStep, out += outStep)
        std::memcpy(out, in, bytes);
}

std::size_t total(const std::vector<std::size_t> &bytes)
{
    return std::accumulate(bytes.begin(), bytes.end(), std::size_t{0});
}

} // namespace

EvalFunction laidTogether(std::size_t rows, std::vector<std::size_t> pieceBytes)
{
    return [rows, whole = total(pieceBytes), pieces = std::move(pieceBytes)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            std::byte *out = run.output<std::byte>(0, sample);
            for (std::size_t i = 0; i < pieces.size(); out += pieces[i], ++i)
                copyRows(run.input<std::byte>(i, sample), pieces[i], out, whole, rows, pieces[i]);
        });
    };
}

EvalFunction takenApart(std::size_t rows, std::vector<std::size_t> pieceBytes, std::size_t input)
{
    return [rows, input, whole = total(pieceBytes), pieces = std::move(pieceBytes)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const std::byte *in = run.input<std::byte>(input, sample);
            for (std::size_t i = 0; i < pieces.size(); in += pieces[i], ++i)
                copyRows(in, whole, run.output<std::byte>(i, sample), pieces[i], rows, pieces[i]);
        });
    };
}

} // namespace quantloupe
