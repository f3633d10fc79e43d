// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npz_writer.h"

#include "dataset/npz.h"
#include "support/npy_builder.h"
#include "support/temporary_folder.h"

#include <array>

namespace quantloupe::test {
namespace {

constexpr std::array<std::uint64_t, 2> kShape{2, 3};

NpzWriter twoArrays()
{
    NpzWriter writer;
    EXPECT_TRUE(writer.add("out0", DataType::Int8, kShape, bytesOfValues<std::int8_t>({1, 2, 3, 4, 5, 6})));
    EXPECT_TRUE(writer.add("t17", DataType::Float32, kShape, bytesOfValues<float>({1, 2, 3, 4, 5, 6.5f})));
    return writer;
}

TEST(NpzWriter, whatIsWrittenIsReadAgain)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(twoArrays().write(folder / "out.npz"));
    const auto archive = NpzArchive::open(folder / "out.npz");
    ASSERT_TRUE(archive) << archive.error().message();
    EXPECT_EQ(archive->names(), (std::vector<std::string>{"out0", "t17"}));
    const auto array = archive->array("t17");
    ASSERT_TRUE(array) << array.error().message();
    EXPECT_EQ(array->type(), DataType::Float32);
    EXPECT_EQ(array->shapeText(), "2x3");
    std::vector<float> values(6);
    ASSERT_TRUE(array->readReal(0, values));
    EXPECT_EQ(values, (std::vector{1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.5f}));
}

TEST(NpzWriter, theSameArraysGiveTheSameBytes)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(twoArrays().write(folder / "a.npz"));
    ASSERT_TRUE(twoArrays().write(folder / "b.npz"));
    EXPECT_EQ(readFile(folder / "a.npz"), readFile(folder / "b.npz"));
}

TEST(NpzWriter, elementsAreDeflated)
{
    const TemporaryFolder folder;
    NpzWriter writer;
    constexpr std::array<std::uint64_t, 1> shape{100000};
    ASSERT_TRUE(writer.add("zeros", DataType::Int8, shape, Bytes(100000)));
    ASSERT_TRUE(writer.write(folder / "out.npz"));
    EXPECT_LT(std::filesystem::file_size(folder / "out.npz"), 2000u);
}

TEST(NpzWriter, anEmptyArrayIsWritten)
{
    const TemporaryFolder folder;
    NpzWriter writer;
    constexpr std::array<std::uint64_t, 2> shape{0, 3};
    ASSERT_TRUE(writer.add("none", DataType::Int8, shape, {}));
    ASSERT_TRUE(writer.write(folder / "out.npz"));
    const auto archive = NpzArchive::open(folder / "out.npz");
    ASSERT_TRUE(archive) << archive.error().message();
    EXPECT_TRUE(archive->array("none"));
}

TEST(NpzWriter, aFolderThatIsNotThereIsAnErrorWithItsName)
{
    const auto written = twoArrays().write("/nowhere/out.npz");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message(), "/nowhere/out.npz: the file cannot be written: No such file or directory");
}

} // namespace
} // namespace quantloupe::test
