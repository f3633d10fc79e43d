// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/tflite_reader.h"

#include "tflite_bfbs_generated.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <flatbuffers/reflection.h>
#include <unordered_map>

namespace quantloupe::tflite {
namespace {

/// Fields of one option table in the order of the schema.
using Fields = std::vector<const reflection::Field *>;

struct OptionTable {
    std::string name; ///< "Conv2DOptions"
    Fields fields;
};

Fields fieldsOf(const reflection::Object &table)
{
    Fields fields;
    for (const reflection::Field *field : *table.fields())
        if (!field->deprecated())
            fields.push_back(field);
    std::ranges::sort(fields, {}, [](const reflection::Field *field) { return field->id(); });
    return fields;
}

/// Position = value of the union's type field; 0 is NONE.
std::vector<OptionTable> tablesOf(const reflection::Schema &schema, const char *unionName)
{
    std::vector<OptionTable> tables;
    for (const reflection::EnumVal *member : *schema.enums()->LookupByKey(unionName)->values()) {
        const std::int32_t object = member->union_type() ? member->union_type()->index() : -1;
        tables.push_back({member->name()->str(), object < 0 ? Fields() : fieldsOf(*schema.objects()->Get(static_cast<flatbuffers::uoffset_t>(object)))});
    }
    return tables;
}

bool isReal(reflection::BaseType type)
{
    return type == reflection::Float || type == reflection::Double;
}

Result<Options::Value> readList(const flatbuffers::Table &table, const reflection::Field &field, Allowance &allowance)
{
    const auto *list = flatbuffers::GetFieldAnyV(table, field);
    const std::size_t count = list ? list->size() : 0;
    const reflection::BaseType element = field.type()->element();
    QL_CHECK(allowance.take(count * sizeof(std::int64_t) / 4)); // a byte in the file may become eight here
    if (isReal(element)) {
        std::vector<double> values(count);
        for (std::size_t i = 0; i < count; ++i)
            values[i] = flatbuffers::GetAnyVectorElemF(list, element, i);
        return values;
    }
    std::vector<std::int64_t> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = flatbuffers::GetAnyVectorElemI(list, element, i);
    return values;
}

Result<Options::Value> readField(const flatbuffers::Table &table, const reflection::Field &field, Allowance &allowance)
{
    switch (field.type()->base_type()) {
    case reflection::Vector: return readList(table, field, allowance);
    case reflection::String: {
        QL_TRY(std::string text, readText(flatbuffers::GetFieldS(table, field), allowance));
        return text;
    }
    case reflection::Float:
    case reflection::Double: return flatbuffers::GetAnyFieldF(table, field);
    default: return flatbuffers::GetAnyFieldI(table, field);
    }
}

Options::Value defaultOf(const reflection::Field &field)
{
    switch (field.type()->base_type()) {
    case reflection::Vector: return isReal(field.type()->element()) ? Options::Value(std::vector<double>()) : Options::Value(std::vector<std::int64_t>());
    case reflection::String: return std::string();
    case reflection::Float:
    case reflection::Double: return field.default_real();
    default: return field.default_integer();
    }
}

/// "conv2doptions" for Conv2DOptions and for CONV_2D: how the format names tables after operators.
std::string tableKey(std::string_view operatorName)
{
    std::string key;
    for (const char c : operatorName)
        if (c != '_')
            key += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return key + "options";
}

} // namespace

struct OptionsReader::Tables {
    ConstantData schema = {};             ///< what the fields below point into; the generated array promises no alignment
    std::vector<OptionTable> first = {};  ///< builtin_options
    std::vector<OptionTable> second = {}; ///< builtin_options_2
    std::unordered_map<std::string, Options> defaults = {};

    void addDefaults(const std::vector<OptionTable> &tables)
    {
        for (const OptionTable &table : tables) {
            std::string key = table.name;
            std::ranges::transform(key, key.begin(), [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
            Options &options = defaults[key];
            for (const reflection::Field *field : table.fields)
                options.set(field->name()->string_view(), defaultOf(*field));
        }
    }
};

OptionsReader::OptionsReader()
{
    auto tables = std::make_unique<Tables>();
    tables->schema = ConstantData::copyOf(std::as_bytes(std::span(fbs::ModelBinarySchema::data(), fbs::ModelBinarySchema::size())));
    const reflection::Schema &schema = *reflection::GetSchema(tables->schema.bytes.data());
    tables->first = tablesOf(schema, "quantloupe.fbs.BuiltinOptions");
    tables->second = tablesOf(schema, "quantloupe.fbs.BuiltinOptions2");
    tables->addDefaults(tables->first);
    tables->addDefaults(tables->second);
    m_tables = std::move(tables);
}

OptionsReader::~OptionsReader() = default;

Result<Options> OptionsReader::read(const fbs::Operator &op, std::string_view operatorName, Allowance &allowance) const
{
    Options options;
    const auto add = [&](const std::vector<OptionTable> &tables, std::size_t type, const void *table) -> Result<void> {
        if (!table || type >= tables.size()) // a table that is newer than our schema reads as empty
            return {};
        for (const reflection::Field *field : tables[type].fields) {
            QL_TRY(auto value, readField(*static_cast<const flatbuffers::Table *>(table), *field, allowance));
            options.set(field->name()->string_view(), std::move(value));
        }
        return {};
    };
    QL_CHECK(add(m_tables->first, static_cast<std::size_t>(op.builtin_options_type()), op.builtin_options()));
    QL_CHECK(add(m_tables->second, static_cast<std::size_t>(op.builtin_options_2_type()), op.builtin_options_2()));
    if (!op.builtin_options() && !op.builtin_options_2())
        if (const auto found = m_tables->defaults.find(tableKey(operatorName)); found != m_tables->defaults.end())
            options = found->second;
    return options;
}

} // namespace quantloupe::tflite
