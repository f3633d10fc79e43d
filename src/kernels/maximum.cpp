// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/extremum.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareExtremum(context, [](auto a, auto b) { return a > b ? a : b; });
}

} // namespace

extern const OperatorKernel maximum_kernel{"MAXIMUM", prepare, kExtremumTypes};

} // namespace quantloupe
