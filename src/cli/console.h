// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/progress.h"

#include <mutex>
#include <string_view>

namespace quantloupe {

/// Where commands talk: results to standard output, all else to standard error. Progress only on a terminal.
class Console {
public:
    explicit Console(bool isQuiet);

    bool isQuiet() const { return m_isQuiet; }
    void error(const Error &error);
    void error(std::string_view sentence);
    /// A remark on standard error; left out when quiet.
    void note(std::string_view sentence);
    /// Several lines, each a remark.
    void notes(std::string_view lines);
    /// A line that rewrites itself on a terminal; thread-safe.
    ProgressSink progress(std::string_view what);

private:
    void clearProgress();

    bool m_isQuiet;
    bool m_isTerminal;
    bool m_hasColour;
    bool m_showsProgress = false;
    std::mutex m_mutex;
};

} // namespace quantloupe
