// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/activation.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantloupe {

Activation fusedActivation(const PrepareContext &context)
{
    const auto value = context.options().integer("fused_activation_function");
    return value >= 1 && value <= 3 ? static_cast<Activation>(value) : Activation::None;
}

FloatClamp floatClamp(Activation activation)
{
    switch (activation) {
    case Activation::Relu: return {0.0f, std::numeric_limits<float>::max()};
    case Activation::ReluN1To1: return {-1.0f, 1.0f};
    case Activation::Relu6: return {0.0f, 6.0f};
    case Activation::None: break;
    }
    return {std::numeric_limits<float>::lowest(), std::numeric_limits<float>::max()};
}

CodeClamp codeClamp(Activation activation, const OperandDesc &output)
{
    const IntegerRange range = integerRange(output.type());
    const auto code = [&](float real) {
        const double steps = real == 0.0f ? 0.0 : std::round(real / output.scale()); // the division is in float, as in the reference
        return std::clamp(output.zeroPoint() + static_cast<std::int64_t>(std::clamp(steps, -1e9, 1e9)), range.min, range.max);
    };
    CodeClamp clamp{static_cast<std::int32_t>(range.min), static_cast<std::int32_t>(range.max)};
    if (activation == Activation::Relu || activation == Activation::Relu6)
        clamp.min = static_cast<std::int32_t>(code(0.0f));
    if (activation == Activation::Relu6)
        clamp.max = static_cast<std::int32_t>(code(6.0f));
    if (activation == Activation::ReluN1To1)
        clamp = {static_cast<std::int32_t>(code(-1.0f)), static_cast<std::int32_t>(code(1.0f))};
    return clamp;
}

} // namespace quantloupe
