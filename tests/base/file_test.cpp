// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"

#include "support/bytes.h"
#include "support/temporary_folder.h"

#include <array>
#include <sys/stat.h>

namespace quantloupe::test {
namespace {

TEST(File, aWholeFileIsRead)
{
    const TemporaryFolder folder;
    writeFile(folder / "a", "some text");
    const auto bytes = readWhole(folder / "a");
    ASSERT_TRUE(bytes) << bytes.error().message();
    EXPECT_TRUE(std::ranges::equal(bytes->bytes, bytesOf("some text")));
}

TEST(File, anEmptyFileIsRead)
{
    const TemporaryFolder folder;
    writeFile(folder / "a", "");
    const auto bytes = readWhole(folder / "a");
    ASSERT_TRUE(bytes) << bytes.error().message();
    EXPECT_EQ(bytes->size(), 0u);
}

TEST(File, aPartIsReadByPosition)
{
    const TemporaryFolder folder;
    writeFile(folder / "a", "0123456789");
    const auto file = File::open(folder / "a");
    ASSERT_TRUE(file);
    std::array<std::byte, 3> part{};
    ASSERT_TRUE(file->read(4, part));
    EXPECT_TRUE(std::ranges::equal(part, bytesOf("456")));
    EXPECT_FALSE(file->read(8, part));
}

TEST(File, aMissingFileIsNamed)
{
    const auto bytes = readWhole("/nowhere/at/all");
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().message(), "/nowhere/at/all: the file cannot be read: No such file or directory");
}

TEST(File, foldersDevicesAndPipesAreRefusedWithoutWaiting)
{
    const TemporaryFolder folder;
    ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(File::open(folder.path()).error().facts.got, "a folder");
    EXPECT_EQ(File::open(folder / "pipe").error().facts.got, "a pipe");
    EXPECT_EQ(File::open("/dev/zero").error().facts.got, "a device");
}

TEST(File, aFileBeyondTheLimitIsNotRead)
{
    const TemporaryFolder folder;
    writeFile(folder / "a", "0123456789");
    const auto bytes = readWhole(folder / "a", 9);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, ErrorCode::FileTooLarge);
}

} // namespace
} // namespace quantloupe::test
