// SPDX-License-Identifier: GPL-3.0-or-later
//
// quantloupe-h5: reads one HDF5 file from its standard input and writes what it holds to its standard output, as
// hdf5/wire.h says. libhdf5 does not survive every damaged file and follows a file's wish to read other files, so before
// it sees the first byte this process gives up all it does not need.
#include "hdf5/wire.h"
#include "hdf5/worker/library.h"
#include "hdf5/worker/sandbox.h"
#include "hdf5/worker/walk.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <hdf5_hl.h>
#include <memory>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
// The leak checker stops the process with ptrace, which the sandbox refuses.
extern "C" const char *__asan_default_options();
extern "C" const char *__asan_default_options()
{
    return "detect_leaks=0";
}
#endif

namespace quantloupe {
namespace {

constexpr std::uint32_t kMaxQuestionBytes = 16 << 20;
/// Texts, listing, and what libhdf5 needs for itself.
constexpr std::uint64_t kWorkingMemory = std::uint64_t{512} << 20;

bool readAll(std::span<std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count < 0 ? 0 : count));
    }
    return true;
}

void writeAll(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR)
            ::_exit(wire::kNobodyListens);
        bytes = bytes.subspan(static_cast<std::size_t>(count < 0 ? 0 : count));
    }
}

void writeFrame(wire::FrameKind kind, std::span<const std::byte> bytes)
{
    const wire::FrameHead head{.kind = kind, .bytes = bytes.size()};
    writeAll(std::as_bytes(std::span(&head, 1)));
    writeAll(bytes);
}

void writeFailure(const Error &error)
{
    wire::Writer writer;
    writer.number(static_cast<std::uint32_t>(error.code));
    for (const std::string *text : {&error.facts.place, &error.facts.expected, &error.facts.got})
        writer.text(std::string_view(*text).substr(0, 4096));
    writeFrame(wire::FrameKind::Failure, writer.bytes());
}

void writeListing(const std::vector<WalkedObject> &objects)
{
    wire::Writer writer;
    writer.number(static_cast<std::uint32_t>(objects.size()));
    for (const WalkedObject &object : objects) {
        writer.number(static_cast<std::uint8_t>(object.kind));
        writer.text(object.path);
        if (object.kind == wire::ObjectKind::Link)
            continue;
        if (object.kind == wire::ObjectKind::Array) {
            writer.number(static_cast<std::int8_t>(object.array.type ? static_cast<int>(*object.array.type) : -1));
            writer.text(object.array.typeText);
            writer.number(static_cast<std::uint32_t>(object.array.shape.size()));
            for (const std::uint64_t dim : object.array.shape)
                writer.number(dim);
            writer.number(object.elementBytes);
        }
        writer.number(static_cast<std::uint32_t>(object.attributes.size()));
        for (const ReadAttribute &attribute : object.attributes) {
            writer.text(attribute.name);
            writer.number(static_cast<std::uint32_t>(attribute.texts.size()));
            for (const std::string &text : attribute.texts)
                writer.text(text);
        }
    }
    writeFrame(wire::FrameKind::Listing, writer.bytes());
}

struct Free {
    void operator()(void *memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<std::byte, Free>;

/// Zeroed: elements that were never written are not what lay there before.
Memory allocate(std::uint64_t size)
{
    return Memory(static_cast<std::byte *>(std::calloc(static_cast<std::size_t>(size), 1)));
}

Result<void> answer(hid_t file, const wire::Request &request)
{
    QL_TRY(const auto objects, Walk(file, request).run());
    writeListing(objects);
    for (const WalkedObject &object : objects) {
        if (object.elementBytes == 0)
            continue;
        const Memory memory = allocate(object.elementBytes);
        if (!memory)
            ::_exit(wire::kNoMemory);
        const std::span elements(memory.get(), static_cast<std::size_t>(object.elementBytes));
        const Handle dataset(H5Dopen2(file, object.path.c_str(), H5P_DEFAULT), H5Dclose);
        if (!dataset)
            return broken(object.path);
        QL_CHECK(readElements(dataset, *object.array.type, object.path, elements));
        writeFrame(wire::FrameKind::Elements, elements);
    }
    writeFrame(wire::FrameKind::End, {});
    return {};
}

int serve()
{
    struct {
        std::uint32_t magic = 0;
        std::uint32_t questionBytes = 0;
    } head;
    if (!readAll(std::as_writable_bytes(std::span(&head, 1))) || head.magic != wire::kMagic || head.questionBytes > kMaxQuestionBytes)
        return wire::kNoQuestion;
    std::vector<std::byte> bytes(head.questionBytes);
    if (!readAll(bytes))
        return wire::kNoQuestion;
    wire::Reader reader(bytes);
    const wire::Request request = wire::readRequest(reader);
    if (!reader.isWhole())
        return wire::kNoQuestion;

    // libhdf5's own set-up reads the environment and the time zone: before the doors close. The question is ours, the file
    // is not: it comes after.
    if (!quietLibrary() || !limitResources(kWorkingMemory + request.imageBytes + request.maxElementBytes, request.cpuSeconds) || !limitSystemCalls())
        return wire::kNoSandbox;
    const Memory image = allocate(request.imageBytes);
    if (!image)
        return wire::kNoMemory;
    if (!readAll({image.get(), static_cast<std::size_t>(request.imageBytes)}))
        return wire::kNoQuestion;
    const hid_t file = H5LTopen_file_image(image.get(), static_cast<std::size_t>(request.imageBytes), H5LT_FILE_IMAGE_DONT_COPY | H5LT_FILE_IMAGE_DONT_RELEASE);
    if (file < 0)
        writeFailure(broken("its start").value());
    else if (const auto answered = answer(file, request); !answered)
        writeFailure(answered.error());
    return wire::kDone;
}

} // namespace
} // namespace quantloupe

int main()
{
    if (::isatty(STDIN_FILENO)) {
        std::fputs("quantloupe-h5 is started by quantloupe and quantloupe-cli to read HDF5 files.\n", stderr);
        return quantloupe::wire::kNoQuestion;
    }
    // Not through exit(): libhdf5's own tidying up has crashed on damaged files.
    ::_exit(quantloupe::serve());
}
