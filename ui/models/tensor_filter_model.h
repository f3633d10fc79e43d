// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/filter_expression.h"
#include "models/tensor_table_model.h"

#include <QSortFilterProxyModel>

namespace quantloupe::ui {

/// Sorts by SortRole with absent figures last, and filters by words or by an expression.
class TensorFilterModel : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit TensorFilterModel(TensorTableModel &table, QObject *parent = nullptr);

    /// Why the text is not understood; empty when it is.
    QString setFilterText(const QString &text);

    int proxyRow(const RowKey &key) const; ///< -1 when it is filtered out
    RowKey key(int proxyRow) const;

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    void parse();
    int sectionNamed(const QString &name) const;
    std::optional<FilterExpression::Value> value(int row, const QString &name) const;

    TensorTableModel &m_table;
    QString m_text;
    FilterExpression m_expression;
};

} // namespace quantloupe::ui
