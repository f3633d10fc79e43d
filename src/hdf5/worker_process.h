// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <sys/types.h>

namespace quantloupe {

/// Where the worker lies: what QUANTLOUPE_H5 names, beside the program, or in the installed libexec folder.
Result<std::filesystem::path> findWorker();

/// A short-lived child with one socket as its standard input and output. It never outlives this object, leaves no zombie
/// and raises no SIGPIPE. Several threads may each have their own.
class WorkerProcess {
public:
    using Clock = std::chrono::steady_clock;

    static Result<WorkerProcess> start(const std::filesystem::path &program, Clock::time_point deadline);
    WorkerProcess(WorkerProcess &&other) noexcept;
    WorkerProcess &operator=(WorkerProcess &&) = delete;
    ~WorkerProcess();

    /// False when the worker has gone or the deadline has passed.
    bool send(std::span<const std::byte> bytes);
    /// Fills all of `bytes`, or is false.
    bool receive(std::span<std::byte> bytes);
    /// After a send or receive that was false: how the worker ended, as part of a sentence.
    std::string howItEnded();

private:
    WorkerProcess(pid_t pid, int socket, Clock::time_point deadline) : m_pid(pid), m_socket(socket), m_deadline(deadline) {}
    bool waitFor(short events);
    void kill();

    pid_t m_pid = -1;
    int m_socket = -1;
    Clock::time_point m_deadline;
    bool m_isLate = false;
};

} // namespace quantloupe
