// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "report/report.h"

#include <string>
#include <string_view>

namespace quantloupe {

/// Reads back what the json exporter wrote. Fails with ReportDamaged on anything else, naming the field.
Result<Report> readReportJson(std::string_view text, std::string file);

} // namespace quantloupe
