// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/table_columns.h"
#include "models/table_roles.h"

#include <QAbstractTableModel>

namespace quantloupe::ui {

/// The rows of the shown report. A partial report with the same rows only changes cells, so that scrolling, sorting and
/// the selection stay while a run goes on.
class TensorTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        VerdictRole = FirstOwnRole, ///< int of Verdict, for figures that have one
        SeverityRole,               ///< 0..1 between the ideal and the threshold
    };

    explicit TensorTableModel(const Session &session, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const ShownReport &report() const { return m_report; }
    const ColumnSpec &column(int section) const { return m_columns[static_cast<std::size_t>(section)]; }
    /// First section of that column, -1 without one.
    int section(Column column) const;

private:
    void refresh();
    QVariant toolTip(int row, const ColumnSpec &spec) const;
    QVariant verdict(int row, const ColumnSpec &spec, int role) const;

    const Session &m_session;
    ShownReport m_report;
    std::vector<ColumnSpec> m_columns;
};

} // namespace quantloupe::ui
