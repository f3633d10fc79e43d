// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <utility>

namespace quantloupe {

/// Names the first few places; says that there are others.
class Places {
public:
    void add(std::string place)
    {
        if (m_count++ < kShown)
            m_text += (m_text.empty() ? "" : ", ") + std::move(place);
    }
    std::size_t count() const { return m_count; }
    std::string text() const { return m_text + (m_count > kShown ? " and others" : ""); }

private:
    static constexpr std::size_t kShown = 5;

    std::string m_text;
    std::size_t m_count = 0;
};

} // namespace quantloupe
