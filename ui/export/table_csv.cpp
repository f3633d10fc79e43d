// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/table_csv.h"

namespace quantloupe::ui {
namespace {

std::string quoted(const std::string &cell)
{
    if (cell.find_first_of(",\"\r\n") == std::string::npos)
        return cell;
    std::string text = "\"";
    for (const char c : cell)
        text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + '"';
}

std::string line(const std::vector<std::string> &cells)
{
    std::string text;
    for (const std::string &cell : cells)
        text += (&cell == &cells.front() ? "" : ",") + quoted(cell);
    return text + "\r\n";
}

} // namespace

std::string csvText(const ReportTable &table)
{
    std::string text = line(table.columns);
    for (const auto &row : table.rows)
        text += line(row);
    return text;
}

} // namespace quantloupe::ui
