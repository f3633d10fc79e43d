// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/tensor_memory.h"

#include "base/aligned_buffer.h"

#include <algorithm>

namespace quantloupe {

std::size_t placeBlocks(std::span<MemoryBlock> blocks)
{
    std::vector<MemoryBlock *> bySize;
    for (MemoryBlock &block : blocks)
        bySize.push_back(&block);
    std::ranges::stable_sort(bySize, std::greater<>(), &MemoryBlock::bytes);
    std::vector<const MemoryBlock *> placed; // by offset
    std::size_t total = 0;
    for (MemoryBlock *const block : bySize) {
        const std::size_t bytes = AlignedBuffer::padded(block->bytes);
        block->offset = 0;
        for (const MemoryBlock *const other : placed) {
            if (!block->life.meets(other->life))
                continue;
            if (block->offset + bytes <= other->offset)
                break; // it fits before
            block->offset = std::max(block->offset, other->offset + AlignedBuffer::padded(other->bytes));
        }
        placed.insert(std::ranges::upper_bound(placed, block->offset, {}, &MemoryBlock::offset), block);
        total = std::max(total, block->offset + bytes);
    }
    return total;
}

} // namespace quantloupe
