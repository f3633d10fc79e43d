// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/report_join.h"
#include "formats/report_csv.h"
#include "report/report.h"

#include <QHashFunctions>
#include <QString>

#include <memory>
#include <vector>

namespace quantloupe::ui {

/// Names a row in a way that holds across reports of the same model: the n-th row of its operator's name.
struct RowKey {
    QString operatorName;
    int occurrence = -1;

    bool isValid() const { return occurrence >= 0; }
    bool operator==(const RowKey &) const = default;
};

inline std::size_t qHash(const RowKey &key, std::size_t seed = 0)
{
    return qHashMulti(seed, key.operatorName, key.occurrence);
}

/// What the pages show: a report measured here, or one somebody else wrote as CSV. A value; sharing is cheap.
class ShownReport {
public:
    ShownReport() = default;
    /// Rows are joined to the operators of `deployed` where a model is open.
    explicit ShownReport(std::shared_ptr<const ReportTable> table, const Model *deployed = nullptr);
    /// `beside` is the archive's own report, shown in a column of its own where its rows can be joined.
    explicit ShownReport(std::shared_ptr<const Report> report, std::shared_ptr<const ReportTable> beside = {});

    bool isEmpty() const { return rowCount() == 0; }
    bool isMeasured() const { return m_report != nullptr; }
    int rowCount() const { return static_cast<int>(m_keys.size()); }
    bool has(ErrorKind kind) const;
    /// True when some row holds this metric.
    bool has(int metric, ErrorKind kind) const;

    QString operatorName(int row) const { return m_keys[static_cast<std::size_t>(row)].operatorName; }
    QString tensorName(int row) const;
    double elements(int row) const; ///< NaN when not known
    /// A figure of metrics(); NaN when absent.
    double figure(int row, int metric, ErrorKind kind) const;
    /// The figure in the archive's own report; NaN when that row cannot be joined (by order among equal operators, with
    /// scale and zero point as the check).
    double archivedFigure(int row, int metric) const;
    /// Of a report that was read: the operator of the open model that a row is about. Null without a model.
    const JoinedRow *joined(int row) const;
    /// Name of that operator's output; empty when there is none.
    QString joinedTensor(int row) const;
    bool isJoined() const { return !m_deployed.empty(); }
    /// Rows that are joined by more than their order.
    int surelyJoined() const;
    bool hasArchivedBeside() const { return m_report && m_table && !m_joined.empty(); }

    const RowKey &key(int row) const { return m_keys[static_cast<std::size_t>(row)]; }
    int find(const RowKey &key) const; ///< -1 when absent
    /// The row with the largest rmse/scale (local where there is one); tensors of few elements only where there are no
    /// others. -1 without one.
    int worstRow() const;

    const TensorComparison *comparison(int row) const; ///< null for a CSV report
    const std::shared_ptr<const Report> &report() const { return m_report; }
    const std::shared_ptr<const ReportTable> &table() const { return m_table; }
    /// Same rows in the same order: a view may refresh its cells instead of starting anew.
    bool hasSameRows(const ShownReport &other) const { return m_keys == other.m_keys; }

private:
    int worstRow(double minElements) const;
    void join();

    std::shared_ptr<const Report> m_report;
    std::shared_ptr<const ReportTable> m_table;
    std::vector<RowKey> m_keys;
    std::vector<JoinedRow> m_deployed; ///< by row of m_table
    std::vector<QString> m_deployedNames;
    std::vector<int> m_joined; ///< row of m_table for each row of m_report; -1 without one
};

} // namespace quantloupe::ui
