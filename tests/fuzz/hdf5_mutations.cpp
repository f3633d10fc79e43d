// SPDX-License-Identifier: GPL-3.0-or-later
//
// hdf5_mutations COUNT SEED FILE...: damages Keras files in COUNT ways and reads each as the programs do. Ends with a
// status other than 0 when something but a value or a clear error came out, or when a child or a descriptor is left over.
// The damage of number i depends on SEED and i only, so that one can be looked at again: COUNT may be "i..j".
#include "base/file.h"
#include "keras/keras_file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <random>
#include <sys/wait.h>
#include <thread>

namespace quantloupe {
namespace {

using Bytes = std::vector<std::byte>;

/// What fields of such files mean trouble with.
constexpr std::uint64_t kOddNumbers[] = {0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff};

class Damage {
public:
    Damage(std::uint64_t seed, std::uint64_t number) : m_random(seed * 1'000'003 + number) {}

    Bytes applyTo(Bytes bytes)
    {
        for (std::uint64_t times = 1 + below(4); times > 0 && !bytes.empty(); --times)
            applyOnce(bytes);
        return bytes;
    }

private:
    std::uint64_t below(std::uint64_t end) { return m_random() % end; }

    /// Most of a file is weights, which nothing can go wrong in: half of all damage goes near what a header looks like.
    std::size_t place(const Bytes &bytes)
    {
        static constexpr std::string_view kMarks[] = {"OHDR", "OCHK", "TREE", "SNOD", "HEAP", "GCOL", "FRHP", "BTHD", "\x89HDF", "FSHD"};
        const std::size_t start = below(bytes.size());
        if (below(2) == 0)
            return start;
        const std::string_view mark = kMarks[below(std::size(kMarks))];
        const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
        const std::size_t found = text.find(mark, start);
        return found == text.npos ? start : std::min(found + below(128), bytes.size() - 1);
    }

    void applyOnce(Bytes &bytes)
    {
        const std::size_t at = place(bytes);
        const std::size_t left = bytes.size() - at;
        switch (below(8)) {
        case 0: bytes[at] ^= static_cast<std::byte>(1u << below(8)); break;
        case 1: bytes[at] = static_cast<std::byte>(below(256)); break;
        case 2:
        case 3: {
            const std::uint64_t number = kOddNumbers[below(std::size(kOddNumbers))];
            std::memcpy(&bytes[at], &number, std::min<std::size_t>(left, std::size_t{1} << below(4)));
            break;
        }
        case 4: std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), std::min<std::size_t>(left, 1 + below(64)), std::byte{0}); break;
        case 5: { // another place's bytes
            const std::size_t from = place(bytes);
            const std::size_t count = std::min({left, bytes.size() - from, std::size_t{1 + below(64)}});
            std::memmove(&bytes[at], &bytes[from], count);
            break;
        }
        case 6: { // one more or one less
            bytes[at] = static_cast<std::byte>(static_cast<unsigned>(bytes[at]) + (below(2) == 0 ? 1u : 255u));
            break;
        }
        default:
            if (below(8) == 0)
                bytes.resize(at);
            else
                for (std::size_t i = 0; i < std::min<std::size_t>(left, 8); ++i)
                    bytes[at + i] = static_cast<std::byte>(below(256));
        }
    }

    std::mt19937_64 m_random;
};

struct Outcomes {
    std::mutex mutex;
    std::map<std::string, std::size_t> counts;
    std::size_t failures = 0;
    double slowest = 0.0;
};

/// "at /a/b: expected 4 bytes, got 7" differs from file to file: the kind of message is what is counted.
std::string kindOf(const Error &error)
{
    const std::size_t process = error.facts.got.find("the process that reads it");
    return process == std::string::npos ? fmt::format("error {}", static_cast<int>(error.code)) : error.facts.got.substr(process);
}

void readOne(const Bytes &bytes, const std::string &name, std::uint64_t number, Outcomes &outcomes)
{
    const auto start = std::chrono::steady_clock::now();
    const auto file = readKerasFile(bytes, name);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::lock_guard lock(outcomes.mutex);
    ++outcomes.counts[file ? "read" : kindOf(file.error())];
    outcomes.slowest = std::max(outcomes.slowest, seconds);
    const bool isClear = file || (file.error().exitCode() == ExitCode::BadInput && file.error().message().starts_with(name) && file.error().message().size() > name.size() + 4);
    if (!isClear || (!file && file.error().facts.expected.starts_with("the program"))) {
        ++outcomes.failures;
        std::printf("number %llu: %s\n", static_cast<unsigned long long>(number), file.error().message().c_str());
    }
}

std::size_t openDescriptors()
{
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

int run(std::uint64_t first, std::uint64_t end, std::uint64_t seed, const std::vector<std::string> &names)
{
    std::vector<Bytes> originals;
    for (const std::string &name : names) {
        const auto bytes = readWhole(name);
        if (!bytes)
            return std::printf("%s\n", bytes.error().message().c_str()), 2;
        originals.emplace_back(bytes->bytes.begin(), bytes->bytes.end());
    }
    const std::size_t descriptors = openDescriptors();
    Outcomes outcomes;
    std::atomic<std::uint64_t> next = first;
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
            threads.emplace_back([&] {
                for (std::uint64_t number = next++; number < end; number = next++) {
                    if (number % 1000 == 0)
                        std::fprintf(stderr, "\r%llu", static_cast<unsigned long long>(number));
                    readOne(Damage(seed, number).applyTo(originals[number % originals.size()]), names[number % names.size()], number, outcomes);
                }
            });
    }
    std::fputc('\n', stderr);
    for (const auto &[kind, count] : outcomes.counts)
        std::printf("%8zu %s\n", count, kind.c_str());
    const bool hasChild = ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD;
    const bool hasDescriptor = openDescriptors() != descriptors;
    std::printf("%llu..%llu of seed %llu: %zu unclear, slowest %.2f s%s%s\n", static_cast<unsigned long long>(first), static_cast<unsigned long long>(end),
                static_cast<unsigned long long>(seed), outcomes.failures, outcomes.slowest, hasChild ? ", a child is left" : "", hasDescriptor ? ", a descriptor is left" : "");
    return outcomes.failures > 0 || hasChild || hasDescriptor ? 1 : 0;
}

} // namespace
} // namespace quantloupe

int main(int argc, char **argv)
{
    if (argc < 4)
        return std::fputs("hdf5_mutations COUNT|FIRST..END SEED FILE...\n", stderr), 2;
    const std::string count = argv[1];
    const std::size_t dots = count.find("..");
    const std::uint64_t first = dots == count.npos ? 0 : std::strtoull(count.c_str(), nullptr, 10);
    const std::uint64_t end = std::strtoull(count.c_str() + (dots == count.npos ? 0 : dots + 2), nullptr, 10);
    return quantloupe::run(first, end, std::strtoull(argv[2], nullptr, 10), {argv + 3, argv + argc});
}
