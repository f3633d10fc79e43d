// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/causes_model.h"

#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QHash>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantloupe::ui {
namespace {

QString percentText(double share)
{
    return CausesModel::tr("%1 %").arg(QLocale().toString(100.0 * share, 'f', std::abs(share) < 0.0995 ? 1 : 0));
}

/// Of those that the operator itself makes.
Cause largestOwn(const OperatorCauses &op)
{
    return *std::max_element(kCausesInOrder.begin(), kCausesInOrder.end() - 1, [&](Cause a, Cause b) { return op.of(a).share < op.of(b).share; });
}

Cause causeOf(int column)
{
    return kCausesInOrder[static_cast<std::size_t>(column - CausesModel::FirstCause)];
}

/// The exported name, as in the table that `report --causes-csv` writes.
QString exactName(int column)
{
    static constexpr const char *kNames[] = {"row", "op_name", "output_rmse", "rmse", "local_rmse", "ideal_rounding", "largest_cause"};
    return column < CausesModel::FirstCause ? QLatin1String(kNames[column]) : plainText(name(causeOf(column))) + QStringLiteral("_share");
}

} // namespace

QString causeName(Cause cause)
{
    switch (cause) {
    case Cause::Inputs: return CausesModel::tr("inputs");
    case Cause::Weights: return CausesModel::tr("weights");
    case Cause::Bias: return CausesModel::tr("bias");
    case Cause::Clipping: return CausesModel::tr("clipping");
    case Cause::Rounding: return CausesModel::tr("rounding");
    case Cause::Arithmetic: return CausesModel::tr("arithmetic");
    case Cause::State: return CausesModel::tr("state");
    }
    return {};
}

void CausesModel::set(std::shared_ptr<const CauseAnalysis> analysis, const ShownReport &report)
{
    beginResetModel();
    m_analysis = std::move(analysis);
    m_rows.clear();
    QHash<int, int> rowOfTensor;
    for (int row = 0; m_analysis && row < report.rowCount(); ++row)
        if (const TensorComparison *comparison = report.comparison(row))
            rowOfTensor.insert(comparison->tensor.value, row);
    for (std::size_t i = 0; m_analysis && i < m_analysis->operators.size(); ++i) {
        const int row = rowOfTensor.value(m_analysis->operators[i].tensor.value, -1);
        m_rows.push_back(row < 0 ? Row{} : Row{row + 1, report.key(row), report.tensorName(row)});
    }
    endResetModel();
}

int CausesModel::find(const RowKey &key) const
{
    const auto at = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row &row) { return row.number > 0 && row.key == key; });
    return at == m_rows.end() ? -1 : static_cast<int>(at - m_rows.begin());
}

QString CausesModel::label(int row) const
{
    const Row &found = m_rows[static_cast<std::size_t>(row)];
    return found.number > 0 ? QStringLiteral("#%1 %2").arg(found.number).arg(found.key.operatorName) : tr("operator %1").arg(causes(row).op.value);
}

double CausesModel::idealShare(int row) const
{
    const OperatorCauses &op = causes(row);
    return op.rmse > 0.0 ? op.idealRounding * op.idealRounding / (op.rmse * op.rmse) : std::numeric_limits<double>::quiet_NaN();
}

QString CausesModel::sentence(int row) const
{
    const OperatorCauses &op = causes(row);
    QString text = tr("%1: error %2, of which the operator itself adds %3.").arg(label(row), figureText(op.rmse), figureText(op.localRmse));
    if (op.rmse > 0.0) {
        const Cause largest = op.largest();
        text += QLatin1Char(' ') + tr("Most comes from %1 (%2): without it the error would be %3.").arg(causeName(largest), percentText(op.of(largest).share), figureText(op.of(largest).rmseWithout));
        text += QLatin1Char('\n') + plainText(description(largest));
        if (const Cause own = largestOwn(op); largest == Cause::Inputs && op.localRmse > 0.0)
            text += QLatin1Char('\n') + tr("Of what it adds itself, most is %1 (%2 of the whole error).").arg(causeName(own), percentText(op.of(own).share)) + QLatin1Char(' ') + plainText(description(own));
        text += QLatin1Char('\n')
            + tr("Rounding of the output makes %1 of the error; ideal rounding, scale / √12, would make %2 in real units (measured: %3).")
                  .arg(percentText(op.of(Cause::Rounding).share), figureText(op.idealRounding), figureText(op.of(Cause::Rounding).rms));
    }
    text += QLatin1Char('\n')
        + (std::isnan(op.outputRmse) ? tr("What it does to the model’s outputs was not followed.")
                                     : tr("With all else in float, what it adds moves the model’s outputs by %1.").arg(figureText(op.outputRmse)));
    if (!op.note.empty())
        text += QLatin1Char('\n') + tr("Note: %1.").arg(plainText(op.note));
    return text;
}

int CausesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CausesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : FirstCause + static_cast<int>(kCauseCount);
}

QVariant CausesModel::value(int row, int column) const
{
    const OperatorCauses &op = causes(row);
    switch (column) {
    case Number: return m_rows[static_cast<std::size_t>(row)].number > 0 ? m_rows[static_cast<std::size_t>(row)].number : std::numeric_limits<double>::quiet_NaN();
    case Operator: return m_rows[static_cast<std::size_t>(row)].key.operatorName;
    case AtOutputs: return op.outputRmse;
    case Error: return op.rmse;
    case OwnError: return op.localRmse;
    case IdealRounding: return op.idealRounding;
    case LargestCause: return op.rmse > 0.0 ? causeName(op.largest()) : tr("no error");
    default: return op.of(causeOf(column)).share;
    }
}

QString CausesModel::toolTip(int row, int column) const
{
    if (column == Operator)
        return label(row) + QLatin1Char('\n') + tensorName(row);
    if (column == LargestCause && causes(row).rmse > 0.0)
        return plainText(description(causes(row).largest()));
    if (column < FirstCause)
        return {};
    const CauseShare &share = causes(row).of(causeOf(column));
    return tr("%1: %2 of the mean squared error. By itself it makes %3; without it the error would be %4 instead of %5.")
               .arg(causeName(causeOf(column)), percentText(share.share), figureText(share.rms), figureText(share.rmseWithout), figureText(causes(row).rmse))
        + (share.share < 0.0 ? QLatin1Char('\n') + tr("Below 0: it makes up for a part of the others.") : QString());
}

QVariant CausesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int column = index.column();
    const bool isText = column == Operator || column == LargestCause;
    switch (role) {
    case Qt::DisplayRole: {
        const QVariant cell = value(index.row(), column);
        return isText ? cell.toString() : column == Number ? countText(cell.toDouble()) : column >= FirstCause ? percentText(cell.toDouble()) : figureText(cell.toDouble());
    }
    case Qt::ToolTipRole: return plainToolTip(toolTip(index.row(), column));
    case Qt::TextAlignmentRole: return QVariant::fromValue((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case SortRole: return isText ? value(index.row(), column) : QVariant(value(index.row(), column).toDouble());
    case ExactRole: return isText ? value(index.row(), column).toString() : exactText(value(index.row(), column).toDouble());
    default: return {};
    }
}

QVariant CausesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == ExactRole)
        return exactName(section);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const bool isTitle = role == Qt::DisplayRole;
    const auto words = [&](const QString &title, const QString &explanation) { return isTitle ? title : plainToolTip(explanation); };
    switch (section) {
    case Number: return words(tr("#"), tr("Position of the row in the report: the order in which operators run."));
    case Operator: return words(tr("Operator"), tr("The quantized operator whose output the row is about."));
    case AtOutputs: return words(tr("at the\noutputs"), tr("Error of the model’s outputs (rmse, real units) when all is float but what this operator adds. The order of the bars.\nA dash: not followed, since others add more."));
    case Error: return words(tr("error"), tr("Accumulated error of the output over the samples: rmse, real units."));
    case OwnError: return words(tr("of its\nown"), tr("What the operator itself adds: rmse of the local error, real units."));
    case IdealRounding: return words(tr("ideal\nrounding"), tr("scale / √12: what rounding to the output’s grid makes at best, real units. Its square, scale² / 12, is the ideal mean squared error."));
    case LargestCause: return words(tr("largest\ncause"), tr("The cause with the largest share."));
    default: return words(causeName(causeOf(section)), plainText(description(causeOf(section))) + QLatin1Char('\n') + tr("Share of the mean squared error; the shares of a row add up to 100 %."));
    }
}

} // namespace quantloupe::ui
