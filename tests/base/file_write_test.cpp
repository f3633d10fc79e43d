// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"

#include "support/bytes.h"
#include "support/temporary_folder.h"

#include <sys/stat.h>

namespace quantloupe::test {
namespace {

namespace fs = std::filesystem;

std::size_t filesIn(const fs::path &folder)
{
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(WriteWhole, aNewFileHoldsTheBytesAndNothingIsLeftBeside)
{
    const TemporaryFolder folder;
    ASSERT_TRUE(writeWhole(folder / "a.csv", bytesOf("text")));
    EXPECT_EQ(readFile(folder / "a.csv"), toBytes("text"));
    EXPECT_EQ(filesIn(folder.path()), 1u);
}

TEST(WriteWhole, anOldFileIsReplacedAndKeepsItsPermissions)
{
    const TemporaryFolder folder;
    writeFile(folder / "a", "a much longer old content");
    fs::permissions(folder / "a", fs::perms::owner_read | fs::perms::owner_write);
    ASSERT_TRUE(writeWhole(folder / "a", bytesOf("new")));
    EXPECT_EQ(readFile(folder / "a"), toBytes("new"));
    EXPECT_EQ(fs::status(folder / "a").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(WriteWhole, aSymbolicLinkStaysOne)
{
    const TemporaryFolder folder;
    writeFile(folder / "real", "old");
    fs::create_symlink("real", folder / "link");
    ASSERT_TRUE(writeWhole(folder / "link", bytesOf("new")));
    EXPECT_TRUE(fs::is_symlink(folder / "link"));
    EXPECT_EQ(readFile(folder / "real"), toBytes("new"));
}

TEST(WriteWhole, devicesPipesAndFoldersAreRefused)
{
    const TemporaryFolder folder;
    ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
    for (const fs::path &path : {fs::path("/dev/full"), fs::path("/dev/null"), folder / "pipe", folder.path()}) {
        const auto written = writeWhole(path, bytesOf("text"));
        ASSERT_FALSE(written) << path;
        EXPECT_EQ(written.error().code, ErrorCode::FileNotWritable);
    }
    EXPECT_EQ(writeWhole("/dev/full", bytesOf("x")).error().message(), "/dev/full: the file cannot be written: expected a regular file or a new name, got a device or pipe");
}

TEST(WriteWhole, aMissingFolderIsNamed)
{
    EXPECT_EQ(writeWhole("/nowhere/a", bytesOf("x")).error().message(), "/nowhere/a: the file cannot be written: No such file or directory");
}

TEST(WriteWhole, aNameInTheCurrentFolderWorks)
{
    const TemporaryFolder folder;
    const fs::path before = fs::current_path();
    fs::current_path(folder.path());
    const auto written = writeWhole("plain", bytesOf("x"));
    fs::current_path(before);
    EXPECT_TRUE(written) << written.error().message();
    EXPECT_TRUE(fs::exists(folder / "plain"));
}

} // namespace
} // namespace quantloupe::test
