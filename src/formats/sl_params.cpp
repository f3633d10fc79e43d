// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/sl_params.h"

#include "formats/allowance.h"
#include "graph/model.h"

#include "sl_params_generated.h"

#include <fmt/format.h>
#include <limits>

namespace quantloupe {
namespace {

using fbs::params::Entry;
using fbs::params::Value;

constexpr std::size_t kMaxSize = std::size_t{64} << 20;
constexpr unsigned kSchemaVersion = 1;

tl::unexpected<Error> damaged(std::string expected, std::string got)
{
    return fail(ErrorCode::ParametersDamaged, {.expected = std::move(expected), .got = std::move(got)});
}

/// Whole numbers beyond int64 become reals.
Parameter::Value wholeNumber(std::uint64_t value)
{
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return static_cast<double>(value);
    return static_cast<std::int64_t>(value);
}

template <typename To, typename List> Result<Parameter::Value> numbers(const List *list, Allowance &allowance)
{
    To values;
    if (list) {
        QL_CHECK(allowance.take(list->size() * sizeof(*list->begin())));
        values.assign(list->begin(), list->end());
    }
    return values;
}

Result<Parameter::Value> text(const flatbuffers::String *text, Allowance &allowance)
{
    if (!text)
        return std::string();
    QL_CHECK(allowance.take(text->size()));
    return text->str();
}

Result<Parameter::Value> texts(const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>> *list, Allowance &allowance)
{
    std::vector<std::string> values;
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        const flatbuffers::String &item = *list->Get(static_cast<flatbuffers::uoffset_t>(i));
        QL_CHECK(allowance.take(item.size() + sizeof(flatbuffers::uoffset_t)));
        values.push_back(item.str());
    }
    return values;
}

/// The union's value is there: a writer never leaves out the table, only the field inside it.
Result<Parameter::Value> readValue(const Entry &entry, Allowance &allowance)
{
    switch (entry.value_type()) {
    case Value::boolean: return entry.value_as_boolean()->value();
    case Value::i8: return std::int64_t{entry.value_as_i8()->value()};
    case Value::u8: return std::int64_t{entry.value_as_u8()->value()};
    case Value::i16: return std::int64_t{entry.value_as_i16()->value()};
    case Value::u16: return std::int64_t{entry.value_as_u16()->value()};
    case Value::i32: return std::int64_t{entry.value_as_i32()->value()};
    case Value::u32: return std::int64_t{entry.value_as_u32()->value()};
    case Value::i64: return std::int64_t{entry.value_as_i64()->value()};
    case Value::u64: return wholeNumber(entry.value_as_u64()->value());
    case Value::f32: return double{entry.value_as_f32()->value()};
    case Value::f64: return entry.value_as_f64()->value();
    case Value::str: return text(entry.value_as_str()->data(), allowance);
    case Value::str_list: return texts(entry.value_as_str_list()->data(), allowance);
    case Value::int32_list: return numbers<std::vector<std::int64_t>>(entry.value_as_int32_list()->data(), allowance);
    case Value::float_list: return numbers<std::vector<double>>(entry.value_as_float_list()->data(), allowance);
    case Value::bin: return numbers<std::vector<std::uint8_t>>(entry.value_as_bin()->data(), allowance);
    default: return std::vector<std::uint8_t>(); // a type that is newer than this program
    }
}

Result<Parameter> readEntry(const Entry &entry, Allowance &allowance)
{
    if (!entry.key() || !entry.value())
        return damaged("a key and a value", entry.key() ? "no value" : "no key");
    Parameter parameter;
    QL_TRY(const auto key, text(entry.key(), allowance));
    parameter.name = std::get<std::string>(key);
    parameter.type = fbs::params::EnumNameValue(entry.value_type());
    if (parameter.type.empty())
        parameter.type = fmt::format("type {}", static_cast<int>(entry.value_type()));
    QL_TRY(parameter.value, readValue(entry, allowance));
    return parameter;
}

struct Printer {
    bool isSingle; ///< stored as float32: print as many digits as that has

    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const { return isSingle ? fmt::format("{}", static_cast<float>(value)) : fmt::format("{}", value); }
    std::string operator()(const std::string &value) const { return value; }
    std::string operator()(const std::vector<std::uint8_t> &value) const { return fmt::format("{} bytes", value.size()); }
    template <typename T> std::string operator()(const std::vector<T> &values) const
    {
        std::string joined;
        for (const T &value : values)
            joined += (joined.empty() ? "" : ", ") + (*this)(value);
        return "[" + joined + "]";
    }
};

} // namespace

std::string Parameter::text() const
{
    return std::visit(Printer{type == "f32" || type == "float_list"}, value);
}

Result<std::vector<Parameter>> readSlParams(std::span<const std::byte> bytes)
{
    if (bytes.size() > kMaxSize)
        return damaged(fmt::format("at most {} bytes", kMaxSize), fmt::format("{}", bytes.size()));
    const ConstantData aligned = ConstantData::copyOf(bytes);
    flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t *>(aligned.bytes.data()), bytes.size());
    if (!verifier.VerifyBuffer<fbs::params::Dictionary>(nullptr))
        return damaged("a dictionary as MLTK writes it", fmt::format("{} bytes that contradict themselves or end too early", bytes.size()));
    const fbs::params::Dictionary &dictionary = *fbs::params::GetDictionary(aligned.bytes.data());
    if (dictionary.schema_version() != kSchemaVersion)
        return damaged("schema_version 1", fmt::format("{}", dictionary.schema_version()));
    Allowance allowance(bytes.size(), ErrorCode::ParametersDamaged);
    std::vector<Parameter> parameters;
    for (std::size_t i = 0; dictionary.entries() && i < dictionary.entries()->size(); ++i) {
        auto parameter = readEntry(*dictionary.entries()->Get(static_cast<flatbuffers::uoffset_t>(i)), allowance);
        if (!parameter)
            return fail(parameter.error().at(fmt::format("entry {}", i)));
        parameters.push_back(std::move(*parameter));
    }
    return parameters;
}

} // namespace quantloupe
