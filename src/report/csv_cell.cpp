// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/csv_cell.h"

namespace quantloupe {

std::string csvCell(std::string_view text)
{
    std::string content(text);
    if (!content.empty() && std::string_view("=+-@\t\r").find(content.front()) != std::string_view::npos)
        content.insert(0, "'");
    if (content.find_first_of("\",\r\n") == std::string::npos)
        return content;
    std::string quoted = "\"";
    for (const char c : content)
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}

} // namespace quantloupe
