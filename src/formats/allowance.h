// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>

namespace quantloupe {

/// What a reader may copy out of one FlatBuffer. Its tables may share a list or a text, so a small file can ask for a
/// copy of one list a million times; real files stay near their own size.
class Allowance {
public:
    Allowance(std::size_t fileSize, ErrorCode code) : m_left(4 * fileSize + 65536), m_code(code) {}

    Result<void> take(std::size_t bytes)
    {
        if (bytes > m_left)
            return fail(m_code, {.expected = "lists that fit into the file", .got = "lists shared by more tables than any real file has"});
        m_left -= bytes;
        return {};
    }

private:
    std::size_t m_left;
    ErrorCode m_code;
};

} // namespace quantloupe
