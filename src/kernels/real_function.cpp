// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/real_function.h"

namespace quantloupe {

Result<EvalFunction> prepareRealFunction(PrepareContext &context, unsigned types, float (*function)(float))
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    const DataType type = context.input(0).type();
    if (type == DataType::Float32)
        return pointwise<float, float>(count, function);
    const unsigned bit = type == DataType::Int8 ? kInt8 : type == DataType::UInt8 ? kUInt8 : type == DataType::Int16 ? kInt16 : 0u;
    if ((types & bit) == 0)
        return fail(context.unsupported("a type some reference runs", context.typesText()));
    QL_CHECK(requireScales(context));
    if (bit == kInt8)
        return tabulatedReal<std::int8_t>(context, count, function);
    if (bit == kUInt8)
        return tabulatedReal<std::uint8_t>(context, count, function);
    return tabulatedInt16(context, count, function);
}

} // namespace quantloupe
