// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/moved_rows.h"

#include "debugger/row_plan.h"
#include "formats/tflite.h"
#include "support/wide_network.h"

#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

constexpr std::int32_t kEdge = 4;

std::shared_ptr<const RowPlan> planOf(const test::TfliteBuilder &floats, const test::TfliteBuilder &quantized)
{
    const auto plan = planRows(*readTflite(test::share(floats.bytes()), "f.tflite"), *readTflite(test::share(quantized.bytes()), "q.tflite"), KernelProfile::Litert, 8);
    EXPECT_TRUE(plan) << plan.error().message();
    return *plan;
}

const PlannedRow &rowOf(const RowPlan &plan, const char *name)
{
    return *std::ranges::find_if(plan.rows, [&](const PlannedRow &row) { return plan.quantized->graph().op(row.op).name == name; });
}

} // namespace

TEST(movedRows, followFromTheRowThatIsMoved)
{
    const auto plan = planOf(test::wideNetwork(DataType::Float32, kEdge), test::wideNetwork(DataType::Int8, kEdge));
    const auto &pad = rowOf(*plan, "PAD").movedFrom;
    ASSERT_TRUE(pad);
    EXPECT_EQ(plan->quantized->graph().op(plan->rows[pad->row].op).name, "RELU");
    EXPECT_EQ(pad->added, std::size_t{(5 * 5 - 4 * 4) * 4});
    for (const char *const name : {"TRANSPOSE", "RESHAPE"}) {
        const auto &moved = rowOf(*plan, name).movedFrom;
        ASSERT_TRUE(moved) << name;
        EXPECT_EQ(moved->added, 0u) << name;
    }
}

TEST(movedRows, areNotWhatComputes)
{
    const auto plan = planOf(test::wideNetwork(DataType::Float32, kEdge), test::wideNetwork(DataType::Int8, kEdge));
    for (const char *const name : {"RELU", "ADD", "MEAN", "LOGISTIC"})
        EXPECT_FALSE(rowOf(*plan, name).movedFrom) << name;
}

TEST(movedRows, areMeasuredWhereCodesChangeTheirMeaning)
{
    const auto plan = planOf(test::wideNetwork(DataType::Float32, kEdge), test::wideNetwork(DataType::Int8, kEdge, 0.021f));
    EXPECT_FALSE(rowOf(*plan, "PAD").movedFrom);
    EXPECT_FALSE(rowOf(*plan, "TRANSPOSE").movedFrom);
    EXPECT_TRUE(rowOf(*plan, "RESHAPE").movedFrom);
}

TEST(movedRows, areMeasuredWhereTheModelsMoveDifferently)
{
    const auto plan = planOf(test::wideNetwork(DataType::Float32, kEdge), test::wideNetwork(DataType::Int8, kEdge, 0.02f, 0));
    EXPECT_FALSE(rowOf(*plan, "PAD").movedFrom);
}

TEST(movedRows, firstOperatorsTwinIsTheFloatModels)
{
    const auto plan = planOf(test::wideNetwork(DataType::Float32, kEdge), test::wideNetwork(DataType::Int8, kEdge));
    EXPECT_TRUE(plan->twins.at(0).isFloatModels) << "it reads the dataset's own values";
    for (std::size_t op = 1; op < plan->twins.size(); ++op)
        EXPECT_FALSE(plan->twins[op].isFloatModels) << op;
}
