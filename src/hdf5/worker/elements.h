// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/data_type.h"
#include "base/result.h"
#include "hdf5/worker/handle.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace quantloupe {

/// What an HDF5 dataset says of itself. A type that is no plain number has a text only.
struct ArrayHead {
    std::optional<DataType> type;
    std::string typeText;
    std::vector<std::uint64_t> shape;
};

/// Refuses datasets whose elements lie outside of the file, before anything of them is opened.
Result<ArrayHead> readArrayHead(hid_t dataset, const std::string &path);

/// shape x size of an element; nothing when that passes `limit`.
std::optional<std::uint64_t> byteCount(const ArrayHead &head, std::uint64_t limit);

/// Fills `out`, which has byteCount() bytes.
Result<void> readElements(hid_t dataset, DataType type, const std::string &path, std::span<std::byte> out);

} // namespace quantloupe
