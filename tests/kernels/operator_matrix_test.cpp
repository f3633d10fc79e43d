// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/operator_matrix.h"
#include "support/paths.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

using namespace quantloupe;

TEST(operatorMatrix, isWhatTheDocumentationShows)
{
    std::ifstream file(test::sourceFolder() / "docs/operators.md");
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_EQ(text.str(), operatorMatrix()) << "write the output of `quantloupe-cli list operators` to docs/operators.md";
}
