// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/comparison_model.h"

#include "text/figure_text.h"
#include "text/plain_text.h"

#include <cmath>

namespace quantloupe::ui {

QString changeText(quantloupe::Change change)
{
    switch (change) {
    case quantloupe::Change::Improved: return ComparisonModel::tr("improved");
    case quantloupe::Change::Regressed: return ComparisonModel::tr("regressed");
    case quantloupe::Change::Same: return ComparisonModel::tr("same");
    case quantloupe::Change::OnlyBefore: return ComparisonModel::tr("only before");
    case quantloupe::Change::OnlyAfter: return ComparisonModel::tr("only after");
    case quantloupe::Change::Unknown: return ComparisonModel::tr("unknown");
    }
    return {};
}

void ComparisonModel::set(std::shared_ptr<const Comparison> comparison)
{
    beginResetModel();
    m_comparison = std::move(comparison);
    endResetModel();
}

const FigureTable::Row &ComparisonModel::shown(int at) const
{
    const ComparedRow &pair = row(at);
    return pair.after >= 0 ? m_comparison->after.rows[static_cast<std::size_t>(pair.after)] : m_comparison->before.rows[static_cast<std::size_t>(pair.before)];
}

QString ComparisonModel::label(int at) const
{
    const int number = row(at).after >= 0 ? row(at).after : row(at).before;
    return QStringLiteral("#%1 %2").arg(number + 1).arg(plainText(shown(at).opName));
}

QString ComparisonModel::tensorName(int at) const
{
    return plainText(shown(at).tensorName);
}

double ComparisonModel::size(int at) const
{
    const double ratio = std::abs(row(at).ratio());
    return std::isfinite(ratio) && ratio > 0.0 ? std::abs(std::log(ratio)) : 0.0;
}

int ComparisonModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_comparison ? 0 : static_cast<int>(m_comparison->rows.size());
}

int ComparisonModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ComparisonModel::value(int at, int column) const
{
    const ComparedRow &pair = row(at);
    switch (column) {
    case Verdict: return changeText(pair.change);
    case Operator: return plainText(shown(at).opName);
    case Tensor: return tensorName(at);
    case Before: return pair.valueBefore;
    case After: return pair.valueAfter;
    case Difference: return pair.valueAfter - pair.valueBefore;
    case Ratio: return pair.ratio();
    case Metric: return plainText(pair.metric);
    case MatchedBy: return plainText(pair.matchedBy);
    case Confidence: return pair.confidence;
    default: return {};
    }
}

QVariant ComparisonModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QVariant cell = value(index.row(), index.column());
    const bool isNumber = cell.metaType().id() == QMetaType::Double;
    switch (role) {
    case Qt::DisplayRole: return isNumber ? figureText(cell.toDouble()) : cell.toString();
    case Qt::ToolTipRole: return isNumber ? QVariant() : plainToolTip(cell.toString());
    case Qt::TextAlignmentRole: return QVariant::fromValue((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case SortRole: return cell;
    case ExactRole: return isNumber ? exactText(cell.toDouble()) : cell.toString();
    default: return {};
    }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static constexpr const char *kNames[] = {"change", "op_name", "before", "after", "ratio", "difference", "metric", "confidence", "matched_by", "tensor_name"};
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == ExactRole)
        return QString::fromLatin1(kNames[section]);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const bool isTitle = role == Qt::DisplayRole;
    const auto words = [&](const QString &title, const QString &explanation) { return isTitle ? title : plainToolTip(explanation); };
    switch (section) {
    case Verdict: return words(tr("Change"), tr("Improved, regressed, or the same: within 2 % of what it was. Smaller is better for every metric but sqnr; of a bias its size counts."));
    case Operator: return words(tr("Operator"), tr("The quantized operator whose output the row is about."));
    case Before: return words(tr("before"), tr("The figure in the first report."));
    case After: return words(tr("after"), tr("The figure in the second report."));
    case Difference: return words(tr("difference"), tr("After minus before."));
    case Ratio: return words(tr("ratio"), tr("After over before: 0.5 is half the error."));
    case Metric: return words(tr("judged by"), tr("The metric the row is judged by. Where the bit widths differ it is rmse: rmse/scale does not compare between int8 and int16."));
    case MatchedBy: return words(tr("matched by"), tr("Why the two rows are taken for the same operator. Order and operator always agree; tensor_idx is never used, it counts in the debugger’s own model."));
    case Confidence: return words(tr("confidence"), tr("How sure the match is, 0 to 1."));
    default: return words(tr("Tensor"), tr("Name of the output tensor, in the second report where it has such a row."));
    }
}

} // namespace quantloupe::ui
