// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/console.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <string>
#include <unistd.h>

namespace quantloupe {
namespace {

bool isDumb()
{
    const char *const terminal = std::getenv("TERM");
    return !terminal || std::string_view(terminal) == "dumb";
}

} // namespace

Console::Console(bool isQuiet)
    : m_isQuiet(isQuiet), m_isTerminal(isatty(STDERR_FILENO) && !isDumb()), m_hasColour(m_isTerminal && !std::getenv("NO_COLOR"))
{
}

void Console::error(const Error &error)
{
    this->error(error.message());
}

void Console::error(std::string_view sentence)
{
    const std::lock_guard lock(m_mutex);
    clearProgress();
    fmt::print(stderr, "{}quantloupe-cli: {}{}\n", m_hasColour ? "\033[31m" : "", sentence, m_hasColour ? "\033[0m" : "");
}

void Console::note(std::string_view sentence)
{
    if (m_isQuiet)
        return;
    const std::lock_guard lock(m_mutex);
    clearProgress();
    fmt::print(stderr, "{}\n", printable(sentence));
}

void Console::notes(std::string_view lines)
{
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        note(lines.substr(0, end));
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
}

ProgressSink Console::progress(std::string_view what)
{
    if (m_isQuiet || !m_isTerminal)
        return {};
    return [this, what = std::string(what)](const Progress &progress) {
        const std::lock_guard lock(m_mutex);
        fmt::print(stderr, "\r\033[K{} {}/{}", what, progress.done, progress.total);
        std::fflush(stderr);
        m_showsProgress = true;
        if (progress.done == progress.total)
            clearProgress();
    };
}

void Console::clearProgress()
{
    if (m_showsProgress)
        fmt::print(stderr, "\r\033[K");
    m_showsProgress = false;
}

} // namespace quantloupe
