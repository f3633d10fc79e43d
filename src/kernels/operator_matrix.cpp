// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/operator_matrix.h"

#include "kernels/kernel.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Column {
    TypeSupport bit;
    std::string_view title;
};

constexpr std::array kColumns{Column{kFloat32, "float32"}, Column{kInt8, "int8"},   Column{kInt16, "int16"}, Column{kUInt8, "uint8"},
                              Column{kInt32, "int32"},     Column{kInt64, "int64"}, Column{kBool, "bool"},   Column{kHybrid, "hybrid"},
                              Column{kUnsigned, "uint32, uint64"}};

} // namespace

std::string operatorMatrix()
{
    std::vector<const OperatorKernel *> kernels(operatorKernels().begin(), operatorKernels().end());
    std::ranges::sort(kernels, {}, &OperatorKernel::name);
    std::string text = "| operator |";
    std::string rule = "|---|";
    for (const Column &column : kColumns) {
        text += fmt::format(" {} |", column.title);
        rule += "---|";
    }
    text += "\n" + rule + "\n";
    for (const OperatorKernel *kernel : kernels) {
        text += fmt::format("| {} |", kernel->name);
        for (const Column &column : kColumns)
            text += kernel->types & column.bit ? " yes |" : "  |";
        text += "\n";
    }
    return text;
}

} // namespace quantloupe
