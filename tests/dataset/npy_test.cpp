// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npy.h"

#include "support/npy_builder.h"
#include "support/temporary_folder.h"

#include <cmath>
#include <random>

namespace quantloupe::test {
namespace {

std::vector<float> realsOf(const Bytes &npy, std::size_t count)
{
    const auto array = NpyArray::fromBytes(share(npy), "a.npy");
    EXPECT_TRUE(array) << (array ? "" : array.error().message());
    std::vector<float> values(count);
    EXPECT_TRUE(array && array->readReal(0, values));
    return values;
}

TEST(Npy, everyTypeOfNumberReadsAsReal)
{
    const std::vector<float> expected{1.0f, 0.0f, 1.0f};
    EXPECT_EQ(realsOf(npyOf<std::uint8_t>("|b1", "(3,)", {1, 0, 1}), 3), expected);
    EXPECT_EQ(realsOf(npyOf<std::int8_t>("|i1", "(3,)", {-1, 0, 127}), 3), (std::vector{-1.0f, 0.0f, 127.0f}));
    EXPECT_EQ(realsOf(npyOf<std::uint8_t>("|u1", "(2,)", {255, 0}), 2), (std::vector{255.0f, 0.0f}));
    EXPECT_EQ(realsOf(npyOf<std::int16_t>("<i2", "(2,)", {-300, 300}), 2), (std::vector{-300.0f, 300.0f}));
    EXPECT_EQ(realsOf(npyOf<std::uint16_t>("<u2", "(1,)", {65535}), 1), std::vector{65535.0f});
    EXPECT_EQ(realsOf(npyOf<std::int32_t>("<i4", "(1,)", {-70000}), 1), std::vector{-70000.0f});
    EXPECT_EQ(realsOf(npyOf<std::uint32_t>("<u4", "(1,)", {4000000000u}), 1), std::vector{4.0e9f});
    EXPECT_EQ(realsOf(npyOf<std::int64_t>("<i8", "(1,)", {-5}), 1), std::vector{-5.0f});
    EXPECT_EQ(realsOf(npyOf<std::uint64_t>("<u8", "(1,)", {5}), 1), std::vector{5.0f});
    EXPECT_EQ(realsOf(npyOf<double>("<f8", "(1,)", {0.1}), 1), std::vector{0.1f});
    EXPECT_EQ(realsOf(npyOf<float>("<f4", "(2,)", {0.5f, -3.25f}), 2), (std::vector{0.5f, -3.25f}));
}

TEST(Npy, halfFloatsAreExact)
{
    // 1, -2, 65504 (largest), 2^-14 (smallest normal), 2^-24 (smallest)
    EXPECT_EQ(realsOf(npyOf<std::uint16_t>("<f2", "(5,)", {0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001}), 5), (std::vector{1.0f, -2.0f, 65504.0f, 0x1p-14f, 0x1p-24f}));
    const auto special = realsOf(npyOf<std::uint16_t>("<f2", "(2,)", {0xfc00, 0x7e00}), 2);
    EXPECT_TRUE(std::isinf(special[0]) && special[0] < 0);
    EXPECT_TRUE(std::isnan(special[1]));
}

TEST(Npy, bigEndianElementsAreTurnedRound)
{
    const std::vector<std::uint8_t> bytes{0x01, 0x02, 0xff, 0xfe};
    EXPECT_EQ(realsOf(npyOf(">i2", "(2,)", bytesOfValues(bytes)), 2), (std::vector{258.0f, -2.0f}));
}

TEST(Npy, fortranOrderBecomesCOrder)
{
    // [[0, 1, 2], [3, 4, 5]] column by column
    const Bytes npy = npyOf("<i2", "(2, 3)", bytesOfValues<std::int16_t>({0, 3, 1, 4, 2, 5}), true);
    EXPECT_EQ(realsOf(npy, 6), (std::vector{0.0f, 1.0f, 2.0f, 3.0f, 4.0f, 5.0f}));
}

TEST(Npy, aFileIsReadAsTheSameArrayInMemory)
{
    const TemporaryFolder folder;
    const Bytes npy = npyOf<std::int16_t>("<i2", "(2, 3)", {0, 1, 2, 3, 4, 5});
    writeFile(folder / "a.npy", npy);
    const auto array = NpyArray::open(folder / "a.npy");
    ASSERT_TRUE(array) << array.error().message();
    std::vector<float> last(3);
    ASSERT_TRUE(array->readReal(3, last));
    EXPECT_EQ(last, (std::vector{3.0f, 4.0f, 5.0f}));
}

TEST(Npy, aFileInFortranOrderIsReadInCOrder)
{
    const TemporaryFolder folder;
    writeFile(folder / "a.npy", npyOf("<i2", "(2, 3)", bytesOfValues<std::int16_t>({0, 3, 1, 4, 2, 5}), true));
    const auto array = NpyArray::open(folder / "a.npy");
    ASSERT_TRUE(array) << array.error().message();
    std::vector<float> row(3);
    ASSERT_TRUE(array->readReal(3, row));
    EXPECT_EQ(row, (std::vector{3.0f, 4.0f, 5.0f}));
}

TEST(Npy, aFileCutShortWhileItIsOpenIsAnError)
{
    const TemporaryFolder folder;
    const Bytes npy = npyOf<float>("<f4", "(4,)", {0, 1, 2, 3});
    writeFile(folder / "a.npy", npy);
    const auto array = NpyArray::open(folder / "a.npy");
    ASSERT_TRUE(array);
    std::filesystem::resize_file(folder / "a.npy", npy.size() - 8);
    std::vector<float> values(4);
    EXPECT_FALSE(array->readReal(0, values));
}

TEST(NpyBroken, flippedBitsNeverCrash)
{
    const Bytes whole = npyOf("<i2", "(2, 3)", bytesOfValues<std::int16_t>({0, 3, 1, 4, 2, 5}), true);
    std::mt19937 random(3);
    for (int i = 0; i < 20000; ++i) {
        Bytes mutant = whole;
        for (int changes = 0; changes < 2; ++changes)
            mutant[random() % mutant.size()] = static_cast<std::byte>(random());
        (void)NpyArray::fromBytes(share(mutant), "a.npy");
    }
}

} // namespace
} // namespace quantloupe::test
