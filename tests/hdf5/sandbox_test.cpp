// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the worker can no longer do once it has shut itself in. Each test does so in a child that ends with a status.
#include "hdf5/worker/sandbox.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace quantloupe {
namespace {

constexpr int kHeld = 42;
constexpr int kNoSandbox = 43;

template <typename Attempt> [[noreturn]] void endHeld(Attempt attempt)
{
    if (!limitResources(std::uint64_t{64} << 20, 2) || !limitSystemCalls())
        ::_exit(kNoSandbox);
    ::_exit(attempt() ? kHeld : 1);
}

/// As a plain system call, past any wrapper.
template <typename... Args> bool isRefused(long number, Args... args)
{
    return ::syscall(number, args...) == -1 && errno == EPERM;
}

} // namespace

TEST(Sandbox, noFileCanBeOpened)
{
    EXPECT_EXIT(endHeld([] { return isRefused(SYS_openat, AT_FDCWD, "/etc/hostname", O_RDONLY, 0) && isRefused(SYS_open, "/etc/hostname", O_RDONLY, 0); }), testing::ExitedWithCode(kHeld), "");
}

TEST(Sandbox, noSocketProgramOrSignal)
{
    EXPECT_EXIT(endHeld([] {
                    char *none[] = {nullptr};
                    return isRefused(SYS_socket, AF_INET, SOCK_STREAM, 0) && isRefused(SYS_execve, "/bin/true", none, none) && isRefused(SYS_kill, ::getppid(), 0)
                        && isRefused(SYS_fork) && isRefused(SYS_ptrace, 0, 0, 0, 0);
                }),
                testing::ExitedWithCode(kHeld), "");
}

TEST(Sandbox, whatTheWorkerNeedsStaysPossible)
{
    EXPECT_EXIT(endHeld([] {
                    void *memory = std::malloc(8 << 20); // through mmap
                    const bool isThere = memory != nullptr;
                    std::free(memory);
                    return isThere && ::write(STDOUT_FILENO, "", 0) == 0;
                }),
                testing::ExitedWithCode(kHeld), "");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(Sandbox, memoryEndsAtItsLimit)
{
    EXPECT_EXIT(endHeld([] { return std::malloc(std::size_t{80} << 20) == nullptr; }), testing::ExitedWithCode(kHeld), "");
}
#endif

TEST(Sandbox, timeEndsAtItsLimit)
{
    EXPECT_EXIT(endHeld([] {
                    for (volatile bool isOn = true; isOn;) {
                    }
                    return false;
                }),
                testing::KilledBySignal(SIGXCPU), "");
}

} // namespace quantloupe
