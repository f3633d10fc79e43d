// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace quantloupe {

/// RFC 4180 quoting, and an apostrophe before what a spreadsheet would take for a formula: names come from files.
std::string csvCell(std::string_view text);

} // namespace quantloupe
