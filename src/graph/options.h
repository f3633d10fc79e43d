// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace quantloupe {

/// Options of an operator under the names of the .tflite schema ("stride_w", "fused_activation_function"). Readers
/// fill in every option of the operator's table, defaults included; an option that is absent altogether reads as 0.
class Options {
public:
    using Value = std::variant<std::int64_t, double, std::vector<std::int64_t>, std::vector<double>, std::string>;

    void set(std::string_view name, Value value);

    std::int64_t integer(std::string_view name, std::int64_t absent = 0) const;
    double real(std::string_view name, double absent = 0) const;
    bool boolean(std::string_view name) const { return integer(name) != 0; }
    std::span<const std::int64_t> integers(std::string_view name) const;
    std::span<const double> reals(std::string_view name) const;
    std::string_view text(std::string_view name) const;

    std::span<const std::pair<std::string, Value>> all() const { return m_values; }
    bool operator==(const Options &) const = default;

private:
    const Value *find(std::string_view name) const;

    std::vector<std::pair<std::string, Value>> m_values;
};

} // namespace quantloupe
