// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npy_header.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <string_view>

namespace quantloupe {
namespace {

constexpr std::string_view kMagic{"\x93NUMPY", 6};
constexpr std::size_t kMaxAxes = 32; // NumPy's own

tl::unexpected<Error> damaged(std::string expected, std::string got = {})
{
    return fail(ErrorCode::DatasetDamaged, {.place = "the .npy header", .expected = std::move(expected), .got = std::move(got)});
}

struct TypeCode {
    std::string_view code;
    DataType type;
};
constexpr std::array kTypeCodes{
    TypeCode{"b1", DataType::Bool}, TypeCode{"i1", DataType::Int8}, TypeCode{"i2", DataType::Int16}, TypeCode{"i4", DataType::Int32},
    TypeCode{"i8", DataType::Int64}, TypeCode{"u1", DataType::UInt8}, TypeCode{"u2", DataType::UInt16}, TypeCode{"u4", DataType::UInt32},
    TypeCode{"u8", DataType::UInt64}, TypeCode{"f2", DataType::Float16}, TypeCode{"f4", DataType::Float32}, TypeCode{"f8", DataType::Float64},
};

/// The literal of a dictionary that NumPy writes: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
public:
    explicit HeaderParser(std::string_view text) : m_text(text) {}

    Result<NpyHeader> parse()
    {
        if (!take('{'))
            return damaged("a dictionary");
        while (!take('}')) {
            QL_TRY(const std::string key, text());
            if (!take(':'))
                return damaged(fmt::format("a value of '{}'", key));
            QL_CHECK(value(key));
            if (!take(',') && !isNext('}'))
                return damaged("a comma or the dictionary's end");
        }
        if (skipSpace(); !m_text.empty())
            return damaged("nothing after the dictionary");
        if (m_found != 7)
            return damaged("descr, fortran_order and shape", "less than these");
        return std::move(m_header);
    }

private:
    void skipSpace()
    {
        while (!m_text.empty() && std::isspace(static_cast<unsigned char>(m_text.front())))
            m_text.remove_prefix(1);
    }
    bool isNext(char c)
    {
        skipSpace();
        return m_text.starts_with(c);
    }
    bool take(char c)
    {
        if (!isNext(c))
            return false;
        m_text.remove_prefix(1);
        return true;
    }
    bool takeWord(std::string_view word)
    {
        skipSpace();
        if (!m_text.starts_with(word))
            return false;
        m_text.remove_prefix(word.size());
        return true;
    }

    /// A quoted text without escapes: NumPy writes none here.
    Result<std::string> text()
    {
        skipSpace();
        const char quote = m_text.empty() ? '\0' : m_text.front();
        const std::size_t end = quote == '\'' || quote == '"' ? m_text.find(quote, 1) : m_text.npos;
        if (end == m_text.npos || m_text.substr(0, end).find('\\') != m_text.npos)
            return damaged("a quoted text");
        std::string found(m_text.substr(1, end - 1));
        m_text.remove_prefix(end + 1);
        return found;
    }

    Result<void> value(std::string_view key)
    {
        const unsigned bit = key == "descr" ? 1 : key == "fortran_order" ? 2 : key == "shape" ? 4 : 0;
        if (bit == 0 || (m_found & bit))
            return damaged("descr, fortran_order and shape, once each", std::string(key));
        m_found |= bit;
        return bit == 1 ? type() : bit == 2 ? order() : shape();
    }

    Result<void> type()
    {
        if (isNext('['))
            return fail(ErrorCode::DatasetUnsupported, {.expected = "an array of numbers", .got = "a structured array"});
        QL_TRY(const std::string code, text());
        const std::string_view kind = std::string_view(code).substr(code.find_first_of("<>|=") == 0 ? 1 : 0);
        if (kind.starts_with('O'))
            return fail(ErrorCode::DatasetPickled);
        const auto found = std::ranges::find(kTypeCodes, kind, &TypeCode::code);
        if (found == kTypeCodes.end())
            return fail(ErrorCode::DatasetUnsupported, {.expected = "an array of booleans, integers or floats", .got = fmt::format("element type {}", code)});
        m_header.type = found->type;
        m_header.isBigEndian = code.starts_with('>');
        return {};
    }

    Result<void> order()
    {
        m_header.isFortranOrder = takeWord("True");
        if (!m_header.isFortranOrder && !takeWord("False"))
            return damaged("fortran_order of True or False");
        return {};
    }

