// SPDX-License-Identifier: GPL-3.0-or-later
#include "hdf5/hdf5_file.h"

#include "base/aligned_buffer.h"
#include "hdf5/wire.h"
#include "hdf5/worker_process.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <new>

namespace quantloupe {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{2} << 30;
constexpr std::uint64_t kMaxFailureBytes = 1 << 16;
// A compression bomb passes these: deflate can pack a thousandfold, weights and samples hardly pack at all.
constexpr std::uint64_t kMaxUnpackedRatio = 200;
constexpr std::uint64_t kMaxUnpackedSlack = std::uint64_t{32} << 20;
constexpr std::uint64_t kMaxElementBytes = std::uint64_t{4} << 30;
// libhdf5 reads a model in milliseconds, 100 MB and 50 MB packed in a second, or never ends.
constexpr std::uint64_t kBytesPerSecond = std::uint64_t{16} << 20;
constexpr std::uint64_t kLeastSeconds = 2;

wire::Request requestFor(std::uint64_t imageBytes, const Hdf5Request &request)
{
    return {.imageBytes = imageBytes,
            .maxElementBytes = std::min(kMaxElementBytes, kMaxUnpackedSlack + kMaxUnpackedRatio * imageBytes),
            .cpuSeconds = static_cast<std::uint32_t>(kLeastSeconds + imageBytes / kBytesPerSecond),
            .hasElements = request.hasElements,
            .only = request.only,
            .without = request.without};
}

/// Nobody can tell which of the two it is.
tl::unexpected<Error> damaged(std::string got)
{
    return fail(ErrorCode::ModelDamaged, {.got = "damaged or unsafe: " + std::move(got)});
}

/// The worker is not trusted once it has seen the file: a message of its own is an error of one of these kinds, or none.
Error readFailure(std::span<const std::byte> bytes)
{
    wire::Reader reader(bytes);
    const auto code = reader.number<std::uint32_t>();
    ErrorFacts facts{.place = reader.text(), .expected = reader.text(), .got = reader.text()};
    if (!reader.isWhole())
        return {ErrorCode::ModelDamaged, {.got = "the process that reads it talks nonsense"}};
    for (const ErrorCode known : {ErrorCode::ModelDamaged, ErrorCode::FileNotReadable})
        if (code == static_cast<std::uint32_t>(known))
            return {known, std::move(facts)};
    return {ErrorCode::ModelDamaged, std::move(facts)};
}

Hdf5Attributes readAttributes(wire::Reader &reader)
{
    Hdf5Attributes attributes;
    for (std::uint32_t left = reader.count(2 * sizeof(std::uint32_t)); left > 0; --left) {
        std::vector<std::string> &texts = attributes[reader.text()];
        for (std::uint32_t more = reader.count(sizeof(std::uint32_t)); more > 0; --more)
            texts.push_back(reader.text());
    }
    return attributes;
}

/// An array as the listing tells it, and whether its elements follow.
struct ListedArray {
    std::string path;
    Hdf5Array array;
    std::uint64_t bytes = 0;
};

/// The size that shape and type ask for: the worker's own figure is not believed.
bool hasSaneSize(const ListedArray &listed, std::uint64_t limit)
{
    if (listed.bytes == 0)
        return true;
    std::uint64_t size = listed.array.type ? elementSize(*listed.array.type) : 0;
    for (const std::uint64_t dim : listed.array.shape) {
        if (dim == 0)
            return false;
        if (size > limit / dim)
            return false;
        size *= dim;
    }
    return size == listed.bytes && size <= limit;
}

ListedArray readArray(wire::Reader &reader, std::string path)
{
    ListedArray listed;
    listed.path = std::move(path);
    const auto type = reader.number<std::int8_t>();
    if (type >= 0 && type < kDataTypeCount)
        listed.array.type = static_cast<DataType>(type);
    listed.array.typeText = reader.text();
    for (std::uint32_t left = std::min(reader.count(sizeof(std::uint64_t)), wire::kMaxRank); left > 0; --left)
        listed.array.shape.push_back(reader.number<std::uint64_t>());
    listed.bytes = reader.number<std::uint64_t>();
    listed.array.attributes = readAttributes(reader);
    return listed;
}

/// Everything but elements; empty where it makes no sense.
std::optional<std::vector<ListedArray>> readListing(std::span<const std::byte> bytes, std::uint64_t elementLimit, Hdf5File &file)
{
    wire::Reader reader(bytes);
    std::vector<ListedArray> arrays;
    for (std::uint32_t left = std::min(reader.count(5), wire::kMaxObjects); left > 0; --left) {
        const auto kind = static_cast<wire::ObjectKind>(reader.number<std::uint8_t>());
        std::string path = reader.text();
        if (kind == wire::ObjectKind::Array)
            arrays.push_back(readArray(reader, std::move(path)));
        else if (kind == wire::ObjectKind::Link)
            file.links.insert(std::move(path));
        else
            file.groups.insert_or_assign(std::move(path), readAttributes(reader));
        if (!arrays.empty() && !hasSaneSize(arrays.back(), elementLimit))
            return std::nullopt;
    }
    if (!reader.isWhole())
        return std::nullopt;
    return arrays;
}

class Conversation {
public:
    Conversation(WorkerProcess worker, const wire::Request &request) : m_worker(std::move(worker)), m_request(request) {}

