// SPDX-License-Identifier: GPL-3.0-or-later
//
// The truth to reproduce: QuantizationDebugger's reports on LiteRT's reference kernels, 100 debug samples in order.
#include "dataset/dataset.h"
#include "debugger/debugger.h"
#include "formats/report_csv.h"
#include "report/export.h"
#include "support/paths.h"

#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

using namespace quantloupe;

namespace {

const std::filesystem::path kSamples = test::samplesFolder();
const std::filesystem::path kData = test::sourceFolder() / "tests/data";
const std::filesystem::path kShared = test::sharedArchivesFolder();

std::string contentOf(const std::filesystem::path &path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// The csv of our own report, read back as anybody would.
ReportTable ownReport(const std::filesystem::path &archive, const std::filesystem::path &dataset, StatePolicy state, unsigned threads, std::size_t count = 0)
{
    const auto subject = openSubject(std::vector{archive});
    EXPECT_TRUE(subject) << subject.error().message();
    const auto samples = openDataset(dataset.string(), subject->quantizedModel->main());
    EXPECT_TRUE(samples) << samples.error().message();
    const auto report = compareModels(*subject, **samples, {.state = state, .threads = threads, .samples = count});
    EXPECT_TRUE(report) << report.error().message();
    const auto table = readReportCsv(findExporter("csv")->text(**report, ErrorKind::Local), "own.csv");
    EXPECT_TRUE(table) << table.error().message();
    return *table;
}

void expectNear(const ReportTable &expected, const ReportTable &got, std::size_t row, const char *column, double relative, double absolute)
{
    const double want = expected.number(row, column);
    const double have = got.number(row, column);
    EXPECT_NEAR(have, want, std::abs(want) * relative + absolute) << column << " of row " << row << ", " << expected.cell(row, 0);
}

void expectReproduced(const std::filesystem::path &reference, const ReportTable &got)
{
    const auto expected = readReportCsv(contentOf(reference), reference.string());
    ASSERT_TRUE(expected) << expected.error().message();
    ASSERT_EQ(got.rowCount(), expected->rowCount());
    for (std::size_t row = 0; row < got.rowCount(); ++row) {
        EXPECT_EQ(got.cell(row, got.column("op_name")), expected->cell(row, expected->column("op_name"))) << row;
        EXPECT_EQ(got.cell(row, got.column("scale")), expected->cell(row, expected->column("scale"))) << row;
        EXPECT_EQ(got.cell(row, got.column("zero_point")), expected->cell(row, expected->column("zero_point"))) << row;
        EXPECT_EQ(got.cell(row, got.column("num_elements")), expected->cell(row, expected->column("num_elements"))) << row;
        EXPECT_EQ(got.cell(row, got.column("range")), expected->cell(row, expected->column("range"))) << row;
        expectNear(*expected, got, row, "rmse/scale", 0.002, 0.0005);
        // What is near 0 by cancellation is held to the size of the error itself.
        const double rmse = std::sqrt(expected->number(row, "mean_squared_error"));
        expectNear(*expected, got, row, "mean_squared_error", 0.005, 1e-12);
        expectNear(*expected, got, row, "stddev", 0.005, 1e-4 * rmse + 1e-9);
        expectNear(*expected, got, row, "mean_error", 0.005, 1e-4 * rmse + 1e-9);
        expectNear(*expected, got, row, "max_abs_error", 0.005, 1e-4 * rmse + 1e-9);
    }
}

} // namespace

TEST(referenceReports, plainSampleWithStateReset)
{
    expectReproduced(kData / "spoken_digits_plain_reference_reset.csv",
                     ownReport(kSamples / "spoken_digits_plain.mltk.zip", kSamples / "spoken_digits_plain_debug.npz", StatePolicy::Reset, 2));
}

TEST(referenceReports, plainSampleWithStateCarried)
{
    expectReproduced(kData / "spoken_digits_plain_reference_carry.csv",
                     ownReport(kSamples / "spoken_digits_plain.mltk.zip", kSamples / "spoken_digits_plain_debug.npz", StatePolicy::Carry, 2));
}

TEST(referenceReports, tutorialModelWithStateResetAndCarried)
{
    if (!std::filesystem::exists(kShared / "spoken_digits.mltk.zip"))
        GTEST_SKIP() << "no shared archives in " << kShared;
    expectReproduced(kShared / "spoken_digits_reference_reset.csv", ownReport(kShared / "spoken_digits.mltk.zip", kShared / "spoken_digits_debug.npz", StatePolicy::Reset, 2));
    expectReproduced(kShared / "spoken_digits_reference_carry.csv", ownReport(kShared / "spoken_digits.mltk.zip", kShared / "spoken_digits_debug.npz", StatePolicy::Carry, 2));
}

TEST(referenceReports, misCalibratedCellMakesTheLstmTheOutlier)
{
    if (!std::filesystem::exists(kShared / "spoken_digits_cell.mltk.zip"))
        GTEST_SKIP() << "no shared archives in " << kShared;
    const auto lstm = [](std::size_t samples) {
        const ReportTable table = ownReport(kShared / "spoken_digits_cell.mltk.zip", kShared / "spoken_digits_debug.npz", StatePolicy::Reset, 2, samples);
        for (std::size_t row = 0; row < table.rowCount(); ++row)
            if (table.cell(row, 0) == "UNIDIRECTIONAL_SEQUENCE_LSTM")
                return table.number(row, "rmse/scale");
        return 0.0;
    };
    // LiteRT's int8 LSTM against a float64 LSTM of the float model's weights, written apart from this code.
    EXPECT_NEAR(lstm(10), 6.194878, 1e-5);
    EXPECT_NEAR(lstm(0), 5.946109, 1e-5);
}

TEST(referenceReports, doNotDependOnTheNumberOfThreads)
{
    const auto subject = openSubject(std::vector{kSamples / "spoken_digits_plain.mltk.zip"});
    ASSERT_TRUE(subject) << subject.error().message();
    const auto samples = openDataset((kSamples / "spoken_digits_plain_debug.npz").string(), subject->quantizedModel->main());
    ASSERT_TRUE(samples) << samples.error().message();
    const auto text = [&](unsigned threads) {
        const auto report = compareModels(*subject, **samples, {.threads = threads});
        EXPECT_TRUE(report) << report.error().message();
        return findExporter("json")->text(**report, ErrorKind::Local);
    };
    const std::string one = text(1);
    for (const unsigned threads : {2u, 3u, 7u})
        EXPECT_EQ(text(threads), one) << threads << " threads";
}
