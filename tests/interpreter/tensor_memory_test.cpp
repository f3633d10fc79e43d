// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/tensor_memory.h"

#include <gtest/gtest.h>
#include <random>

using namespace quantloupe;

TEST(tensorMemory, isSharedByThoseThatDoNotMeet)
{
    std::vector<MemoryBlock> blocks{{100, {1, 0, 1}}, {100, {1, 1, 2}}, {100, {1, 2, 3}}};
    EXPECT_EQ(placeBlocks(blocks), 256u) << "two lines of the cache, twice";
    EXPECT_EQ(blocks[0].offset, blocks[2].offset);
    EXPECT_NE(blocks[0].offset, blocks[1].offset);
}

TEST(tensorMemory, isNotSharedByWhatStays)
{
    std::vector<MemoryBlock> blocks{{64, {1}}, {64, {1}}, {64, {1, 5, 6}}};
    EXPECT_EQ(placeBlocks(blocks), 192u);
}

TEST(tensorMemory, neverOverlapsWhereLivesMeet)
{
    std::mt19937 random(9); // fixed: the test says one thing every time
    for (int round = 0; round < 50; ++round) {
        std::vector<MemoryBlock> blocks(40);
        for (MemoryBlock &block : blocks) {
            block.bytes = random() % 3000;
            block.life.first = random() % 30;
            block.life.last = block.life.first + random() % 6;
        }
        const std::size_t total = placeBlocks(blocks);
        for (const MemoryBlock &a : blocks) {
            EXPECT_EQ(a.offset % 64, 0u);
            EXPECT_LE(a.offset + a.bytes, total);
            for (const MemoryBlock &b : blocks)
                if (&a != &b && a.life.meets(b.life))
                    EXPECT_TRUE(a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset);
        }
    }
}
