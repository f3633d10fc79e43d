// SPDX-License-Identifier: GPL-3.0-or-later
//
// What operators of one input share that treat every element alike.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/kernel.h"

#include <array>
#include <memory>
#include <string>

namespace quantloupe {

/// Requires one input and one output of its type, gives the output its shape; the number of elements.
Result<std::size_t> pointwiseCount(PrepareContext &context);
/// Fails unless input 0 and output 0 have a scale above 0.
Result<void> requireScales(const PrepareContext &context);

/// out = f(in) for every element.
template <typename In, typename Out, typename F> EvalFunction pointwise(std::size_t count, F f)
{
    return [count, f](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const In *const in = run.input<In>(0, sample);
            Out *const out = run.output<Out>(0, sample);
            for (std::size_t i = 0; i < count; ++i)
                out[i] = static_cast<Out>(f(in[i]));
        });
    };
}

/// The same for 8-bit codes, by a table of all 256: f(code) is called only here.
template <typename Code, typename F> EvalFunction tabulated(std::size_t count, F f)
{
    static_assert(sizeof(Code) == 1);
    std::array<Code, 256> table{};
    for (std::int32_t code = std::numeric_limits<Code>::min(); code <= std::numeric_limits<Code>::max(); ++code)
        table[static_cast<std::uint8_t>(code)] = static_cast<Code>(f(code));
    return pointwise<Code, Code>(count, [table = std::make_shared<const std::array<Code, 256>>(table)](Code code) { return (*table)[static_cast<std::uint8_t>(code)]; });
}

/// out = f(code) for codes of any width: by table where that is small.
template <typename Code, typename F> EvalFunction codewise(std::size_t count, F f)
{
    if constexpr (sizeof(Code) == 1)
        return tabulated<Code>(count, f);
    else
        return pointwise<Code, Code>(count, f);
}

/// a / b in the precision the profile divides scales with.
double scaleQuotient(const PrepareContext &context, float a, float b);

/// eval, but a failure at run time when an element of the input is not fine.
template <typename T, typename IsFine> EvalFunction requiringEvery(std::size_t input, std::size_t count, std::string expected, IsFine isFine, EvalFunction eval)
{
    return [=, eval = std::move(eval)](EvalContext &run) {
        for (std::size_t sample = 0; sample < run.batch(); ++sample) {
            const T *const values = run.input<T>(input, sample);
            const T *const found = std::find_if_not(values, values + count, isFine);
            if (found != values + count)
                return run.fail({ErrorCode::RuntimeFault, {.expected = expected, .got = std::to_string(+*found)}});
        }
        eval(run);
    };
}

/// f on real numbers between the input's and the output's quantization, in float: the reference's 8-bit lookup table.
template <typename Code, typename F> EvalFunction tabulatedReal(const PrepareContext &context, std::size_t count, F f)
{
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    const float inverse = 1.0f / output.scale();
    return tabulated<Code>(count, [&](std::int32_t code) {
        const float real = f(input.scale() * static_cast<float>(code - input.zeroPoint()));
        const float steps = std::round(real * inverse) + static_cast<float>(output.zeroPoint());
        // What is no int32, infinities and NaN among it, converts to the smallest one on x86.
        if (!(steps >= -2147483648.0f && steps < 2147483648.0f))
            return std::int32_t{std::numeric_limits<Code>::min()};
        return std::int32_t{fixed_point::saturate<Code>(static_cast<std::int32_t>(steps))};
    });
}

/// The reference's table for functions of int16 codes: 512 steps over all codes, linear in between. Each entry is moved
/// by half of the error the interpolation makes in the middle of its step.
class Int16Table {
public:
    /// f over [inMin, inMax]; outputs are codes over [outMin, outMax]. Real is the arithmetic's type.
    template <typename Real, typename F> Int16Table(F f, Real inMin, Real inMax, Real outMin, Real outMax)
    {
        const Real step = (inMax - inMin) / kSteps;
        const Real codesPerUnit = Real{65536} / (outMax - outMin);
        for (int i = 0; i < kSteps; ++i) {
            const Real at = inMin + static_cast<Real>(i) * step;
            const Real here = std::round(f(at) * codesPerUnit);
            const Real next = f(inMin + static_cast<Real>(i + 1) * step) * codesPerUnit;
            const Real middle = std::round(f(at + step / 2) * codesPerUnit);
            const Real error = std::round((next + here) / 2) - middle;
            m_entries[static_cast<std::size_t>(i)] = code(here - std::round(error / 2));
        }
        m_entries[kSteps] = code(std::round(f(inMax) * codesPerUnit));
    }
    /// Between the quantizations of input 0 and output 0, in float.
    template <typename F> static std::shared_ptr<const Int16Table> between(const OperandDesc &input, const OperandDesc &output, F f)
    {
        const auto real = [](const OperandDesc &operand, std::int32_t code) { return operand.scale() * static_cast<float>(code - operand.zeroPoint()); };
        return std::make_shared<const Int16Table>(f, real(input, -32768), real(input, 32767), real(output, -32768), real(output, 32767));
    }

    std::int16_t operator()(std::int16_t x) const
    {
        const auto index = static_cast<std::size_t>(256 + (x >> 7));
        const std::int32_t slope = m_entries[index + 1] - m_entries[index];
        return static_cast<std::int16_t>(m_entries[index] + ((slope * (x & 0x7f) + 64) >> 7));
    }

private:
    static constexpr int kSteps = 512;

    /// What is not a number becomes 0, as the reference's conversion does on x86.
    template <typename Real> static std::int16_t code(Real value)
    {
        return std::isnan(value) ? std::int16_t{0} : static_cast<std::int16_t>(std::clamp(value, Real{-32768}, Real{32767}));
    }

    std::array<std::int16_t, kSteps + 1> m_entries{};
};

/// int16 operators by such a table.
template <typename F> EvalFunction tabulatedInt16(const PrepareContext &context, std::size_t count, F f)
{
    return pointwise<std::int16_t, std::int16_t>(count, [table = Int16Table::between(context.input(0), context.output(), f)](std::int16_t code) { return (*table)(code); });
}

/// The same for a function with a pole at 0: there and below it counts as the real value of the code `pole`, which drags
/// the whole first step above 0 along.
template <typename F> EvalFunction tabulatedInt16WithPole(const PrepareContext &context, std::size_t count, std::int32_t pole, F f)
{
    const OperandDesc &output = context.output();
    return tabulatedInt16(context, count, [f, limit = output.scale() * static_cast<float>(pole - output.zeroPoint())](float x) { return x <= 0.0f ? limit : f(x); });
}

} // namespace quantloupe
