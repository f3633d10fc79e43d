// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "report/report.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace quantloupe {

/// A way to write a report as text. One file each; a row in exporters().
struct Exporter {
    std::string_view name;        ///< "csv"
    std::string_view suffix;      ///< ".csv"
    std::string_view description; ///< one line for dialogs and `list formats`
    std::string (*text)(const Report &report, ErrorKind kind);
};
std::span<const Exporter *const> exporters();
const Exporter *findExporter(std::string_view name);

/// Text to a file, whole or not at all (base/file.h); "-" is standard output.
Result<void> writeWhole(const std::filesystem::path &path, std::string_view content);

} // namespace quantloupe
