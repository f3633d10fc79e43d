// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/data_type.h"
#include "base/result.h"
#include "base/shared_bytes.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// The texts of an object's attributes by name. Attributes of numbers are there without a text.
using Hdf5Attributes = std::map<std::string, std::vector<std::string>, std::less<>>;

struct Hdf5Array {
    std::optional<DataType> type; ///< nothing for what is no plain number
    std::string typeText;         ///< for messages: "float32", "compound"
    std::vector<std::uint64_t> shape;
    SharedBytes elements; ///< C order, this machine's byte order; empty where they were not asked for
    Hdf5Attributes attributes;

    std::string shapeText() const;
};

/// What can be reached by hard links in an HDF5 file, by full path: "/model_weights/dense"; the root group is "/".
struct Hdf5File {
    std::string file;
    std::map<std::string, Hdf5Attributes, std::less<>> groups;
    std::map<std::string, Hdf5Array, std::less<>> arrays;
    std::set<std::string, std::less<>> links; ///< soft and external ones: they are not followed

    /// Null where there is no group or no such attribute.
    const std::vector<std::string> *attribute(std::string_view group, std::string_view name) const;
    /// Fails, naming the path, and saying so if only a link lies there.
    Result<const Hdf5Array *> arrayAt(const std::string &path) const;
};

struct Hdf5Request {
    bool hasElements = true;               ///< false: only what there is
    std::vector<std::string> only = {};    ///< paths of the arrays whose elements are wanted; empty: all
    std::vector<std::string> without = {}; ///< groups of the root that are not looked into
    std::chrono::milliseconds timeout = {}; ///< zero: by the file's size
};

bool looksLikeHdf5(std::span<const std::byte> bytes);

/// Reads a file with libhdf5 in a process of its own, which can neither open a file nor reach the network. What kills or
/// hangs it, what passes the limits (32 MiB and 200 times the file for the elements), external storage, virtual datasets
/// and filters other than gzip, shuffle and fletcher32 are an error with the file's name: ModelDamaged (whatever is read, the
/// caller knows what it was to be) or, for what is refused, FileNotReadable. `file` is what messages call it.
Result<Hdf5File> readHdf5(std::span<const std::byte> bytes, std::string_view file, const Hdf5Request &request = {});

} // namespace quantloupe
