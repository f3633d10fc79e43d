// SPDX-License-Identifier: GPL-3.0-or-later
#include "archive/zip_archive.h"

#include "support/temporary_folder.h"
#include "support/zip_builder.h"

#include <random>

namespace quantloupe::test {
namespace {

Result<ZipArchive> open(const Bytes &bytes)
{
    return ZipArchive::open(share(bytes), "a.zip");
}

std::string refusal(const std::vector<ZipSpec> &entries)
{
    const auto archive = open(zipOf(entries));
    return archive ? std::string() : archive.error().message();
}

std::vector<ZipSpec> twoEntries()
{
    return {{.name = "model.tflite", .data = toBytes("first content")}, {.name = "eval/summary.txt", .data = toBytes("second, longer content")}};
}

TEST(ZipArchive, entriesAreListedInTheirOrder)
{
    const auto archive = open(zipOf(twoEntries()));
    ASSERT_TRUE(archive) << archive.error().message();
    ASSERT_EQ(archive->entries().size(), 2u);
    EXPECT_EQ(archive->entries()[1].name, "eval/summary.txt");
    EXPECT_EQ(archive->entries()[1].bytes, 22u);
    EXPECT_TRUE(archive->contains("model.tflite"));
}

TEST(ZipArchive, anEntryIsReadWhole)
{
    const auto archive = open(zipOf(twoEntries()));
    ASSERT_TRUE(archive);
    const auto bytes = archive->read("model.tflite");
    ASSERT_TRUE(bytes) << bytes.error().message();
    EXPECT_TRUE(std::ranges::equal(bytes->bytes, bytesOf("first content")));
}

TEST(ZipArchive, anEmptyArchiveHasNoEntries)
{
    const auto archive = open(zipOf({}));
    ASSERT_TRUE(archive) << archive.error().message();
    EXPECT_TRUE(archive->entries().empty());
}

TEST(ZipArchive, aMissingEntryIsNamed)
{
    const auto archive = open(zipOf(twoEntries()));
    ASSERT_TRUE(archive);
    const auto bytes = archive->read("other");
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().message(), "a.zip: the zip archive lacks an entry: expected other");
}

TEST(ZipArchive, deflatedEntriesOfARealArchiveAreRead)
{
    QL_SKIP_WITHOUT_ARCHIVE("spoken_digits_plain.mltk.zip");
    const auto archive = ZipArchive::open(sharedArchive("spoken_digits_plain.mltk.zip"));
    ASSERT_TRUE(archive) << archive.error().message();
    for (const ZipEntry &entry : archive->entries()) {
        const auto bytes = archive->read(entry.name);
        ASSERT_TRUE(bytes) << bytes.error().message();
        EXPECT_EQ(bytes->size(), entry.bytes);
    }
}

TEST(ZipArchive, aFolderIsNoArchive)
{
    const TemporaryFolder folder;
    const auto archive = ZipArchive::open(folder.path());
    ASSERT_FALSE(archive);
    EXPECT_EQ(archive.error().code, ErrorCode::FileNotReadable);
}

// --- Refused ---

TEST(ZipArchiveRefuses, namesThatLeadOutOfAFolder)
{
    for (const char *name : {"../evil.txt", "a/../../evil", "/etc/passwd", "a\\b", "C:/evil", "a//b", "./a", "..", "a/.."}) {
        SCOPED_TRACE(name);
        const auto archive = open(zipOf({{.name = name, .data = toBytes("x")}}));
        ASSERT_FALSE(archive);
        EXPECT_EQ(archive.error().code, ErrorCode::ZipUnsafe);
    }
    EXPECT_EQ(refusal({{.name = "../evil.txt"}}),
              "a.zip: the zip archive is refused as unsafe at entry ../evil.txt: expected a plain relative name, got one that may lead out of its folder");
}

TEST(ZipArchive, namesOfTensorsWithAnOutputNumberAreNoDrives)
{
    EXPECT_EQ(refusal({{.name = "x:0.npy"}}), "");
}

TEST(ZipArchive, foldersAreEntries)
{
    EXPECT_EQ(refusal({{.name = "eval/"}, {.name = "eval/a"}}), "");
}

TEST(ZipArchiveRefuses, emptyAndEndlessNamesAndNul)
{
    EXPECT_NE(refusal({{.name = ""}}), "");
    EXPECT_NE(refusal({{.name = std::string(256, 'a')}}), "");
    EXPECT_NE(refusal({{.name = std::string("a\0b", 3)}}), "");
}

TEST(ZipArchiveRefuses, theSameNameTwice)
{
    EXPECT_EQ(refusal({{.name = "Model.tflite"}, {.name = "model.TFLITE"}}),
              "a.zip: the zip archive is refused as unsafe at entry model.TFLITE: expected different names, got the same one twice");
}

TEST(ZipArchiveRefuses, encryptedEntries)
{
    EXPECT_NE(refusal({{.name = "a", .data = toBytes("secret content"), .flags = 1}}), "");
}

TEST(ZipArchiveRefuses, entriesThatOverlap)
{
    std::vector<ZipSpec> entries = twoEntries();
    entries[1].offset = 0;
    const auto archive = open(zipOf(entries));
    ASSERT_FALSE(archive);
    EXPECT_EQ(archive.error().code, ErrorCode::ZipUnsafe);
}

/// The second local header lies inside the first one's data ("quoted overlap").
TEST(ZipArchiveRefuses, anEntryInsideAnother)
{
    const Bytes inner = zipOf({{.name = "inner", .data = toBytes("payload")}});
    std::vector<ZipSpec> entries{{.name = "outer", .data = inner}, {.name = "inner", .data = toBytes("payload")}};
    entries[1].offset = 30 + 5;
    const auto archive = open(zipOf(entries));
    ASSERT_FALSE(archive);
    EXPECT_EQ(archive.error().code, ErrorCode::ZipUnsafe);
}

TEST(ZipArchiveRefuses, bombs)
{
    EXPECT_NE(refusal({{.name = "flat", .data = Bytes(1000), .method = 8, .claimedSize = 2'000'000}}), "");   // ratio of one
    EXPECT_NE(refusal({{.name = "large", .data = Bytes(2'000'000), .method = 8, .claimedSize = 1'500'000'000}}), ""); // one entry's size
    std::vector<ZipSpec> many;
    for (int i = 0; i < 100; ++i)
        many.push_back({.name = std::to_string(i), .data = Bytes(2000), .method = 8, .claimedSize = 2'000'000});
    EXPECT_NE(refusal(many), ""); // ratio of all
}

TEST(ZipArchiveRefuses, tooManyEntries)
{
    std::vector<ZipSpec> many;
    for (int i = 0; i < 10001; ++i)
        many.push_back({.name = std::to_string(i)});
    EXPECT_EQ(refusal(many), "a.zip: the zip archive is refused as unsafe: expected at most 10000 entries, got 10001");
}

TEST(ZipArchiveRefuses, methodsOtherThanStoredAndDeflated)
{
    const auto archive = open(zipOf({{.name = "a", .data = toBytes("x"), .method = 12}}));
    ASSERT_TRUE(archive) << archive.error().message();
    const auto bytes = archive->read("a");
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, ErrorCode::ZipUnsafe);
}

TEST(ZipArchiveRefuses, contentWithAnotherChecksum)
{
    const auto archive = open(zipOf({{.name = "a", .data = toBytes("content"), .claimedCrc = 1}}));
    ASSERT_TRUE(archive) << archive.error().message();
    const auto bytes = archive->read("a");
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, ErrorCode::ZipDamaged);
    EXPECT_EQ(bytes.error().facts.file, "a.zip:a");
}

TEST(ZipArchiveRefuses, contentShorterThanItSays)
{
    const auto archive = open(zipOf({{.name = "a", .data = toBytes("content"), .claimedSize = 9}}));
    EXPECT_TRUE(!archive || !archive->read("a"));
}

/// Whatever is read must be what was packed: never a part of it.
void readAll(const Bytes &bytes)
{
    if (const auto archive = open(bytes))
        for (const ZipEntry &entry : archive->entries())
            (void)archive->read(entry.name);
}

TEST(ZipArchiveBroken, everyTruncationIsRefused)
{
    const Bytes whole = zipOf(twoEntries());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(open(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)))) << size;
}

TEST(ZipArchiveBroken, flippedBitsNeverCrash)
{
    const Bytes whole = zipOf(twoEntries());
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        Bytes mutant = whole;
        mutant[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
        readAll(mutant);
    }
    constexpr unsigned seed = 7;
    std::mt19937 random(seed);
    for (int i = 0; i < 5000; ++i) {
        Bytes mutant = whole;
        for (int changes = 0; changes < 3; ++changes)
            mutant[random() % mutant.size()] = static_cast<std::byte>(random());
        readAll(mutant);
    }
}

} // namespace
} // namespace quantloupe::test