    Result<Hdf5File> run(std::span<const std::byte> image)
    {
        wire::Writer question;
        wire::write(question, m_request);
        wire::Writer head;
        head.number(wire::kMagic);
        head.number(static_cast<std::uint32_t>(question.bytes().size()));
        if (!m_worker.send(head.bytes()) || !m_worker.send(question.bytes()) || !m_worker.send(image))
            return lost();
        Hdf5File file;
        QL_TRY(const SharedBytes listing, frame(wire::FrameKind::Listing, wire::kMaxListingBytes, 0));
        auto arrays = readListing(listing, m_request.maxElementBytes, file);
        if (!arrays)
            return nonsense();
        std::uint64_t left = m_request.maxElementBytes;
        for (ListedArray &listed : *arrays) {
            if (listed.bytes > 0) {
                QL_TRY(listed.array.elements, frame(wire::FrameKind::Elements, left, listed.bytes));
                left -= listed.bytes;
            }
            file.arrays.insert_or_assign(std::move(listed.path), std::move(listed.array));
        }
        QL_CHECK(frame(wire::FrameKind::End, 0, 0));
        return file;
    }

private:
    tl::unexpected<Error> lost() { return damaged(m_worker.howItEnded()); }
    tl::unexpected<Error> nonsense() { return damaged("the process that reads it talks nonsense"); }

    /// The bytes of the frame that must come now; `exactly` 0 for any size.
    Result<SharedBytes> frame(wire::FrameKind kind, std::uint64_t atMost, std::uint64_t exactly)
    {
        wire::FrameHead head{};
        if (!m_worker.receive(std::as_writable_bytes(std::span(&head, 1))))
            return lost();
        const bool isFailure = head.kind == wire::FrameKind::Failure && head.bytes <= kMaxFailureBytes;
        const bool isExpected = head.kind == kind && head.bytes <= atMost && (exactly == 0 || head.bytes == exactly);
        if (!isFailure && !isExpected)
            return nonsense();
        std::shared_ptr<AlignedBuffer> buffer;
        try {
            buffer = std::make_shared<AlignedBuffer>(static_cast<std::size_t>(head.bytes));
        } catch (const std::bad_alloc &) {
            return fail(ErrorCode::FileNotReadable, {.got = fmt::format("no memory for {} bytes", head.bytes)});
        }
        if (!m_worker.receive({buffer->data(), buffer->size()}))
            return lost();
        if (isFailure)
            return fail(readFailure({buffer->data(), buffer->size()}));
        return SharedBytes(buffer, {buffer->data(), buffer->size()});
    }

    WorkerProcess m_worker;
    const wire::Request &m_request;
};

Result<Hdf5File> read(std::span<const std::byte> bytes, const Hdf5Request &request)
{
    if (bytes.size() > kMaxFileBytes)
        return fail(ErrorCode::FileTooLarge, {.expected = fmt::format("at most {} bytes", kMaxFileBytes), .got = fmt::format("{}", bytes.size())});
    const wire::Request question = requestFor(bytes.size(), request);
    const std::chrono::milliseconds patience = request.timeout.count() > 0 ? request.timeout : std::chrono::seconds(30 + 4 * std::int64_t{question.cpuSeconds});
    QL_TRY(const auto program, findWorker());
    QL_TRY(auto worker, WorkerProcess::start(program, WorkerProcess::Clock::now() + patience));
    return Conversation(std::move(worker), question).run(bytes);
}

} // namespace

std::string Hdf5Array::shapeText() const
{
    return shape.empty() ? "scalar" : fmt::format("{}", fmt::join(shape, "x"));
}

const std::vector<std::string> *Hdf5File::attribute(std::string_view group, std::string_view name) const
{
    const auto found = groups.find(group);
    if (found == groups.end())
        return nullptr;
    const auto texts = found->second.find(name);
    return texts == found->second.end() ? nullptr : &texts->second;
}

Result<const Hdf5Array *> Hdf5File::arrayAt(const std::string &path) const
{
    if (const auto found = arrays.find(path); found != arrays.end())
        return &found->second;
    for (std::string_view above = path; !above.empty(); above = above.substr(0, above.find_last_of('/') == above.npos ? 0 : above.find_last_of('/')))
        if (links.contains(above))
            return fail(ErrorCode::FileNotReadable, {.file = file, .place = path, .expected = "the array itself", .got = "a link, which is not followed"});
    return fail(ErrorCode::ModelDamaged, {.file = file, .place = path, .expected = "an array", .got = groups.contains(path) ? "a group" : "nothing there"});
}

bool looksLikeHdf5(std::span<const std::byte> bytes)
{
    // The signature may also stand at 512, 1024, 2048, ... behind a user block.
    static constexpr std::array<unsigned char, 8> kSignature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    for (std::size_t at = 0; at <= bytes.size() && bytes.size() - at >= kSignature.size(); at = at == 0 ? 512 : at * 2)
        if (std::memcmp(bytes.data() + at, kSignature.data(), kSignature.size()) == 0)
            return true;
    return false;
}

Result<Hdf5File> readHdf5(std::span<const std::byte> bytes, std::string_view file, const Hdf5Request &request)
{
    auto result = read(bytes, request);
    if (!result)
        return fail(result.error().inFile(file));
    result->file = file;
    return result;
}

} // namespace quantloupe
