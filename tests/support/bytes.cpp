// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/bytes.h"

#include "base/aligned_buffer.h"

#include <cstring>
#include <fstream>

namespace quantloupe::test {

SharedBytes share(std::span<const std::byte> bytes)
{
    auto copy = std::make_shared<AlignedBuffer>(bytes.size());
    if (!bytes.empty())
        std::memcpy(copy->data(), bytes.data(), bytes.size());
    return {copy, {copy->data(), copy->size()}};
}

std::span<const std::byte> bytesOf(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

Bytes toBytes(std::string_view text)
{
    const auto bytes = bytesOf(text);
    return {bytes.begin(), bytes.end()};
}

Bytes readFile(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    EXPECT_TRUE(file) << path;
    return toBytes(text);
}

void writeFile(const std::filesystem::path &path, std::span<const std::byte> bytes)
{
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    EXPECT_TRUE(file) << path;
}

void writeFile(const std::filesystem::path &path, std::string_view text)
{
    writeFile(path, bytesOf(text));
}

std::filesystem::path sharedArchive(std::string_view name)
{
    const std::filesystem::path path = sharedArchivesFolder() / name;
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ? path : std::filesystem::path();
}

} // namespace quantloupe::test
