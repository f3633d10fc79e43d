// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tensor_filter_model.h"

namespace quantloupe::ui {

TensorFilterModel::TensorFilterModel(TensorTableModel &table, QObject *parent) : QSortFilterProxyModel(parent), m_table(table)
{
    // Columns may have come or gone: names of the expression have to be looked up again, before rows are filtered.
    connect(&table, &QAbstractItemModel::modelReset, this, &TensorFilterModel::parse);
    setSourceModel(&table);
    setSortRole(SortRole);
    setDynamicSortFilter(true);
}

QString TensorFilterModel::setFilterText(const QString &text)
{
    m_text = text;
    parse();
    invalidateFilter();
    return m_expression.error();
}

void TensorFilterModel::parse()
{
    m_expression = FilterExpression::parse(m_text, [this](const QString &name) { return sectionNamed(name) >= 0; });
}

int TensorFilterModel::sectionNamed(const QString &name) const
{
    const QString plain = name.startsWith(QLatin1String("local."), Qt::CaseInsensitive) ? name.mid(6) : name;
    int accumulated = -1;
    for (int section = 0; section < m_table.columnCount(); ++section) {
        const QString known = filterName(m_table.column(section), m_table.report());
        if (known.compare(plain, Qt::CaseInsensitive) == 0)
            return section;
        if (known.compare(QLatin1String("accumulated.") + plain, Qt::CaseInsensitive) == 0)
            accumulated = section;
    }
    // Where only the accumulated error is shown, its columns answer to the plain name too.
    return plain == name ? accumulated : -1;
}

std::optional<FilterExpression::Value> TensorFilterModel::value(int row, const QString &name) const
{
    if (name.isEmpty())
        return m_table.report().operatorName(row) + QLatin1Char('\n') + m_table.report().tensorName(row);
    const int section = sectionNamed(name);
    if (section < 0)
        return std::nullopt;
    const QVariant value = cellValue(m_table.report(), row, m_table.column(section));
    if (value.metaType().id() == QMetaType::Double)
        return value.toDouble();
    return value.toString();
}

bool TensorFilterModel::filterAcceptsRow(int sourceRow, const QModelIndex &) const
{
    return m_expression.accepts([&](const QString &name) { return value(sourceRow, name); });
}

bool TensorFilterModel::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    return isSortedBefore(left.data(sortRole()), right.data(sortRole()), sortOrder());
}

int TensorFilterModel::proxyRow(const RowKey &key) const
{
    const int row = m_table.report().find(key);
    return row < 0 ? -1 : mapFromSource(m_table.index(row, 0)).row();
}

RowKey TensorFilterModel::key(int proxyRow) const
{
    const QModelIndex source = mapToSource(index(proxyRow, 0));
    return source.isValid() ? m_table.report().key(source.row()) : RowKey{};
}

} // namespace quantloupe::ui
