// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/zip_builder.h"

namespace quantloupe::test {
namespace {

/// CRC-32 as zip archives use it (reflected polynomial 0xedb88320), bit by bit.
std::uint32_t crc32(const Bytes &bytes)
{
    std::uint32_t crc = 0xffffffff;
    for (const std::byte byte : bytes) {
        crc ^= std::to_integer<std::uint32_t>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320 : 0);
    }
    return ~crc;
}

class Writer {
public:
    template <typename T> Writer &number(T value)
    {
        for (std::size_t i = 0; i < sizeof value; ++i)
            m_bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
        return *this;
    }
    Writer &text(std::string_view text)
    {
        for (const char c : text)
            m_bytes.push_back(static_cast<std::byte>(c));
        return *this;
    }
    /// The fields that local header and directory entry share.
    Writer &common(const ZipSpec &spec)
    {
        constexpr std::uint16_t version = 20;
        number(version).number(spec.flags).number(spec.method).number(std::uint32_t{0x00210000}); // 1980-01-01
        number(spec.claimedCrc.value_or(crc32(spec.data))).number(static_cast<std::uint32_t>(spec.data.size()));
        return number(spec.claimedSize.value_or(static_cast<std::uint32_t>(spec.data.size()))).number(static_cast<std::uint16_t>(spec.name.size()));
    }
    Bytes &bytes() { return m_bytes; }
    std::uint32_t size() const { return static_cast<std::uint32_t>(m_bytes.size()); }

private:
    Bytes m_bytes;
};

} // namespace

Bytes zipOf(const std::vector<ZipSpec> &entries)
{
    Writer out;
    Writer directory;
    for (const ZipSpec &spec : entries) {
        const std::uint32_t offset = spec.offset.value_or(out.size());
        out.number(std::uint32_t{0x04034b50}).common(spec).number(std::uint16_t{0}).text(spec.name);
        out.bytes().insert(out.bytes().end(), spec.data.begin(), spec.data.end());
        directory.number(std::uint32_t{0x02014b50}).number(std::uint16_t{20}).common(spec);
        directory.number(std::uint16_t{0}).number(std::uint16_t{0}).number(std::uint16_t{0}).number(std::uint16_t{0}).number(std::uint32_t{0}).number(offset).text(spec.name);
    }
    const std::uint32_t start = out.size();
    const auto count = static_cast<std::uint16_t>(entries.size());
    out.bytes().insert(out.bytes().end(), directory.bytes().begin(), directory.bytes().end());
    out.number(std::uint32_t{0x06054b50}).number(std::uint32_t{0}).number(count).number(count).number(directory.size()).number(start).number(std::uint16_t{0});
    return std::move(out.bytes());
}

} // namespace quantloupe::test
