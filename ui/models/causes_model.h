// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/shown_report.h"
#include "models/table_roles.h"
#include "report/causes.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace quantloupe::ui {

/// "rounding", "clipping", ...
QString causeName(Cause cause);
/// The order in which causes are drawn and listed: what the operator adds first, what it was handed last.
inline constexpr std::array<Cause, kCauseCount> kCausesInOrder{Cause::Rounding, Cause::Clipping, Cause::Weights, Cause::Bias, Cause::Arithmetic, Cause::State, Cause::Inputs};

/// Where the error of each operator comes from: one operator a row, what matters most at the model's outputs first.
class CausesModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Number, Operator, AtOutputs, Error, OwnError, IdealRounding, LargestCause, FirstCause };
    using QAbstractTableModel::QAbstractTableModel;

    /// `report` is the one whose rows they are.
    void set(std::shared_ptr<const CauseAnalysis> analysis, const ShownReport &report);
    const std::shared_ptr<const CauseAnalysis> &analysis() const { return m_analysis; }

    const OperatorCauses &causes(int row) const { return m_analysis->operators[static_cast<std::size_t>(row)]; }
    const RowKey &key(int row) const { return m_rows[static_cast<std::size_t>(row)].key; }
    int find(const RowKey &key) const; ///< -1 when absent
    QString label(int row) const;      ///< "#7 CONV_2D"
    QString tensorName(int row) const { return m_rows[static_cast<std::size_t>(row)].tensorName; }
    /// Share of the error that rounding by itself would make: scale² / 12 over the mean squared error; NaN without one.
    double idealShare(int row) const;
    /// All of a row in a few sentences, the largest cause first.
    QString sentence(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    /// What the report says of an operator of the analysis.
    struct Row {
        int number = 0; ///< of the report's row, counted from 1; 0: it has none
        RowKey key;
        QString tensorName;
    };
    QVariant value(int row, int column) const;
    QString toolTip(int row, int column) const;

    std::shared_ptr<const CauseAnalysis> m_analysis;
    std::vector<Row> m_rows;
};

} // namespace quantloupe::ui
