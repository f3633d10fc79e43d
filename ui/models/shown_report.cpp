// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/shown_report.h"

#include "metrics/metric.h"
#include "models/verdict.h"
#include "text/plain_text.h"

#include <QHash>

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantloupe::ui {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<RowKey> keysOf(const std::vector<QString> &operatorNames)
{
    QHash<QString, int> seen;
    std::vector<RowKey> keys;
    keys.reserve(operatorNames.size());
    for (const QString &name : operatorNames)
        keys.push_back({name, seen[name]++});
    return keys;
}

std::vector<RowKey> keysOf(const ReportTable &table)
{
    const int column = table.column("op_name");
    std::vector<QString> names;
    for (std::size_t row = 0; row < table.rowCount(); ++row)
        names.push_back(plainText(table.cell(row, column)));
    return keysOf(names);
}

std::vector<RowKey> keysOf(const Report &report)
{
    std::vector<QString> names;
    for (const TensorComparison &row : report.rows)
        names.push_back(plainText(row.opName));
    return keysOf(names);
}

bool isSameTensor(const TensorComparison &row, const ReportTable &table, std::size_t tableRow)
{
    const double scale = table.number(tableRow, "scale");
    const double zeroPoint = table.number(tableRow, "zero_point");
    return std::abs(scale - static_cast<double>(row.scale)) <= 1e-6 * std::abs(scale) && zeroPoint == static_cast<double>(row.zeroPoint);
}

} // namespace

ShownReport::ShownReport(std::shared_ptr<const ReportTable> table, const Model *deployed) : m_table(std::move(table))
{
    if (!m_table)
        return;
    m_keys = keysOf(*m_table);
    if (!deployed)
        return;
    m_deployed = joinReport(*m_table, *deployed);
    for (const JoinedRow &row : m_deployed)
        m_deployedNames.push_back(row.tensor.isValid() ? plainText(deployed->main().tensor(row.tensor).name) : QString());
}

ShownReport::ShownReport(std::shared_ptr<const Report> report, std::shared_ptr<const ReportTable> beside)
    : m_report(std::move(report)), m_table(std::move(beside))
{
    if (m_report)
        m_keys = keysOf(*m_report);
    if (m_report && m_table)
        join();
}

void ShownReport::join()
{
    const std::vector<RowKey> tableKeys = keysOf(*m_table);
    QHash<RowKey, std::size_t> rowOf;
    for (std::size_t row = 0; row < tableKeys.size(); ++row)
        rowOf.insert(tableKeys[row], row);
    std::vector<int> joined(m_keys.size(), -1);
    for (std::size_t row = 0; row < m_keys.size(); ++row) {
        const auto at = rowOf.constFind(m_keys[row]);
        if (at != rowOf.constEnd() && isSameTensor(m_report->rows[row], *m_table, *at))
            joined[row] = static_cast<int>(*at);
    }
    if (std::any_of(joined.begin(), joined.end(), [](int row) { return row >= 0; }))
        m_joined = std::move(joined);
}

bool ShownReport::has(ErrorKind kind) const
{
    if (!m_report)
        return kind == ErrorKind::Local;
    return kind == ErrorKind::Local ? m_report->hasLocal : m_report->hasAccumulated;
}

bool ShownReport::has(int metric, ErrorKind kind) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (!std::isnan(figure(row, metric, kind)))
            return true;
    return false;
}

QString ShownReport::tensorName(int row) const
{
    if (m_report)
        return plainText(m_report->rows[static_cast<std::size_t>(row)].tensorName);
    const int column = m_table->column("tensor_name");
    return column < 0 ? QString() : plainText(m_table->cell(static_cast<std::size_t>(row), column));
}

double ShownReport::elements(int row) const
{
    if (m_report)
        return static_cast<double>(m_report->rows[static_cast<std::size_t>(row)].shape.elementCount());
    return m_table->number(static_cast<std::size_t>(row), "num_elements");
}

double ShownReport::figure(int row, int metric, ErrorKind kind) const
{
    const auto position = static_cast<std::size_t>(row);
    const auto index = static_cast<std::size_t>(metric);
    if (!m_report)
        return kind == ErrorKind::Local ? m_table->number(position, metrics()[index]->name) : kNaN;
    const auto &statistics = m_report->rows[position].statistics(kind);
    return statistics && index < statistics->metrics.size() ? statistics->metrics[index] : kNaN;
}

double ShownReport::archivedFigure(int row, int metric) const
{
    const auto position = static_cast<std::size_t>(row);
    if (position >= m_joined.size() || m_joined[position] < 0)
        return kNaN;
    return m_table->number(static_cast<std::size_t>(m_joined[position]), metrics()[static_cast<std::size_t>(metric)]->name);
}

const JoinedRow *ShownReport::joined(int row) const
{
    const auto position = static_cast<std::size_t>(row);
    return position < m_deployed.size() ? &m_deployed[position] : nullptr;
}

QString ShownReport::joinedTensor(int row) const
{
    const auto position = static_cast<std::size_t>(row);
    return position < m_deployedNames.size() ? m_deployedNames[position] : QString();
}

int ShownReport::surelyJoined() const
{
    constexpr double kMoreThanOrder = 0.6;
    return static_cast<int>(std::count_if(m_deployed.begin(), m_deployed.end(), [](const JoinedRow &row) { return confidence(row.rule) > kMoreThanOrder; }));
}

int ShownReport::find(const RowKey &key) const
{
    const auto at = std::find(m_keys.begin(), m_keys.end(), key);
    return at == m_keys.end() ? -1 : static_cast<int>(at - m_keys.begin());
}

int ShownReport::worstRow() const
{
    const int worst = worstRow(kFewElements);
    return worst >= 0 ? worst : worstRow(1.0);
}

int ShownReport::worstRow(double minElements) const
{
    const ErrorKind kind = has(ErrorKind::Local) ? ErrorKind::Local : ErrorKind::Accumulated;
    const int metric = verdictMetric();
    int worst = -1;
    for (int row = 0; metric >= 0 && row < rowCount(); ++row) {
        const double value = figure(row, metric, kind);
        const bool hasEnough = std::isnan(elements(row)) || elements(row) >= minElements;
        if (hasEnough && !std::isnan(value) && (worst < 0 || value > figure(worst, metric, kind)))
            worst = row;
    }
    return worst;
}

const TensorComparison *ShownReport::comparison(int row) const
{
    if (!m_report || row < 0 || row >= rowCount())
        return nullptr;
    return &m_report->rows[static_cast<std::size_t>(row)];
}

} // namespace quantloupe::ui
