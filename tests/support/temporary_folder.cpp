// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/temporary_folder.h"

#include <stdlib.h>
#include <string>

namespace quantloupe::test {

TemporaryFolder::TemporaryFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "quantloupe-test-XXXXXX").string();
    if (mkdtemp(name.data()))
        m_path = name;
    EXPECT_FALSE(m_path.empty());
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    if (!m_path.empty())
        std::filesystem::remove_all(m_path, ignored);
}

} // namespace quantloupe::test
