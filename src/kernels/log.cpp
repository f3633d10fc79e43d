// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/real_function.h"

namespace quantloupe {
namespace {

constexpr unsigned kTypes = kFloat32 | kInt8 | kInt16;

Result<EvalFunction> prepare(PrepareContext &context)
{
    const auto log = [](float x) { return std::log(x); };
    QL_TRY(EvalFunction eval, prepareRealFunction(context, kTypes, log));
    if (context.input(0).type() != DataType::Int16)
        return eval;
    return tabulatedInt16WithPole(context, static_cast<std::size_t>(context.input(0).elementCount()), -32768, log);
}

} // namespace

extern const OperatorKernel log_kernel{"LOG", prepare, kTypes};

} // namespace quantloupe
