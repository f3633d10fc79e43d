// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace quantloupe {

/// One entry of the SL_PARAMSv1 dictionary that Silicon Labs' MLTK stores in a .tflite's metadata.
struct Parameter {
    using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>,
                               std::vector<std::uint8_t>>;
    std::string name;  ///< "fe.sample_rate_hz"
    std::string type;  ///< the union member as stored: "boolean", "u8", "f64", "str_list", ...
    Value value;

    std::string text() const; ///< for people: lists in brackets, binary as "N bytes"
};

/// In the order of the file, which is the one in which the writer added them. Values that are their type's default (0,
/// false) are stored without a value and read as it.
Result<std::vector<Parameter>> readSlParams(std::span<const std::byte> bytes);

} // namespace quantloupe
