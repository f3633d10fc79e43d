// SPDX-License-Identifier: GPL-3.0-or-later
//
// SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND: the cell at offset (dy, dx) of every block of a picture [n, h, w, ...] belongs to
// the picture of batch (dy * block width + dx) * n + i.
#pragma once

#include "kernels/kernel.h"

namespace quantloupe {

struct BatchBlocks {
    int spatial = 0;                  ///< number of spatial axes, from axis 1 on
    std::vector<std::int64_t> block;  ///< per spatial axis
    std::vector<std::int64_t> before; ///< paddings or crops
    std::vector<std::int64_t> after;
    std::int64_t blockCells = 1;      ///< product of block
};

/// Inputs 1 (block shape) and 2 (paddings or crops), checked.
Result<BatchBlocks> batchBlocks(const PrepareContext &context);

/// For every axis of a picture tensor of `picture`'s shape up to the last spatial one, where its indices lie in the
/// tensor of batches of shape `batches`. Index i of a spatial axis stands at i + before in the blocks.
std::vector<std::vector<std::ptrdiff_t>> batchTables(const BatchBlocks &blocks, const Shape &picture, const Shape &batches);

} // namespace quantloupe
