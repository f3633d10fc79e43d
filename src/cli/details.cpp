// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/details.h"

#include "debugger/study.h"
#include "report/export.h"
#include "report/study_json.h"

#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <numeric>

namespace quantloupe {
namespace {

Error notUnderstood(const std::string &rows, std::size_t count)
{
    return {ErrorCode::Usage, {.place = "--details", .expected = count == 0 ? "all, or a row counted from 1" : fmt::format("all, or a row from 1 to {}", count), .got = rows}};
}

/// 0 when the text is no row.
std::size_t rowNumber(const std::string &text)
{
    std::size_t row = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), row);
    return error == std::errc() && end == text.data() + text.size() ? row : 0;
}

} // namespace

void DetailArguments::addTo(CLI::App &app)
{
    app.add_option("--details", rows, "Look at every element of a row (counted from 1) or of all: channels, codes, densities, weights; into the JSON")->type_name("ROW|all");
    app.add_option("--details-csv", csvFolder, "Write the channels and weights of --details as CSV files into this folder")->type_name("DIR");
}

std::optional<Error> DetailArguments::whyNot(bool hasJson) const
{
    if (!isAsked())
        return csvFolder.empty() ? std::nullopt : std::optional(Error{ErrorCode::Usage, {.place = "--details-csv", .expected = "--details with it", .got = "none"}});
    if (rows != "all" && rowNumber(rows) == 0)
        return notUnderstood(rows, 0);
    if (!hasJson && csvFolder.empty())
        return Error{ErrorCode::Usage, {.place = "--details", .expected = "--json or --details-csv with it", .got = "none"}};
    return std::nullopt;
}

Result<void> DetailArguments::writeTables(const Report &report) const
{
    if (csvFolder.empty())
        return {};
    const std::filesystem::path folder(csvFolder);
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return fail(ErrorCode::FileNotWritable, {.file = csvFolder, .got = error.message()});
    for (const auto &study : report.details) {
        QL_CHECK(writeWhole(folder / fmt::format("row-{}-channels.csv", study->row + 1), channelsCsv(*study)));
        QL_CHECK(writeWhole(folder / fmt::format("row-{}-weights.csv", study->row + 1), weightsCsv(*study)));
    }
    return {};
}

Result<std::vector<std::shared_ptr<const TensorStudy>>> studiesOf(const Report &report, const Subject &subject, const Dataset &dataset, const RunOptions &options,
                                                                  const DetailArguments &arguments, std::stop_token stop, const ProgressSink &progress)
{
    std::vector<std::size_t> rows;
    if (arguments.rows == "all") {
        rows.resize(report.rows.size());
        std::iota(rows.begin(), rows.end(), std::size_t{0});
    } else {
        const std::size_t row = rowNumber(arguments.rows);
        if (row == 0 || row > report.rows.size())
            return fail(notUnderstood(arguments.rows, report.rows.size()));
        rows.push_back(row - 1);
    }
    QL_TRY(auto studies, studyTensors(subject, dataset, options, rows, stop, progress));
    std::vector<std::shared_ptr<const TensorStudy>> details;
    for (TensorStudy &study : studies)
        details.push_back(std::make_shared<const TensorStudy>(std::move(study)));
    return details;
}

} // namespace quantloupe
