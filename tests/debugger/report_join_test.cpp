// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/report_join.h"
#include "debugger/subject.h"
#include "support/graph_builder.h"
#include "support/paths.h"

#include <filesystem>
#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

const std::filesystem::path kShared = test::sharedArchivesFolder();
const std::filesystem::path kSamples = test::samplesFolder();

/// Three convolutions, two of one scale, and a SOFTMAX.
std::shared_ptr<const Model> model()
{
    test::GraphBuilder b;
    TensorIndex x = b.input("x", {1, 4}, DataType::Int8);
    x = b.op("CONV_2D", {x}, "a", {1, 4}, 0.5f);
    x = b.op("CONV_2D", {x}, "b", {1, 4}, 0.25f);
    x = b.op("CONV_2D", {x}, "c", {1, 4}, 0.5f);
    b.op("SOFTMAX", {x}, "Identity", {1, 4}, 0.00390625f);
    return b.model();
}

/// "0 by X, - by not in the model": the operator of each row.
std::string joined(const std::string &csv)
{
    const auto report = readReportCsv(csv, "r.csv");
    EXPECT_TRUE(report) << report.error().message();
    std::string text;
    for (const JoinedRow &row : joinReport(*report, *model()))
        text += (text.empty() ? "" : "; ") + (row.op.isValid() ? std::to_string(row.op.value) : "-") + " by " + std::string(name(row.rule));
    return text;
}

} // namespace

TEST(joinReport, byOrderAmongEqualScales)
{
    EXPECT_EQ(joined("op_name,tensor_idx,scale,zero_point\nCONV_2D,40,0.5,0\nCONV_2D,41,0.25,0\nCONV_2D,43,0.5,0\nSOFTMAX,7,0.00390625,0\n"),
              "0 by order, scale and zero point; 1 by scale and zero point; 2 by order, scale and zero point; 3 by scale and zero point");
}

TEST(joinReport, aSortedReportStillFindsWhatIsUnique)
{
    EXPECT_EQ(joined("op_name,tensor_name,scale,zero_point\nSOFTMAX,StatefulPartitionedCall:01,0.00390625,0\nCONV_2D,b,0.25,0\nCONV_2D,c,0.5,0\nCONV_2D,a,0.5,0\n"),
              "3 by scale and zero point; 1 by name, scale and zero point; 2 by name, scale and zero point; 0 by name, scale and zero point");
}

TEST(joinReport, withoutScalesOrderIsAllThereIs)
{
    EXPECT_EQ(joined("op_name\nCONV_2D\nCONV_2D\nSOFTMAX\n"), "0 by order alone; 1 by order alone; 3 by order alone");
}

TEST(joinReport, ofAnotherQuantizationIsContradicted)
{
    EXPECT_EQ(joined("op_name,scale,zero_point\nCONV_2D,0.4,0\n"), "0 by order, though scale or zero point differ");
    EXPECT_LT(confidence(JoinRule::Contradicted), 0.5);
}

TEST(joinReport, whatTheModelDoesNotHaveStaysAlone)
{
    EXPECT_EQ(joined("op_name,scale,zero_point\nLSTM,0.4,0\nSOFTMAX,0.00390625,0\nSOFTMAX,0.00390625,0\n"), "- by not in the model; 3 by order, scale and zero point; - by not in the model");
}

TEST(joinReport, realArchivesJoinWhole)
{
    for (const auto &archive : {kSamples / "spoken_digits_plain.mltk.zip", kShared / "spoken_digits.mltk.zip"}) {
        if (!std::filesystem::exists(archive))
            GTEST_SKIP() << archive << " is absent";
        const auto subject = openSubject(std::vector{archive});
        ASSERT_TRUE(subject) << subject.error().message();
        const auto rows = joinReport(*subject->archivedReport, *subject->quantizedModel);
        int before = -1;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            EXPECT_GE(confidence(rows[i].rule), 0.9) << archive << " row " << i << ": " << name(rows[i].rule);
            EXPECT_GT(rows[i].op.value, before) << archive << " row " << i << ": MLTK's rows are in the model's order";
            before = rows[i].op.value;
        }
    }
}
