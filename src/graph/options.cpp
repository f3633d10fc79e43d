// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/options.h"

namespace quantloupe {

void Options::set(std::string_view name, Value value)
{
    for (auto &[known, old] : m_values) {
        if (known == name) {
            old = std::move(value);
            return;
        }
    }
    m_values.emplace_back(name, std::move(value));
}

const Options::Value *Options::find(std::string_view name) const
{
    for (const auto &[known, value] : m_values) // a handful of entries: a search is faster than a map
        if (known == name)
            return &value;
    return nullptr;
}

std::int64_t Options::integer(std::string_view name, std::int64_t absent) const
{
    const Value *value = find(name);
    const auto *integer = value ? std::get_if<std::int64_t>(value) : nullptr;
    return integer ? *integer : absent;
}

double Options::real(std::string_view name, double absent) const
{
    const Value *value = find(name);
    if (const auto *real = value ? std::get_if<double>(value) : nullptr)
        return *real;
    return static_cast<double>(integer(name, static_cast<std::int64_t>(absent)));
}

std::span<const std::int64_t> Options::integers(std::string_view name) const
{
    const Value *value = find(name);
    const auto *list = value ? std::get_if<std::vector<std::int64_t>>(value) : nullptr;
    return list ? std::span<const std::int64_t>(*list) : std::span<const std::int64_t>();
}

std::span<const double> Options::reals(std::string_view name) const
{
    const Value *value = find(name);
    const auto *list = value ? std::get_if<std::vector<double>>(value) : nullptr;
    return list ? std::span<const double>(*list) : std::span<const double>();
}

std::string_view Options::text(std::string_view name) const
{
    const Value *value = find(name);
    const auto *text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

} // namespace quantloupe
