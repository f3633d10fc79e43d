// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/comparison.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareEquality(context, [](auto a, auto b) { return a == b; });
}

} // namespace

extern const OperatorKernel equal_kernel{"EQUAL", prepare, kComparisonTypes | kBool};

} // namespace quantloupe
