// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.h"

#include "metrics/metric.h"
#include "report/csv_cell.h"
#include "report/number_text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace quantloupe {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostCells = 16'000'000; ///< of the alignment's table; longer sequences are paired greedily

using Row = FigureTable::Row;

/// How well two rows go together; 0: not at all. Names weigh most: order follows from the alignment.
int likeness(const Row &a, const Row &b)
{
    if (a.opName != b.opName)
        return 0;
    return 2 + (a.tensorName == b.tensorName ? 4 : 0) + (a.elements == b.elements ? 1 : 0) + (a.scale == b.scale ? 1 : 0);
}

struct Step {
    int before;
    int after;
};

/// The longest way through both sequences by likeness (Needleman and Wunsch, gaps free), from the back so that steps come in order.
std::vector<Step> aligned(const std::vector<Row> &before, const std::vector<Row> &after, std::size_t first, std::size_t lastBefore, std::size_t lastAfter)
{
    const std::size_t n = lastBefore - first;
    const std::size_t m = lastAfter - first;
    std::vector<int> best((n + 1) * (m + 1), 0);
    const auto at = [&](std::size_t i, std::size_t k) -> int & { return best[i * (m + 1) + k]; };
    for (std::size_t i = n; i-- > 0;)
        for (std::size_t k = m; k-- > 0;) {
            const int match = likeness(before[first + i], after[first + k]);
            at(i, k) = std::max({at(i + 1, k), at(i, k + 1), match > 0 ? match + at(i + 1, k + 1) : 0});
        }
    std::vector<Step> steps;
    std::size_t i = 0;
    std::size_t k = 0;
    while (i < n || k < m) {
        const int match = i < n && k < m ? likeness(before[first + i], after[first + k]) : 0;
        const bool isMatch = match > 0 && at(i, k) == match + at(i + 1, k + 1);
        const bool skipsBefore = !isMatch && i < n && (k == m || at(i, k) == at(i + 1, k));
        steps.push_back({isMatch || skipsBefore ? static_cast<int>(first + i) : -1, isMatch || !skipsBefore ? static_cast<int>(first + k) : -1});
        i += isMatch || skipsBefore;
        k += isMatch || !skipsBefore;
    }
    return steps;
}

std::vector<Step> greedy(const std::vector<Row> &before, const std::vector<Row> &after, std::size_t first, std::size_t lastBefore, std::size_t lastAfter)
{
    std::vector<Step> steps;
    std::size_t next = first;
    for (std::size_t k = first; k < lastAfter; ++k) {
        constexpr std::size_t kLookAhead = 64;
        std::size_t found = next;
        while (found < std::min(lastBefore, next + kLookAhead) && likeness(before[found], after[k]) == 0)
            ++found;
        if (found == std::min(lastBefore, next + kLookAhead)) {
            steps.push_back({-1, static_cast<int>(k)});
            continue;
        }
        for (; next < found; ++next)
            steps.push_back({static_cast<int>(next), -1});
        steps.push_back({static_cast<int>(next++), static_cast<int>(k)});
    }
    for (; next < lastBefore; ++next)
        steps.push_back({static_cast<int>(next), -1});
    return steps;
}

std::vector<Step> pairRows(const std::vector<Row> &before, const std::vector<Row> &after)
{
    const auto isSame = [](const Row &a, const Row &b) { return a.opName == b.opName && a.tensorName == b.tensorName; };
    std::size_t head = 0;
    while (head < std::min(before.size(), after.size()) && isSame(before[head], after[head]))
        ++head;
    std::size_t tail = 0;
    while (tail < std::min(before.size(), after.size()) - head && isSame(before[before.size() - 1 - tail], after[after.size() - 1 - tail]))
        ++tail;
    std::vector<Step> steps;
    for (std::size_t i = 0; i < head; ++i)
        steps.push_back({static_cast<int>(i), static_cast<int>(i)});
    const std::size_t lastBefore = before.size() - tail;
    const std::size_t lastAfter = after.size() - tail;
    const bool fits = (lastBefore - head + 1) * (lastAfter - head + 1) <= kMostCells;
    std::ranges::move((fits ? aligned : greedy)(before, after, head, lastBefore, lastAfter), std::back_inserter(steps));
    for (std::size_t i = 0; i < tail; ++i)
        steps.push_back({static_cast<int>(lastBefore + i), static_cast<int>(lastAfter + i)});
    return steps;
}

