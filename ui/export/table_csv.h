// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "formats/report_csv.h"

#include <string>

namespace quantloupe::ui {

/// A report that was read from a file, written out again as it stood: RFC 4180, CRLF, every column in its order.
std::string csvText(const ReportTable &table);

} // namespace quantloupe::ui
