// SPDX-License-Identifier: GPL-3.0-or-later
#include "hdf5/worker_process.h"

#include "hdf5/wire.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace quantloupe {
namespace {

constexpr const char *kName = "quantloupe-h5";
constexpr std::chrono::milliseconds kPatience{500}; ///< how long a worker that has closed its socket may take to end

tl::unexpected<Error> notStarted(const std::string &program, int error)
{
    return fail(ErrorCode::FileNotReadable, {.expected = fmt::format("the program {} that reads HDF5", program), .got = std::strerror(error)});
}

/// The child gets the socket as 0 and 1, no other descriptor of ours, no message of a library on our terminal, the signals
/// as they are by default, and no environment. posix_spawn and not fork: other threads may hold any lock.
int spawn(pid_t &pid, const std::string &program, int socket)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, socket, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    std::string name = kName;
    char *arguments[] = {name.data(), nullptr};
    char *environment[] = {nullptr};
    const int error = posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

std::string endingOf(int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == wire::kNoSandbox)
        return "the process that reads it cannot shut itself in: the system has no seccomp filters";
    if (WIFEXITED(status) && WEXITSTATUS(status) == wire::kNoMemory)
        return "the process that reads it has no memory for it";
    if (WIFEXITED(status))
        return fmt::format("the process that reads it ended with {}", WEXITSTATUS(status));
    switch (WTERMSIG(status)) {
    case SIGXCPU: return "the process that reads it used up its time";
    case SIGKILL: return "the process that reads it was killed";
    default: return fmt::format("the process that reads it crashed (SIG{})", sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) : "?");
    }
}

} // namespace

Result<std::filesystem::path> findWorker()
{
    if (const char *given = std::getenv("QUANTLOUPE_H5"))
        return std::filesystem::path(given);
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const auto &candidate : {folder / kName, (folder / QUANTLOUPE_LIBEXEC_FROM_BIN / kName).lexically_normal()})
        if (std::filesystem::is_regular_file(candidate, error))
            return candidate;
    return fail(ErrorCode::FileNotReadable, {.expected = fmt::format("the program {} that reads HDF5", (folder / kName).string()), .got = "nothing there"});
}

Result<WorkerProcess> WorkerProcess::start(const std::filesystem::path &program, Clock::time_point deadline)
{
    int sockets[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
        return notStarted(program.string(), errno);
    pid_t pid = -1;
    const int error = spawn(pid, program.string(), sockets[1]);
    ::close(sockets[1]);
    if (error != 0) {
        ::close(sockets[0]);
        return notStarted(program.string(), error);
    }
    return WorkerProcess(pid, sockets[0], deadline);
}

WorkerProcess::WorkerProcess(WorkerProcess &&other) noexcept
    : m_pid(std::exchange(other.m_pid, -1)), m_socket(std::exchange(other.m_socket, -1)), m_deadline(other.m_deadline), m_isLate(other.m_isLate)
{
}

WorkerProcess::~WorkerProcess()
{
    if (m_socket >= 0)
        ::close(m_socket);
    kill();
}

void WorkerProcess::kill()
{
    if (m_pid <= 0)
        return;
    ::kill(m_pid, SIGKILL);
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    m_pid = -1;
}

bool WorkerProcess::waitFor(short events)
{
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(m_deadline - Clock::now()).count();
        m_isLate = left <= 0;
        if (m_isLate)
            return false;
        pollfd poll{.fd = m_socket, .events = events, .revents = 0};
        const int ready = ::poll(&poll, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

bool WorkerProcess::send(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        if (!waitFor(POLLOUT))
            return false;
        const ssize_t count = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    return true;
}

bool WorkerProcess::receive(std::span<std::byte> bytes)
{
    while (!bytes.empty()) {
        if (!waitFor(POLLIN))
            return false;
        const ssize_t count = ::recv(m_socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    return true;
}

std::string WorkerProcess::howItEnded()
{
    if (m_isLate) {
        kill();
        return "the process that reads it did not end in time";
    }
    for (const auto end = Clock::now() + kPatience; Clock::now() < end; std::this_thread::sleep_for(std::chrono::milliseconds(1))) {
        int status = 0;
        const pid_t ended = ::waitpid(m_pid, &status, WNOHANG);
        if (ended == 0 || (ended < 0 && errno == EINTR))
            continue;
        m_pid = -1;
        return ended > 0 ? endingOf(status) : "the process that reads it is gone"; // gone: somebody ignores SIGCHLD
    }
    kill();
    return "the process that reads it stopped talking";
}

} // namespace quantloupe
