// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/findings_of.h"
#include "support/graph_builder.h"

#include <gtest/gtest.h>

namespace quantloupe::test {

TEST(repeated_constants, namesTheSecondOne)
{
    GraphBuilder b;
    const std::vector<float> values(100, 1.5f);
    const auto first = b.constant("first", {100}, values);
    const auto second = b.constant("second", {100}, values);
    b.op("ADD", {first, second}, "y", {100}, 0.1f);
    const auto findings = findingsOf(b.model(), "repeated-constants");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].title, "400 bytes of constants lie in the file twice");
    EXPECT_TRUE(findings[0].evidence.starts_with("tensor 1 (second) ")) << findings[0].evidence;
}

TEST(repeated_constants, isSilentOnSharedBuffersOtherValuesAndSmallOnes)
{
    GraphBuilder b;
    const auto first = b.constant("first", {100}, std::vector<float>(100, 1.5f));
    const auto shared = b.constant("shared", {100}, std::vector<float>(100, 1.5f));
    b.graph().tensors[shared.position()].constant = b.graph().tensors[first.position()].constant;
    b.constant("other", {100}, std::vector<float>(100, 2.5f));
    b.constant("small", {2}, std::vector<float>(2, 1.5f));
    b.constant("small too", {2}, std::vector<float>(2, 1.5f));
    b.op("ADD", {first, shared}, "y", {100}, 0.1f);
    EXPECT_TRUE(findingsOf(b.model(), "repeated-constants").empty());
}

} // namespace quantloupe::test