double figure(const FigureTable &table, int row, std::string_view column)
{
    const int index = table.column(column);
    if (row >= 0 && index >= 0)
        return table.rows[static_cast<std::size_t>(row)].figures[static_cast<std::size_t>(index)];
    if (column == "rmse" && row >= 0) // a csv of MLTK has its square only
        return table.column("mean_squared_error") < 0 ? kNone : std::sqrt(figure(table, row, "mean_squared_error"));
    return kNone;
}

/// `nothing`: below it both are as good as 0.
Change verdict(double before, double after, bool isLargerBetter, double tolerance, double nothing)
{
    if (std::isnan(before) || std::isnan(after))
        return Change::Unknown;
    if (std::abs(before) <= nothing && std::abs(after) <= nothing)
        return Change::Same;
    const double difference = (std::abs(after) - std::abs(before)) * (isLargerBetter ? -1.0 : 1.0); // a bias may be negative
    if (before == after || std::abs(difference) <= tolerance * std::abs(before))
        return Change::Same;
    return difference < 0.0 ? Change::Improved : Change::Regressed;
}

/// What rounding leaves of a 0 is no change: figures a millionth of the column's largest, or a thousandth of what the metric has
/// at its best.
double nothingOf(const Comparison &comparison, std::string_view metric)
{
    double largest = 0.0;
    for (const FigureTable *table : {&comparison.before, &comparison.after})
        for (std::size_t row = 0; row < table->rows.size(); ++row)
            if (const double value = std::abs(figure(*table, static_cast<int>(row), metric)); std::isfinite(value))
                largest = std::max(largest, value);
    const int known = metricIndex(metric);
    const bool hasIdeal = known >= 0 && metrics()[static_cast<std::size_t>(known)]->hasIdeal;
    return std::max(1e-6 * largest, hasIdeal ? 1e-3 * metrics()[static_cast<std::size_t>(known)]->ideal : 0.0);
}

void judge(ComparedRow &row, const Comparison &comparison, double nothing)
{
    if (row.before < 0 || row.after < 0) {
        row.change = row.before < 0 ? Change::OnlyAfter : Change::OnlyBefore;
        row.metric = comparison.metric;
        row.valueBefore = figure(comparison.before, row.before, row.metric);
        row.valueAfter = figure(comparison.after, row.after, row.metric);
        return;
    }
    const Row &before = comparison.before.rows[static_cast<std::size_t>(row.before)];
    const Row &after = comparison.after.rows[static_cast<std::size_t>(row.after)];
    row.metric = before.bits != after.bits && comparison.metric == "rmse/scale" ? "rmse" : comparison.metric;
    const bool hasName = before.tensorName == after.tensorName;
    const bool hasSize = before.elements == after.elements;
    row.matchedBy = hasName ? "name" : hasSize ? "operator and size" : "operator order";
    row.confidence = hasName && hasSize ? 1.0 : hasName ? 0.9 : hasSize ? 0.8 : 0.5;
    row.valueBefore = figure(comparison.before, row.before, row.metric);
    row.valueAfter = figure(comparison.after, row.after, row.metric);
    row.change = verdict(row.valueBefore, row.valueAfter, row.metric == "sqnr", comparison.tolerance, row.metric == comparison.metric ? nothing : 0.0);
}

const Row &shown(const Comparison &comparison, const ComparedRow &row)
{
    return row.after >= 0 ? comparison.after.rows[static_cast<std::size_t>(row.after)] : comparison.before.rows[static_cast<std::size_t>(row.before)];
}

std::string numberOrNothing(double value)
{
    return std::isnan(value) ? std::string() : numberText(value);
}

nlohmann::ordered_json numberOrNull(double value)
{
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

} // namespace

std::string_view name(Change change)
{
    switch (change) {
    case Change::Improved: return "improved";
    case Change::Regressed: return "regressed";
    case Change::Same: return "same";
    case Change::OnlyBefore: return "only before";
    case Change::OnlyAfter: return "only after";
    case Change::Unknown: return "unknown";
    }
    return {};
}

