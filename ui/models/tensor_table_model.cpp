// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tensor_table_model.h"

#include "metrics/metric.h"
#include "models/verdict.h"
#include "models/column_text.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {

TensorTableModel::TensorTableModel(const Session &session, QObject *parent) : QAbstractTableModel(parent), m_session(session)
{
    connect(&session, &Session::shownChanged, this, &TensorTableModel::refresh);
    refresh();
}

void TensorTableModel::refresh()
{
    auto columns = columnsOf(m_session.shown(), m_session.kinds());
    if (columns == m_columns && m_session.shown().hasSameRows(m_report)) {
        m_report = m_session.shown();
        if (rowCount() > 0)
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_report = m_session.shown();
    m_columns = std::move(columns);
    endResetModel();
}

int TensorTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_report.rowCount();
}

int TensorTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

int TensorTableModel::section(Column column) const
{
    const auto at = std::find_if(m_columns.begin(), m_columns.end(), [&](const ColumnSpec &spec) { return spec.column == column; });
    return at == m_columns.end() ? -1 : static_cast<int>(at - m_columns.begin());
}

QVariant TensorTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ColumnSpec &spec = column(index.column());
    const int row = index.row();
    switch (role) {
    case Qt::DisplayRole: return cellText(m_report, row, spec);
    case Qt::ToolTipRole: return toolTip(row, spec);
    case Qt::TextAlignmentRole: return QVariant::fromValue((isNumeric(m_report, spec) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case SortRole: return cellValue(m_report, row, spec);
    case VerdictRole:
    case SeverityRole: return verdict(row, spec, role);
    case ExactRole: {
        const QVariant value = cellValue(m_report, row, spec);
        return value.metaType().id() == QMetaType::Double ? exactText(value.toDouble()) : value.toString();
    }
    default: return {};
    }
}

QVariant TensorTableModel::toolTip(int row, const ColumnSpec &spec) const
{
    const QVariant value = cellValue(m_report, row, spec);
    if (value.metaType().id() != QMetaType::Double)
        return plainToolTip(value.toString());
    const TensorComparison *comparison = m_report.comparison(row);
    if (std::isnan(value.toDouble()))
        return comparison && !comparison->whyNotCompared.empty() ? plainToolTip(plainText(comparison->whyNotCompared)) : QVariant();
    const int metric = spec.metric;
    if (metric < 0 || metric != verdictMetric())
        return {};
    const Verdict found = verdictOf(*metrics()[static_cast<std::size_t>(metric)], value.toDouble());
    QString text = tr("%1: %2").arg(figureText(value.toDouble()), verdictText(found));
    if (hasFewElements(m_report, row))
        text += QLatin1Char('\n') + tr("The tensor has %1 elements only: with so few, this figure says little.").arg(countText(m_report.elements(row)));
    return plainToolTip(text);
}

QVariant TensorTableModel::verdict(int row, const ColumnSpec &spec, int role) const
{
    if (spec.column == Column::Verdict && role == VerdictRole)
        return static_cast<int>(rowVerdict(m_report, row));
    if (spec.column != Column::Metric && spec.column != Column::ArchivedMetric)
        return {};
    const Metric &metric = *metrics()[static_cast<std::size_t>(spec.metric)];
    if (!metric.hasIdeal)
        return {};
    const double figure = cellValue(m_report, row, spec).toDouble();
    return role == VerdictRole ? QVariant(static_cast<int>(verdictOf(metric, figure))) : QVariant(severityOf(metric, figure));
}

QVariant TensorTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const ColumnSpec &spec = column(section);
    switch (role) {
    case Qt::DisplayRole: return columnTitle(spec, m_report);
    case Qt::ToolTipRole: return plainToolTip(columnExplanation(spec, m_report));
    case ExactRole: return filterName(spec, m_report);
    default: return {};
    }
}

} // namespace quantloupe::ui
