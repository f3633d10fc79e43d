// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/pointwise.h"

namespace quantloupe {
namespace {

/// NaN has no sign: 0, as in the reference.
template <typename T> T signOf(T x)
{
    return x > T{0} ? T{1} : x < T{0} ? T{-1} : T{0};
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    switch (context.input(0).type()) {
    case DataType::Float32: return pointwise<float, float>(count, signOf<float>);
    case DataType::Int32: return pointwise<std::int32_t, std::int32_t>(count, signOf<std::int32_t>);
    default: return fail(context.unsupported("float32 or int32", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel sign_kernel{"SIGN", prepare, kFloat32 | kInt32};

} // namespace quantloupe
