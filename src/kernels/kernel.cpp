// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/kernel.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace quantloupe {

#define QL_ITEM(item) extern const OperatorKernel item##_kernel;
#include "registry/operators.inc"
#undef QL_ITEM

std::span<const OperatorKernel *const> operatorKernels()
{
#define QL_ITEM(item) &item##_kernel,
    static constexpr const OperatorKernel *kKernels[] = {
#include "registry/operators.inc"
    };
#undef QL_ITEM
    return kKernels;
}

const OperatorKernel *findOperatorKernel(std::string_view name)
{
    const auto kernels = operatorKernels();
    const auto found = std::ranges::find(kernels, name, [](const OperatorKernel *kernel) { return kernel->name; });
    return found == kernels.end() ? nullptr : *found;
}

Result<void> PrepareContext::requireOperands(std::size_t minInputs, std::size_t maxInputs, std::size_t outputs) const
{
    if (m_inputs.size() < minInputs || m_inputs.size() > maxInputs)
        return quantloupe::fail(invalid(minInputs == maxInputs ? fmt::format("{} inputs", minInputs) : fmt::format("{} to {} inputs", minInputs, maxInputs),
                                        fmt::format("{}", m_inputs.size())));
    for (std::size_t i = 0; i < minInputs; ++i)
        if (!m_inputs[i].isPresent())
            return quantloupe::fail(invalid(fmt::format("a tensor for input {}", i), "none"));
    if (m_outputs.size() != outputs)
        return quantloupe::fail(invalid(fmt::format("{} outputs", outputs), fmt::format("{}", m_outputs.size())));
    return {};
}

Result<std::vector<std::int64_t>> PrepareContext::integers(std::size_t i) const
{
    if (m_inputs[i].type() == DataType::Int64) {
        QL_TRY(const auto wide, values<std::int64_t>(i));
        return std::vector<std::int64_t>(wide.begin(), wide.end());
    }
    QL_TRY(const auto narrow, values<std::int32_t>(i));
    return std::vector<std::int64_t>(narrow.begin(), narrow.end());
}

Error PrepareContext::invalid(std::string expected, std::string got) const
{
    return {ErrorCode::OperatorInvalid, {.expected = std::move(expected), .got = std::move(got)}};
}

Error PrepareContext::unsupported(std::string expected, std::string got) const
{
    return {ErrorCode::TypeUnsupported, {.expected = std::move(expected), .got = std::move(got)}};
}

Error PrepareContext::typeError(std::size_t input, std::string_view expected) const
{
    return {ErrorCode::TypeUnsupported,
            {.place = fmt::format("input {} ({})", input, m_inputs[input].tensor->name), .expected = std::string(expected), .got = std::string(name(m_inputs[input].type()))}};
}

std::string PrepareContext::typesText() const
{
    const auto types = [](auto operands) {
        std::vector<std::string_view> names;
        for (const OperandDesc &operand : operands)
            names.push_back(operand.isPresent() ? name(operand.type()) : "none");
        return fmt::format("{}", fmt::join(names, " x "));
    };
    return types(m_inputs) + " -> " + types(m_outputs);
}

} // namespace quantloupe
