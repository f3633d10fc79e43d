// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two reports side by side: which row of one is which row of the other, and what became better or worse.
#pragma once

#include "report/report.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// A report as a table of figures, whoever wrote it.
struct FigureTable {
    struct Row {
        std::string opName;
        std::string tensorName;
        double elements = 0.0; ///< of one sample; NaN where it is not known
        double scale = 0.0;    ///< NaN where it is not known
        int bits = 8;          ///< of a code: rmse/scale compares between equal ones only
        std::vector<double> figures; ///< by column; NaN where there is none
    };
    std::string name;                 ///< the file
    std::string error;                ///< "local", "accumulated"; of a csv that does not say "local"
    std::vector<std::string> columns; ///< "mean_squared_error", "rmse/scale", ...
    std::vector<Row> rows;

    int column(std::string_view wanted) const; ///< -1 when absent
};

/// The table of one error kind of a report.
FigureTable figureTable(const Report &report, ErrorKind kind, std::string name);

enum class Change { Improved, Regressed, Same, OnlyBefore, OnlyAfter, Unknown };
std::string_view name(Change change);

struct ComparedRow {
    int before = -1; ///< row of the first table; -1: it has no such row
    int after = -1;
    std::string matchedBy;   ///< "name", "operator and shape", "operator order"
    double confidence = 0.0; ///< 0..1
    std::string metric;      ///< what the verdict rests on: "rmse" where scales are of different widths
    double valueBefore = 0.0;
    double valueAfter = 0.0;
    Change change = Change::Unknown;

    /// After over before; NaN where either is missing.
    double ratio() const { return valueAfter / valueBefore; }
};

struct Comparison {
    FigureTable before;
    FigureTable after;
    std::string metric;  ///< the one asked for
    double tolerance = 0.0;
    std::vector<ComparedRow> rows; ///< in the order of the second table; rows of the first alone where they were

    std::size_t count(Change change) const;
};

/// Columns where smaller is better and that both tables have, in the first one's order: what may be compared by.
std::vector<std::string> comparableColumns(const FigureTable &before, const FigureTable &after);

/// Pairs rows in order (an alignment of the two operator sequences: equal op_name, and as far as possible equal names and
/// sizes) and judges by `metric`; smaller is better, but for sqnr. Within `tolerance` of each other, as a share of the first,
/// two values are the same. Where the bit widths differ, rmse decides instead of rmse/scale, which does not compare.
Comparison compareTables(FigureTable before, FigureTable after, std::string_view metric, double tolerance = 0.02);

/// Columns op_name, tensor_name, both rows, change, matched_by, confidence, metric, before, after, difference, ratio, then
/// every common column of both as `before_X` and `after_X`.
std::string comparisonCsv(const Comparison &comparison);
std::string comparisonJson(const Comparison &comparison);

} // namespace quantloupe
