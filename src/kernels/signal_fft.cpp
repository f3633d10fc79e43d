// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/signal_fft.h"

#include <bit>
#include <fmt/format.h>

namespace quantloupe {

Result<std::size_t> fftLength(const PrepareContext &context)
{
    const std::int64_t length = context.options().integer("fft_length");
    if (length < 4 || length > (1 << 20) || !std::has_single_bit(static_cast<std::uint64_t>(length)))
        return fail(context.unsupported("an fft_length that is a power of two from 4 to 2^20", fmt::format("{}", length)));
    return static_cast<std::size_t>(length);
}

Result<std::size_t> fftCount(PrepareContext &context, std::size_t mostIn, std::size_t outWidth)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    const Shape &input = context.input(0).shape;
    if (input.rank() < 1 || input[input.rank() - 1] < 1 || static_cast<std::size_t>(input[input.rank() - 1]) > mostIn)
        return fail(context.invalid(fmt::format("1 to {} values along the last axis", mostIn), input.text()));
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    const auto count = static_cast<std::size_t>(input.elementCount() / input[input.rank() - 1]);
    std::vector<std::int32_t> dims(input.dims().begin(), input.dims().end());
    dims.back() = static_cast<std::int32_t>(outWidth);
    QL_TRY(const Shape output, Shape::make(dims));
    context.setOutputShape(0, output);
    return count;
}

} // namespace quantloupe
