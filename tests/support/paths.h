// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace quantloupe::test {

/// Where things are on this machine. Functions, not macros on the compiler's command line: objects are then the same wherever the
/// source tree stands, and a compiler cache finds them.
std::filesystem::path sourceFolder();
std::filesystem::path samplesFolder();

/// Real archives that are not part of the project; the folder may be absent.
std::filesystem::path sharedArchivesFolder();

} // namespace quantloupe::test
