// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/flexbuffer_options.h"
#include "formats/tflite_reader.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe::tflite {
namespace {

bool isBuiltinName(std::string_view name)
{
    const std::span builtins = fbs::EnumValuesBuiltinOperator();
    return std::ranges::any_of(builtins, [&](fbs::BuiltinOperator builtin) { return name == fbs::EnumNameBuiltinOperator(builtin); });
}

/// A custom code must not pass for the builtin operator of that name.
Result<std::string> customName(const fbs::OperatorCode &code, Allowance &allowance)
{
    QL_TRY(std::string name, readText(code.custom_code(), allowance));
    if (name.empty())
        return fail(ErrorCode::ModelInvalid, {.expected = "a custom code", .got = "a custom operator without a name"});
    return isBuiltinName(name) ? "custom:" + name : name;
}

std::string builtinName(std::int32_t code)
{
    const std::string_view name = fbs::EnumNameBuiltinOperator(static_cast<fbs::BuiltinOperator>(code));
    return name.empty() ? fmt::format("BUILTIN_{}", code) : std::string(name);
}

Result<void> readCode(const fbs::Operator &from, Operator &op, ReadingState &state)
{
    const auto *codes = state.file.operator_codes();
    const std::size_t count = codes ? codes->size() : 0;
    if (from.opcode_index() >= count)
        return fail(ErrorCode::ModelInvalid, {.expected = fmt::format("an operator code below {}", count), .got = fmt::format("{}", from.opcode_index())});
    const fbs::OperatorCode &code = *codes->Get(from.opcode_index());
    // Writers before builtin_code existed fill in the old field only; newer ones both, as far as the old one reaches.
    const std::int32_t builtin = std::max<std::int32_t>(code.deprecated_builtin_code(), static_cast<std::int32_t>(code.builtin_code()));
    op.version = code.version();
    op.isCustom = builtin == static_cast<std::int32_t>(fbs::BuiltinOperator::CUSTOM);
    if (!op.isCustom) {
        op.name = builtinName(builtin);
        return {};
    }
    QL_TRY(op.name, customName(code, state.allowance));
    return {};
}

Result<void> readCustomOptions(const fbs::Operator &from, Operator &op, ReadingState &state)
{
    if (from.large_custom_options_offset() > 1) {
        QL_TRY(op.customOptions, state.buffers.range(from.large_custom_options_offset(), from.large_custom_options_size()));
    } else if (const auto *bytes = from.custom_options()) {
        QL_CHECK(state.allowance.take(bytes->size()));
        op.customOptions = ConstantData::copyOf({reinterpret_cast<const std::byte *>(bytes->data()), bytes->size()});
    }
    if (op.isCustom)
        op.options = readFlexbufferOptions(op.customOptions.bytes);
    return {};
}

Result<void> readOperands(const fbs::Operator &from, Operator &op, std::size_t tensorCount, Allowance &allowance)
{
    QL_TRY(op.inputs, readIndices(from.inputs(), tensorCount, true, allowance));
    QL_TRY(op.outputs, readIndices(from.outputs(), tensorCount, false, allowance));
    QL_TRY(op.intermediates, readIndices(from.intermediates(), tensorCount, true, allowance));
    return {};
}

Result<void> readRest(const fbs::Operator &from, Operator &op, std::size_t tensorCount, ReadingState &state)
{
    QL_CHECK(readOperands(from, op, tensorCount, state.allowance));
    QL_TRY(op.options, state.options.read(from, op.name, state.allowance));
    return readCustomOptions(from, op, state);
}

} // namespace

Result<std::vector<TensorIndex>> readIndices(const flatbuffers::Vector<std::int32_t> *list, std::size_t tensorCount, bool optional, Allowance &allowance)
{
    std::vector<TensorIndex> indices;
    if (!list)
        return indices;
    QL_CHECK(allowance.take(list->size() * sizeof(TensorIndex)));
    indices.reserve(list->size());
    for (const std::int32_t index : *list) {
        const bool isThere = index >= 0 && static_cast<std::size_t>(index) < tensorCount;
        if (!isThere && !(optional && index == -1))
            return fail(ErrorCode::ModelInvalid, {.expected = fmt::format("tensor indices below {}", tensorCount), .got = fmt::format("{}", index)});
        indices.emplace_back(index);
    }
    return indices;
}

Result<Operator> readOperator(const fbs::Operator &from, std::size_t index, std::size_t tensorCount, ReadingState &state)
{
    Operator op;
    if (auto code = readCode(from, op, state); !code)
        return fail(code.error().at(fmt::format("operator {}", index)));
    if (auto rest = readRest(from, op, tensorCount, state); !rest)
        return fail(rest.error().at(fmt::format("operator {} {}", index, op.name)));
    return op;
}

} // namespace quantloupe::tflite
