// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "hdf5/worker/handle.h"

#include <cstdint>
#include <string>
#include <vector>

namespace quantloupe {

/// Attributes of numbers are listed without texts.
struct ReadAttribute {
    std::string name;
    std::vector<std::string> texts;
};

/// All attributes of an object. `textBytes` is what names and texts may still take; it is lowered by what they took.
Result<std::vector<ReadAttribute>> readAttributes(hid_t object, const std::string &path, std::uint64_t &textBytes);

/// False when it does not suffice.
bool takeText(std::uint64_t &textBytes, std::uint64_t size);

} // namespace quantloupe