    Result<void> shape()
    {
        if (!take('('))
            return damaged("a shape in parentheses");
        while (!take(')')) {
            skipSpace();
            std::uint64_t axis = 0;
            const auto [end, error] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), axis);
            if (error != std::errc())
                return damaged("axis lengths below 2^64");
            m_text.remove_prefix(static_cast<std::size_t>(end - m_text.data()));
            takeWord("L"); // Python 2's long integers
            m_header.shape.push_back(axis);
            if (m_header.shape.size() > kMaxAxes)
                return damaged(fmt::format("at most {} axes", kMaxAxes));
            if (!take(',') && !isNext(')'))
                return damaged("a comma or the shape's end");
        }
        return {};
    }

    std::string_view m_text;
    NpyHeader m_header = {};
    unsigned m_found = 0;
};

/// Bytes of all elements; the largest number when they are more than that.
std::uint64_t byteCount(const NpyHeader &header)
{
    std::uint64_t bytes = elementSize(header.type);
    for (const std::uint64_t axis : header.shape)
        if (__builtin_mul_overflow(bytes, axis, &bytes))
            return std::numeric_limits<std::uint64_t>::max();
    return bytes;
}

std::uint32_t littleEndian(std::span<const std::byte> bytes)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        value |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
    return value;
}

} // namespace

std::uint64_t NpyHeader::elementCount() const
{
    std::uint64_t count = 1;
    for (const std::uint64_t axis : shape)
        count *= axis;
    return count;
}

std::string NpyHeader::shapeText() const
{
    return shape.empty() ? "scalar" : fmt::format("{}", fmt::join(shape, "x"));
}

Result<NpyHeader> readNpyHeader(std::span<const std::byte> start, std::uint64_t fileSize)
{
    constexpr std::size_t kShortest = 10;
    if (start.size() < kShortest || std::memcmp(start.data(), kMagic.data(), kMagic.size()) != 0)
        return fail(ErrorCode::FormatUnknown, {.expected = "a .npy array"});
    const auto version = std::to_integer<unsigned>(start[6]);
    if (version < 1 || version > 3)
        return fail(ErrorCode::DatasetUnsupported, {.expected = ".npy version 1, 2 or 3", .got = fmt::format("{}", version)});
    const std::size_t lengthBytes = version == 1 ? 2 : 4;
    const std::size_t textOffset = 8 + lengthBytes;
    if (start.size() < textOffset)
        return damaged("a whole header");
    const std::size_t length = littleEndian(start.subspan(8, lengthBytes));
    if (length > kNpyHeaderLimit - 12 || length > start.size() - textOffset)
        return damaged(fmt::format("a header inside the file's {} bytes and of at most {}", fileSize, kNpyHeaderLimit - 12), fmt::format("{} bytes", length));
    QL_TRY(NpyHeader header, HeaderParser({reinterpret_cast<const char *>(start.data()) + textOffset, length}).parse());
    header.dataOffset = textOffset + length;
    if (const std::uint64_t bytes = byteCount(header); bytes != fileSize - header.dataOffset)
        return fail(ErrorCode::DatasetDamaged, {.expected = fmt::format("{} {} elements in {} bytes", header.shapeText(), name(header.type),
                                                                       bytes == std::numeric_limits<std::uint64_t>::max() ? "more than 2^64" : fmt::format("{}", bytes)),
                                                .got = fmt::format("{} bytes", fileSize - header.dataOffset)});
    return header;
}

Result<std::string> npyHeaderText(DataType type, std::span<const std::uint64_t> shape)
{
    const auto found = std::ranges::find(kTypeCodes, type, &TypeCode::type);
    if (found == kTypeCodes.end())
        return fail(ErrorCode::DatasetUnsupported, {.expected = "a type that .npy files have", .got = std::string(name(type))});
    const std::string tuple = shape.size() == 1 ? fmt::format("({},)", shape[0]) : fmt::format("({})", fmt::join(shape, ", "));
    std::string text = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': {}, }}", elementSize(type) == 1 ? '|' : '<', found->code, tuple);
    constexpr std::size_t kPrefix = 10;
    text.append((64 - (kPrefix + text.size() + 1) % 64) % 64, ' ');
    text += '\n';
    std::string header(kMagic);
    header += {'\x01', '\x00', static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
    return header + text;
}

} // namespace quantloupe
