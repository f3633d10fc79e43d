// SPDX-License-Identifier: GPL-3.0-or-later
#include "hdf5/worker/sandbox.h"

#include <cerrno>
#include <cstdio>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace quantloupe {
namespace {

// AddressSanitizer and ThreadSanitizer map terabytes of shadow memory: an address space limit would end them at the start.
// Their runtimes also take more system calls (below). What the sandbox refuses is refused in those builds too.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif

bool limit(__rlimit_resource_t resource, std::uint64_t value, std::uint64_t grace = 0)
{
    const rlimit limits{.rlim_cur = value, .rlim_max = value + grace};
    return ::setrlimit(resource, &limits) == 0;
}

std::uint64_t addressSpaceInUse()
{
    unsigned long pages = 0;
    if (std::FILE *file = std::fopen("/proc/self/statm", "r")) {
        if (std::fscanf(file, "%lu", &pages) != 1)
            pages = 0;
        std::fclose(file);
    }
    return std::uint64_t{pages} * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

constexpr int kAllowed[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(close), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap),
    SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
};
constexpr int kAllowedToSanitizers[] = {
    SCMP_SYS(mprotect), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(sched_yield), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(sigaltstack),
    SCMP_SYS(rt_sigaction), SCMP_SYS(sched_getaffinity),
};

} // namespace

bool limitResources(std::uint64_t memoryBytes, std::uint32_t cpuSeconds)
{
    const bool hasMemoryLimit = kIsSanitized || limit(RLIMIT_AS, addressSpaceInUse() + memoryBytes);
    return hasMemoryLimit && limit(RLIMIT_CPU, cpuSeconds, 1 /* SIGXCPU tells more than the SIGKILL after it */) && limit(RLIMIT_NOFILE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0)
        && ::prctl(PR_SET_DUMPABLE, 0) == 0;
}

bool limitSystemCalls()
{
    // Refused with an error and not a kill, so that libhdf5 gets to say what it could not do. A foreign architecture's
    // calls kill: that is libseccomp's default.
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return false;
    bool isDone = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0; // also a sanitizer's own thread
    for (const int call : kAllowed)
        isDone = isDone && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
    if (kIsSanitized)
        for (const int call : kAllowedToSanitizers)
            isDone = isDone && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
    isDone = isDone && seccomp_load(filter) == 0; // sets no_new_privs first
    seccomp_release(filter);
    return isDone;
}

} // namespace quantloupe
