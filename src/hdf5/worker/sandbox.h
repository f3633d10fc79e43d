// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace quantloupe {

/// What this process may use from now on: no new descriptor, no file, no core dump.
/// @param memoryBytes address space on top of what is in use
bool limitResources(std::uint64_t memoryBytes, std::uint32_t cpuSeconds);

/// From now on only reading and writing of what is open, memory, the clock and the end; every other system call fails.
bool limitSystemCalls();

} // namespace quantloupe
