// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// A quantization_report.csv as somebody else made it (MLTK, TensorFlow's QuantizationDebugger): any columns, any order.
struct ReportTable {
    std::string file;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; ///< as many cells as columns, text as it stood

    int column(std::string_view name) const; ///< -1 when absent
    std::size_t rowCount() const { return rows.size(); }
    const std::string &cell(std::size_t row, int column) const;
    /// The cell as a number; NaN when the column is absent or the cell holds none.
    double number(std::size_t row, std::string_view column) const;
};

/// Reads RFC 4180 text: comma or semicolon, CRLF or LF, quotes, a UTF-8 BOM. op_name is the one column required.
Result<ReportTable> readReportCsv(std::string_view text, std::string file);

} // namespace quantloupe
