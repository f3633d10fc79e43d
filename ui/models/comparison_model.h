// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/table_roles.h"
#include "report/comparison.h"

#include <QAbstractTableModel>
#include <QString>

#include <memory>

namespace quantloupe::ui {

/// "improved", "regressed", ...
QString changeText(quantloupe::Change change);

/// Two reports side by side, one pair of rows a row, in the order of the second report.
class ComparisonModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Verdict, Operator, Before, After, Ratio, Difference, Metric, Confidence, MatchedBy, Tensor, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void set(std::shared_ptr<const Comparison> comparison);
    const std::shared_ptr<const Comparison> &comparison() const { return m_comparison; }

    const ComparedRow &row(int row) const { return m_comparison->rows[static_cast<std::size_t>(row)]; }
    QString label(int row) const; ///< "#7 CONV_2D", by the second report's number where it has such a row
    QString tensorName(int row) const;
    /// How much changed, for sorting: the logarithm of the ratio without its sign; 0 where there is none.
    double size(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant value(int row, int column) const;
    const FigureTable::Row &shown(int row) const;

    std::shared_ptr<const Comparison> m_comparison;
};

} // namespace quantloupe::ui
