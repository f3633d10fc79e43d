// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/finding_rule.h"
#include "support/lstm_graph.h"

#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

std::size_t hiddenFindings(float hidden, float output)
{
    auto findings = findingsOf(*test::lstmGraph(1.0f / 8192.0f, hidden, output));
    std::erase_if(findings, [](const Finding &finding) { return finding.id != "lstm-hidden-scale"; });
    return findings.size();
}

} // namespace

TEST(lstm_hidden_scale, firesWhereItIsNotTheOutputs)
{
    EXPECT_EQ(hiddenFindings(0.01f, 0.0144f), 1u);
}

TEST(lstm_hidden_scale, isSilentWhereTheTwoAgree)
{
    EXPECT_EQ(hiddenFindings(0.01f, 0.01f), 0u);
}
