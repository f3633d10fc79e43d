// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

namespace quantloupe {

/// The format's ActivationFunctionType. The reference kernels clamp for the RELU kinds and ignore TANH and SIGN_BIT.
enum class Activation { None = 0, Relu = 1, ReluN1To1 = 2, Relu6 = 3 };
Activation fusedActivation(const PrepareContext &context);

struct FloatClamp {
    float min;
    float max;
    float operator()(float x) const { return std::min(std::max(x, min), max); }
};
FloatClamp floatClamp(Activation activation);

struct CodeClamp {
    std::int32_t min;
    std::int32_t max;
    std::int32_t operator()(std::int32_t x) const { return std::min(std::max(x, min), max); }
};
/// The activation's range in codes of the output, within the type's own range.
CodeClamp codeClamp(Activation activation, const OperandDesc &output);

} // namespace quantloupe
