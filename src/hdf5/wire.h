// SPDX-License-Identifier: GPL-3.0-or-later
//
// What goes over the socket between the program and its HDF5 worker: numbers in this machine's byte order, texts and lists
// behind their length. The program reads the answer as it reads any hostile file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe::wire {

constexpr std::uint32_t kMagic = 0x35483051; // "Q0H5"; changes with the layout
constexpr std::uint32_t kMaxObjects = 100'000;
constexpr std::uint32_t kMaxRank = 32; ///< HDF5's own
/// Names, paths and attributes together.
constexpr std::uint64_t kMaxTextBytes = std::uint64_t{32} << 20;
/// The listing on the wire: the texts, and the numbers around them.
constexpr std::uint64_t kMaxListingBytes = kMaxTextBytes * 2;

/// How the worker ends when it cannot answer at all.
enum WorkerStatus : int { kDone = 0, kNoQuestion = 2, kNoSandbox = 3, kNoMemory = 4, kNobodyListens = 5 };

enum class FrameKind : std::uint32_t { Listing = 1, Elements = 2, Failure = 3, End = 4 };
enum class ObjectKind : std::uint8_t { Group = 0, Array = 1, Link = 2 };

struct FrameHead {
    FrameKind kind;
    std::uint32_t zero = 0;
    std::uint64_t bytes; ///< of what follows
};

class Writer {
public:
    template <typename T> void number(T value)
    {
        const auto bytes = std::as_bytes(std::span(&value, 1));
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    }
    void text(std::string_view value)
    {
        number(static_cast<std::uint32_t>(value.size()));
        const auto bytes = std::as_bytes(std::span(value.data(), value.size()));
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    }
    std::span<const std::byte> bytes() const { return m_bytes; }

private:
    std::vector<std::byte> m_bytes;
};

/// Reads zeros and nothing once it has run over the end; ask isWhole() last.
class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    template <typename T> T number()
    {
        T value{};
        if (const auto bytes = take(sizeof(T)); !bytes.empty())
            std::memcpy(&value, bytes.data(), sizeof(T));
        return value;
    }
    std::string text()
    {
        const auto bytes = take(number<std::uint32_t>());
        return std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    }
    /// A count of things of at least `least` bytes each: more than the rest can hold is over the end.
    std::uint32_t count(std::size_t least)
    {
        const auto value = number<std::uint32_t>();
        if (value > m_bytes.size() / least)
            m_isOver = true;
        return m_isOver ? 0 : value;
    }
    bool isOver() const { return m_isOver; }
    bool isWhole() const { return !m_isOver && m_bytes.empty(); }

private:
    std::span<const std::byte> take(std::size_t size)
    {
        if (m_isOver || size > m_bytes.size()) {
            m_isOver = true;
            return {};
        }
        const auto taken = m_bytes.first(size);
        m_bytes = m_bytes.subspan(size);
        return taken;
    }

    std::span<const std::byte> m_bytes;
    bool m_isOver = false;
};

/// What the worker is asked for; the file's bytes follow it.
struct Request {
    std::uint64_t imageBytes = 0;
    std::uint64_t maxElementBytes = 0;
    std::uint32_t cpuSeconds = 0;
    bool hasElements = false;         ///< false: only the listing
    std::vector<std::string> only;    ///< paths of the arrays whose elements are wanted; empty: all
    std::vector<std::string> without; ///< groups of the root that are not looked into
};

inline void write(Writer &writer, const Request &request)
{
    writer.number(request.imageBytes);
    writer.number(request.maxElementBytes);
    writer.number(request.cpuSeconds);
    writer.number(static_cast<std::uint8_t>(request.hasElements));
    for (const auto *list : {&request.only, &request.without}) {
        writer.number(static_cast<std::uint32_t>(list->size()));
        for (const std::string &text : *list)
            writer.text(text);
    }
}

inline Request readRequest(Reader &reader)
{
    Request request;
    request.imageBytes = reader.number<std::uint64_t>();
    request.maxElementBytes = reader.number<std::uint64_t>();
    request.cpuSeconds = reader.number<std::uint32_t>();
    request.hasElements = reader.number<std::uint8_t>() != 0;
    for (auto *list : {&request.only, &request.without})
        for (std::uint32_t left = reader.count(sizeof(std::uint32_t)); left > 0; --left)
            list->push_back(reader.text());
    return request;
}

} // namespace quantloupe::wire
