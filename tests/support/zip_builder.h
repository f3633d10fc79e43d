// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quantloupe::test {

/// One stored entry; what is set departs from the truth.
struct ZipSpec {
    std::string name = {};
    Bytes data = {};
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
    std::optional<std::uint32_t> claimedSize = {};
    std::optional<std::uint32_t> claimedCrc = {};
    std::optional<std::uint32_t> offset = {}; ///< of the local header, in the directory
};

/// Writes a zip archive byte by byte, so that tests can write broken ones.
Bytes zipOf(const std::vector<ZipSpec> &entries);

} // namespace quantloupe::test
