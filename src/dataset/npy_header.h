// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/data_type.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace quantloupe {

/// What stands before the elements of a .npy file (NumPy's format, versions 1 to 3).
struct NpyHeader {
    DataType type = DataType::Float32;
    bool isBigEndian = false;
    bool isFortranOrder = false;
    std::vector<std::uint64_t> shape;
    std::uint64_t dataOffset = 0;

    std::uint64_t elementCount() const;
    /// "100x98x1x40"; "scalar" without axes.
    std::string shapeText() const;
};

/// Bytes of a .npy that surely hold its header.
inline constexpr std::size_t kNpyHeaderLimit = 65536 + 12;

/// Reads the header from the file's first bytes and checks that the elements are exactly what follows it. The dictionary
/// is parsed, never evaluated; object arrays are refused (DatasetPickled), structured ones and texts are, too.
Result<NpyHeader> readNpyHeader(std::span<const std::byte> start, std::uint64_t fileSize);

/// A version 1 header for elements in C order, padded so that they begin at a multiple of 64. Fails for types that
/// NumPy does not have.
Result<std::string> npyHeaderText(DataType type, std::span<const std::uint64_t> shape);

} // namespace quantloupe
