// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/tflite.h"
#include "support/paths.h"
#include "support/run_findings.h"
#include "support/tflite_builder.h"

using namespace quantloupe;

namespace {

std::vector<Finding> apart(std::shared_ptr<const Model> floats, std::shared_ptr<const Model> quantized, const std::string &samples)
{
    Subject subject;
    subject.floatModel = std::move(floats);
    subject.quantizedModel = std::move(quantized);
    const auto dataset = openDataset(samples, subject.quantizedModel->main());
    const auto report = compareModels(subject, **dataset, {});
    EXPECT_TRUE(report) << report.error().message();
    auto findings = (*report)->findings;
    std::erase_if(findings, [](const Finding &finding) { return finding.id != "profiles-apart"; });
    return findings;
}

/// A RESHAPE and no arithmetic: nothing to round.
test::TfliteBuilder reshape(DataType type)
{
    test::TfliteBuilder b;
    const std::vector<float> scales = type == DataType::Int8 ? std::vector<float>{0.1f} : std::vector<float>{};
    const std::vector<std::int64_t> zeros(scales.size(), 0);
    b.tensor({.name = "x", .shape = {1, 4}, .type = type, .scales = scales, .zeroPoints = zeros});
    b.tensor({.name = "shape", .shape = {2}, .type = DataType::Int32, .data = test::bytesOfValues<std::int32_t>({2, 2})});
    b.tensor({.name = "y", .shape = {2, 2}, .type = type, .scales = scales, .zeroPoints = zeros});
    b.op(fbs::BuiltinOperator::RESHAPE, {0, 1}, {2});
    b.ends({0}, {2});
    return b;
}

} // namespace

TEST(profiles_apart, saysWhereAnLstmPartsAndHowFarTheOutputIs)
{
    // The int8 LSTM of LiteRT and that of TFLite Micro are two pieces of arithmetic.
    const auto findings = test::findingsInRun("profiles-apart", test::samplesFolder() / "spoken_digits_plain.mltk.zip", test::samplesFolder() / "spoken_digits_plain_debug.npz", {.samples = 8});
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_NE(findings[0].title.find("litert and tflm"), std::string::npos) << findings[0].title;
    EXPECT_NE(findings[0].evidence.find("first 8 samples"), std::string::npos) << findings[0].evidence;
    EXPECT_NE(findings[0].evidence.find("UNIDIRECTIONAL_SEQUENCE_LSTM"), std::string::npos) << findings[0].evidence;
}

TEST(profiles_apart, isSilentWhereBothComputeTheSame)
{
    const auto floats = readTflite(test::share(reshape(DataType::Float32).bytes()), "f.tflite");
    const auto quantized = readTflite(test::share(reshape(DataType::Int8).bytes()), "q.tflite");
    ASSERT_TRUE(floats && quantized);
    EXPECT_TRUE(apart(*floats, *quantized, "random:5").empty());
}
