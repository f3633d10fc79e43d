// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/report_csv.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {
namespace {

constexpr std::size_t kMaxText = std::size_t{256} << 20;
constexpr std::size_t kMaxCell = std::size_t{1} << 20;
constexpr std::size_t kMaxColumns = 4096;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

tl::unexpected<Error> damaged(std::size_t line, std::string expected, std::string got)
{
    return fail(ErrorCode::ReportDamaged, {.place = fmt::format("line {}", line), .expected = std::move(expected), .got = std::move(got)});
}

/// Cells of RFC 4180 text, row by row.
class CsvReader {
public:
    CsvReader(std::string_view text, char separator) : m_text(text), m_separator(separator) {}

    bool atEnd() const { return m_text.empty(); }
    std::size_t line() const { return m_line; }

    Result<std::vector<std::string>> row()
    {
        m_line = m_nextLine;
        std::vector<std::string> cells;
        bool isMore = true;
        while (isMore) {
            if (cells.size() == kMaxColumns)
                return damaged(m_line, fmt::format("at most {} columns", kMaxColumns), "more");
            QL_TRY(cells.emplace_back(), m_text.starts_with('"') ? quotedCell() : plainCell());
            isMore = take(m_separator);
        }
        take('\r');
        if (!take('\n') && !m_text.empty())
            return damaged(m_line, "a separator or the line's end after a quoted cell", "another character");
        ++m_nextLine;
        return cells;
    }

private:
    bool take(char c)
    {
        if (!m_text.starts_with(c))
            return false;
        m_text.remove_prefix(1);
        return true;
    }

    Result<std::string> plainCell()
    {
        const char ends[] = {m_separator, '\r', '\n'};
        const std::size_t size = std::min(m_text.find_first_of(std::string_view(ends, 3)), m_text.size());
        if (size > kMaxCell)
            return damaged(m_line, fmt::format("cells of at most {} bytes", kMaxCell), fmt::format("{}", size));
        std::string cell(m_text.substr(0, size));
        m_text.remove_prefix(size);
        return cell;
    }

    Result<std::string> quotedCell()
    {
        std::string cell;
        m_text.remove_prefix(1);
        while (true) {
            const std::size_t size = m_text.find('"');
            if (size == m_text.npos || cell.size() + size > kMaxCell)
                return damaged(m_line, "a closing quote", "none");
            cell += m_text.substr(0, size);
            m_text.remove_prefix(size + 1);
            if (!take('"')) // two of them mean one
                break;
            cell += '"';
        }
        m_nextLine += static_cast<std::size_t>(std::ranges::count(cell, '\n'));
        return cell;
    }

    std::string_view m_text;
    char m_separator;
    std::size_t m_line = 1;
    std::size_t m_nextLine = 1;
};

/// Spreadsheets of some languages write semicolons.
char separatorOf(std::string_view text)
{
    const std::string_view header = text.substr(0, text.find('\n'));
    return std::ranges::count(header, ';') > std::ranges::count(header, ',') ? ';' : ',';
}

Result<ReportTable> read(std::string_view text)
{
    if (text.size() > kMaxText)
        return fail(ErrorCode::FileTooLarge, {.expected = fmt::format("at most {} bytes", kMaxText), .got = fmt::format("{}", text.size())});
    if (text.starts_with(kByteOrderMark))
        text.remove_prefix(kByteOrderMark.size());
    CsvReader reader(text, separatorOf(text));
    ReportTable table;
    QL_TRY(table.columns, reader.row());
    if (table.column("op_name") < 0)
        return damaged(1, "a column op_name, as every quantization report has", fmt::format("{} columns without it", table.columns.size()));
    while (!reader.atEnd()) {
        QL_TRY(auto row, reader.row());
        if (row.size() == 1 && row[0].empty()) // a blank line
            continue;
        if (row.size() != table.columns.size())
            return damaged(reader.line(), fmt::format("{} cells", table.columns.size()), fmt::format("{}", row.size()));
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace

int ReportTable::column(std::string_view name) const
{
    const auto found = std::ranges::find(columns, name);
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

const std::string &ReportTable::cell(std::size_t row, int column) const
{
    return rows[row][static_cast<std::size_t>(column)];
}

double ReportTable::number(std::size_t row, std::string_view name) const
{
    double value = std::numeric_limits<double>::quiet_NaN();
    const int index = column(name);
    if (index < 0)
        return value;
    const std::string &text = cell(row, index);
    double parsed = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed); // no locale
    if (error == std::errc() && end == text.data() + text.size())
        value = parsed;
    return value;
}

Result<ReportTable> readReportCsv(std::string_view text, std::string file)
{
    auto table = read(text);
    if (!table)
        return fail(table.error().inFile(file));
    table->file = std::move(file);
    return table;
}

} // namespace quantloupe
