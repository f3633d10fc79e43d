// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"

#include <gtest/gtest.h>

namespace quantloupe::golden {

void expectEqual(const std::string &container, KernelProfile profile)
{
    const auto cases = readContainer(directory() / (container + ".zip"));
    ASSERT_TRUE(cases) << cases.error().message();
    const Verdict verdict = judge(*cases, profile);
    EXPECT_EQ(verdict.different, 0u) << verdict.different << " of " << cases->size() << " cases differ from " << name(profile) << ":\n" << verdict.text;
    testing::Test::RecordProperty("equal", static_cast<int>(verdict.equal));
    testing::Test::RecordProperty("refused", static_cast<int>(verdict.refused));
    if (verdict.equal == 0)
        GTEST_SKIP() << name(profile) << " runs none of the " << cases->size() << " cases of " << container;
}

} // namespace quantloupe::golden
