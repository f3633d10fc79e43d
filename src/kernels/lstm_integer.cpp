// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/lstm_integer.h"

#include <fmt/format.h>

namespace quantloupe::lstm {

Result<int> cellExponent(const PrepareContext &context)
{
    const OperandDesc &cell = context.input(kCellState);
    if (cell.type() != DataType::Int16)
        return fail(context.typeError(kCellState, "int16"));
    const auto exponent = fixed_point::log2OfPowerOfTwo(cell.scale());
    // The products of two Q0.15 gates are shifted right by 30 + log2(scale), which must lie in 0..31.
    if (!exponent || *exponent < -30 || *exponent > 1)
        return fail(context.invalid("a cell scale that is a power of two from 2^-30 to 2", fmt::format("{}", cell.scale())));
    return *exponent;
}

std::int16_t cellClipCode(const PrepareContext &context)
{
    const auto clip = static_cast<float>(context.options().real("cell_clip"));
    if (!(clip > 0.0f))
        return 0;
    return static_cast<std::int16_t>(std::min(clip / context.input(kCellState).scale(), 32767.0f));
}

} // namespace quantloupe::lstm
