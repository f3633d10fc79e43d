// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "debugger/debugger.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace quantloupe {

/// --details and --details-csv of `report`.
struct DetailArguments {
    std::string rows; ///< "all", or a row counted from 1; empty: not asked for
    std::string csvFolder;

    void addTo(CLI::App &app);
    bool isAsked() const { return !rows.empty(); }
    /// Why the options make no sense together; nothing when they do.
    std::optional<Error> whyNot(bool hasJson) const;
    /// row-N-channels.csv and row-N-weights.csv of every row looked at; nothing without a folder.
    Result<void> writeTables(const Report &report) const;
};

/// A close look at the rows of `report` that are asked for.
Result<std::vector<std::shared_ptr<const TensorStudy>>> studiesOf(const Report &report, const Subject &subject, const Dataset &dataset, const RunOptions &options,
                                                                  const DetailArguments &arguments, std::stop_token stop, const ProgressSink &progress);

} // namespace quantloupe
