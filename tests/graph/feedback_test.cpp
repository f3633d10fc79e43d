// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/feedback.h"

#include "support/graph_builder.h"

#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

/// x and two states in, y and both states out, with names as TensorFlow writes them.
std::shared_ptr<const Model> stepModel(const std::string &prefix = "serving_default_", std::int32_t units = 4)
{
    test::GraphBuilder b;
    const TensorIndex x = b.input(prefix + "x:0", {1, 2});
    const TensorIndex h = b.input(prefix + "h=c:0", {1, units});
    const TensorIndex c = b.input(prefix + "c:0", {1, units});
    const TensorIndex y = b.op("RELU", {x}, "StatefulPartitionedCall:0", {1, 2});
    const TensorIndex newH = b.op("RELU", {h}, "StatefulPartitionedCall:1", {1, units});
    const TensorIndex newC = b.op("RELU", {c}, "StatefulPartitionedCall:2", {1, units});
    b.graph().outputs = {y, newH, newC};
    return b.model();
}

Result<Feedback> parse(std::vector<std::string> links)
{
    return Feedback::parse(links, stepModel()->main());
}

std::string refusal(std::vector<std::string> links)
{
    const auto feedback = parse(std::move(links));
    if (feedback)
        return {};
    EXPECT_EQ(feedback.error().code, ErrorCode::Usage);
    return feedback.error().message();
}

} // namespace

TEST(feedback, namesEndsByPositionByNameAndByPlainName)
{
    const std::vector<FeedbackLink> expected{{1, 1}, {2, 2}};
    for (const std::vector<std::string> &links : {std::vector<std::string>{"out1=in1", "out2=in2"},
                                                  {"StatefulPartitionedCall:1=serving_default_h=c:0", "StatefulPartitionedCall:2=serving_default_c:0"},
                                                  {"StatefulPartitionedCall:1=h=c", "StatefulPartitionedCall:2=c"}}) {
        const auto feedback = parse(links);
        ASSERT_TRUE(feedback) << feedback.error().message();
        EXPECT_TRUE(std::ranges::equal(feedback->links(), expected)) << links[0];
        EXPECT_FALSE(feedback->feeds(0));
        EXPECT_TRUE(feedback->feeds(1));
    }
}

TEST(feedback, plainNameOfSeveralOutputsNamesNone)
{
    EXPECT_NE(refusal({"StatefulPartitionedCall=c"}).find("out0"), std::string::npos);
}

TEST(feedback, refusesWhatIsNotThereAndSaysWhatIs)
{
    EXPECT_NE(refusal({"out3=in1"}).find("serving_default_h=c:0"), std::string::npos);
    EXPECT_FALSE(refusal({"out1"}).empty());
    EXPECT_FALSE(refusal({"=in1"}).empty());
}

TEST(feedback, refusesEndsOfDifferentSizeAndInputsFedTwice)
{
    EXPECT_NE(refusal({"out0=in1"}).find("1x4"), std::string::npos) << refusal({"out0=in1"});
    EXPECT_NE(refusal({"out1=in1", "out2=in1"}).find("two"), std::string::npos);
    EXPECT_NE(refusal({"out0=in0", "out1=in1", "out2=in2"}).find("an input left"), std::string::npos);
}

TEST(feedback, goesOverToTheFloatModelByNameOrPosition)
{
    const auto feedback = parse({"out1=in1", "out2=in2"});
    const auto renamed = feedback->inTwin(stepModel()->main(), stepModel("other_")->main());
    ASSERT_TRUE(renamed) << renamed.error().message();
    EXPECT_TRUE(std::ranges::equal(renamed->links(), feedback->links()));

    test::GraphBuilder b; // the same names in another order
    const TensorIndex c = b.input("serving_default_c:0", {1, 4});
    const TensorIndex h = b.input("serving_default_h=c:0", {1, 4});
    b.input("serving_default_x:0", {1, 2});
    const TensorIndex newC = b.op("RELU", {c}, "StatefulPartitionedCall:2", {1, 4});
    const TensorIndex newH = b.op("RELU", {h}, "StatefulPartitionedCall:1", {1, 4});
    b.graph().outputs = {newC, newH};
    const auto swapped = feedback->inTwin(stepModel()->main(), b.model()->main());
    ASSERT_TRUE(swapped) << swapped.error().message();
    EXPECT_TRUE(std::ranges::equal(swapped->links(), std::vector<FeedbackLink>{{1, 1}, {0, 0}}));

    test::GraphBuilder other;
    other.op("RELU", {other.input("a", {1, 2})}, "b", {1, 2});
    const auto refused = feedback->inTwin(stepModel()->main(), other.model()->main());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::ModelsDiffer);
}
