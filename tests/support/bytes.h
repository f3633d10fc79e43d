// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/shared_bytes.h"
#include "support/paths.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe::test {

using Bytes = std::vector<std::byte>;

/// A 64-byte aligned copy, as files are read.
SharedBytes share(std::span<const std::byte> bytes);
std::span<const std::byte> bytesOf(std::string_view text);
Bytes toBytes(std::string_view text);

/// Fails the test when the file cannot be read.
Bytes readFile(const std::filesystem::path &path);
void writeFile(const std::filesystem::path &path, std::span<const std::byte> bytes);
void writeFile(const std::filesystem::path &path, std::string_view text);

/// A file of ../shared/archives; empty when that folder is not there. Use with QL_SKIP_WITHOUT_ARCHIVE.
std::filesystem::path sharedArchive(std::string_view name);

} // namespace quantloupe::test

#define QL_SKIP_WITHOUT_ARCHIVE(name)                                                                                  \
    if (::quantloupe::test::sharedArchive(name).empty())                                                               \
    GTEST_SKIP() << (name) << " is not in " << ::quantloupe::test::sharedArchivesFolder()
