// SPDX-License-Identifier: GPL-3.0-or-later
#include "archive/zip_archive.h"
#include "base/file.h"
#include "cli/cli_process.h"
#include "dataset/npz.h"
#include "dataset/npz_writer.h"
#include "support/paths.h"
#include "support/temporary_folder.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

using namespace quantloupe;
using test::runCli;

namespace {

/// The sample's int8 model and two samples for it, on disk.
class RunCommand : public testing::Test {
protected:
    void SetUp() override
    {
        auto archive = ZipArchive::open(test::samplesFolder() / "spoken_digits_plain.mltk.zip");
        ASSERT_TRUE(archive) << archive.error().message();
        const auto bytes = archive->read("spoken_digits_plain.tflite");
        ASSERT_TRUE(bytes) << bytes.error().message();
        ASSERT_TRUE(writeWhole(m_folder / "model.tflite", std::span<const std::byte>(*bytes)));
        writeInputs({2, 98, 1, 40});
    }
    void writeInputs(const std::vector<std::uint64_t> &shape)
    {
        std::uint64_t count = 1;
        for (const auto dim : shape)
            count *= dim;
        std::vector<float> values(count);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<float>(i % 17) * 0.3f - 2.0f;
        NpzWriter writer;
        ASSERT_TRUE(writer.add("in0", DataType::Float32, shape, std::as_bytes(std::span(values))));
        ASSERT_TRUE(writer.write(m_folder / "in.npz"));
    }
    test::Outcome run(std::vector<std::string> more = {}) const
    {
        std::vector<std::string> arguments = {"run", file("model.tflite"), "--input", file("in.npz"), "--output", file("out.npz")};
        std::ranges::move(more, std::back_inserter(arguments));
        return runCli(arguments);
    }
    std::string file(std::string_view name) const { return (m_folder / name).string(); }

    test::TemporaryFolder m_folder;
};

} // namespace

TEST_F(RunCommand, writesTheOutputsInTheModelsOrder)
{
    const auto outcome = run();
    ASSERT_EQ(outcome.exitCode, 0) << outcome.errors;
    const auto npz = NpzArchive::open(m_folder / "out.npz");
    ASSERT_TRUE(npz) << npz.error().message();
    EXPECT_EQ(npz->names(), std::vector<std::string>{"out0"});
    EXPECT_EQ(npz->array("out0")->shape()[0], 2u);
}

TEST_F(RunCommand, withAllTensorsWritesWhatEveryOperatorProduces)
{
    ASSERT_EQ(run({"--all-tensors", "--kernels", "tflm", "--state", "carry"}).exitCode, 0);
    const auto npz = NpzArchive::open(m_folder / "out.npz");
    ASSERT_TRUE(npz) << npz.error().message();
    EXPECT_EQ(npz->names().size(), 11u) << "one for each operator";
    EXPECT_TRUE(npz->contains("t23"));
}

TEST_F(RunCommand, refusesInputsOfAnotherShape)
{
    writeInputs({2, 98, 1, 39});
    const auto outcome = run();
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_NE(outcome.errors.find("98"), std::string::npos) << outcome.errors;
    EXPECT_FALSE(std::filesystem::exists(m_folder / "out.npz"));
}

TEST_F(RunCommand, withLstmInternalsWritesGatesCellAndHiddenStateOfEveryStep)
{
    ASSERT_EQ(run({"--all-tensors", "--lstm-internals"}).exitCode, 0);
    const auto npz = NpzArchive::open(m_folder / "out.npz");
    ASSERT_TRUE(npz) << npz.error().message();
    for (const char *const name : {"op6_input_gate_sum", "op6_forget_gate", "op6_cell", "op6_cell_codes", "op6_cell_scale", "op6_hidden_zero_point"})
        EXPECT_TRUE(npz->contains(name)) << name;
    const auto hidden = npz->array("op6_hidden_codes");
    const auto output = npz->array("t36"); // the LSTM's output
    ASSERT_TRUE(hidden && output);
    EXPECT_TRUE(std::ranges::equal(hidden->shape(), output->shape()));
    std::vector<std::byte> codes(2 * 12 * 32), bytes(2 * 12 * 32);
    ASSERT_TRUE(hidden->readBytes(0, codes) && output->readBytes(0, bytes));
    EXPECT_EQ(codes, bytes);
}

TEST_F(RunCommand, refusesAFeedbackThatTheModelHasNot)
{
    const auto outcome = run({"--feedback", "out1=in1"});
    EXPECT_EQ(outcome.exitCode, 2);
    EXPECT_NE(outcome.errors.find("--feedback"), std::string::npos) << outcome.errors;
    EXPECT_FALSE(std::filesystem::exists(m_folder / "out.npz"));
}
