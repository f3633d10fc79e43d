// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/paths.h"

namespace quantloupe::test {

std::filesystem::path sourceFolder()
{
    return QUANTLOUPE_SOURCE_DIR;
}

std::filesystem::path samplesFolder()
{
    return sourceFolder() / "resources/samples";
}

std::filesystem::path sharedArchivesFolder()
{
    return QUANTLOUPE_SHARED_ARCHIVES;
}

} // namespace quantloupe::test