int FigureTable::column(std::string_view wanted) const
{
    const auto found = std::ranges::find(columns, wanted);
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

FigureTable figureTable(const Report &report, ErrorKind kind, std::string name)
{
    FigureTable table;
    table.name = std::move(name);
    table.error = quantloupe::name(kind);
    for (const Metric *metric : metrics())
        table.columns.emplace_back(metric->name);
    for (const TensorComparison &row : report.rows) {
        const auto &statistics = row.statistics(kind);
        table.rows.push_back({row.opName, row.tensorName, static_cast<double>(row.shape.elementCount()), static_cast<double>(row.scale), static_cast<int>(8 * elementSize(row.type)),
                              statistics ? statistics->metrics : std::vector<double>(table.columns.size(), kNone)});
    }
    return table;
}

std::size_t Comparison::count(Change change) const
{
    return static_cast<std::size_t>(std::ranges::count(rows, change, &ComparedRow::change));
}

std::vector<std::string> comparableColumns(const FigureTable &before, const FigureTable &after)
{
    std::vector<std::string> columns;
    for (const std::string &column : before.columns)
        if (after.column(column) >= 0 && column != "num_elements" && column != "scale" && column != "zero_point" && column != "tensor_idx")
            columns.push_back(column);
    return columns;
}

Comparison compareTables(FigureTable before, FigureTable after, std::string_view metric, double tolerance)
{
    Comparison comparison{std::move(before), std::move(after), std::string(metric), tolerance, {}};
    const double nothing = nothingOf(comparison, metric);
    for (const Step &step : pairRows(comparison.before.rows, comparison.after.rows)) {
        ComparedRow row;
        row.before = step.before;
        row.after = step.after;
        judge(row, comparison, nothing);
        comparison.rows.push_back(std::move(row));
    }
    return comparison;
}

std::string comparisonCsv(const Comparison &comparison)
{
    const auto columns = comparableColumns(comparison.before, comparison.after);
    std::string text = "op_name,tensor_name,row_before,row_after,change,matched_by,confidence,metric,before,after,difference,ratio";
    for (const std::string &column : columns)
        text += fmt::format(",{},{}", csvCell("before_" + column), csvCell("after_" + column));
    text += "\r\n";
    for (const ComparedRow &row : comparison.rows) {
        text += fmt::format("{},{},{},{},{},{},{},{}", csvCell(shown(comparison, row).opName), csvCell(shown(comparison, row).tensorName), row.before < 0 ? "" : std::to_string(row.before),
                            row.after < 0 ? "" : std::to_string(row.after), name(row.change), row.matchedBy, numberText(row.confidence), csvCell(row.metric));
        for (const double value : {row.valueBefore, row.valueAfter, row.valueAfter - row.valueBefore, row.ratio()})
            text += "," + numberOrNothing(value);
        for (const std::string &column : columns)
            text += "," + numberOrNothing(figure(comparison.before, row.before, column)) + "," + numberOrNothing(figure(comparison.after, row.after, column));
        text += "\r\n";
    }
    return text;
}

std::string comparisonJson(const Comparison &comparison)
{
    nlohmann::ordered_json json{{"schemaVersion", 1},
                                {"before", comparison.before.name},
                                {"after", comparison.after.name},
                                {"error", {comparison.before.error, comparison.after.error}},
                                {"metric", comparison.metric},
                                {"tolerance", comparison.tolerance}};
    for (const Change change : {Change::Improved, Change::Regressed, Change::Same, Change::OnlyBefore, Change::OnlyAfter, Change::Unknown})
        json["counts"][std::string(name(change))] = comparison.count(change);
    json["rows"] = nlohmann::ordered_json::array();
    const auto columns = comparableColumns(comparison.before, comparison.after);
    for (const ComparedRow &row : comparison.rows) {
        nlohmann::ordered_json figures = nlohmann::ordered_json::object();
        for (const std::string &column : columns)
            figures[column] = {numberOrNull(figure(comparison.before, row.before, column)), numberOrNull(figure(comparison.after, row.after, column))};
        json["rows"].push_back({{"opName", shown(comparison, row).opName},
                                {"tensorName", shown(comparison, row).tensorName},
                                {"rowBefore", row.before},
                                {"rowAfter", row.after},
                                {"change", name(row.change)},
                                {"matchedBy", row.matchedBy},
                                {"confidence", row.confidence},
                                {"metric", row.metric},
                                {"before", numberOrNull(row.valueBefore)},
                                {"after", numberOrNull(row.valueAfter)},
                                {"figures", figures}});
    }
    return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace quantloupe
