// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/column_text.h"

#include "metrics/metric.h"
#include "text/plain_text.h"

#include <QCoreApplication>

namespace quantloupe::ui {
namespace {

/// Under a name, so that the tools of translators find what goes through it.
struct Texts {
    Q_DECLARE_TR_FUNCTIONS(quantloupe::ui::Columns)
};

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

const Metric &metricAt(int metric)
{
    return *metrics()[static_cast<std::size_t>(metric)];
}

QString metricExplanation(const ColumnSpec &spec, const ShownReport &report)
{
    const Metric &metric = metricAt(spec.metric);
    QString text = fromView(metric.description);
    if (!metric.unit.empty())
        text += QLatin1Char('\n') + Texts::tr("Unit: %1").arg(fromView(metric.unit));
    if (metric.hasIdeal)
        text += QLatin1Char('\n') + Texts::tr("Rounding alone gives %1; coloured above %2.").arg(QString::number(metric.ideal, 'g', 3), QString::number(metric.warnAbove, 'g', 3));
    if (spec.column == Column::ArchivedMetric)
        return text + QLatin1String("\n\n") + Texts::tr("This column: the same row in the archive’s own report, made with TensorFlow’s default kernels. Kernels differ by an LSB here and there.");
    if (!isOfTensor(spec.metric))
        text += QLatin1String("\n\n") + kindExplanation(spec.kind);
    if (!report.isMeasured())
        text += QLatin1Char('\n') + Texts::tr("As somebody else measured it: the report was read, not computed here. TensorFlow’s debugger takes every figure for each sample, averages over samples, and never resets state between them.");
    return text;
}

struct Words {
    const char *title;
    const char *explanation;
};

Words wordsOf(Column column)
{
    switch (column) {
    case Column::Number: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "#"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Position of the row in the report: the order in which operators run.")};
    case Column::Operator: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Operator"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "The quantized operator whose output this row is about.")};
    case Column::Tensor: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Tensor"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Name of the output tensor. The converter joins the names of fused layers with semicolons.")};
    case Column::Verdict: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Verdict"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "rmse/scale of the local error against 0.289, which rounding alone gives, and 0.7, from where a layer is worth a look.\nTensors of few elements are marked: their figure says little.")};
    case Column::Elements: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Elements"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Elements of one sample. With few of them rmse/scale is noisy.")};
    case Column::Type: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Type"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Type of the quantized tensor. rmse/scale does not compare across bit widths: compare RMSE or SQNR.")};
    case Column::Shape: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Shape"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Shape of the output tensor, outermost axis first.")};
    case Column::Scale: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Scale"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Real value of one step (LSB) of the output: real = scale · (code − zero point).")};
    case Column::ZeroPoint: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Zero point"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "The code that stands for real 0. At −128 or 127 the tensor uses one sign only.")};
    case Column::OperatorIndex: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Operator\nindex"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Index of the operator in the quantized model.")};
    case Column::TensorIndex: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Tensor\nindex"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Index of the tensor. In a report of TensorFlow’s debugger it counts in the debug model, not in the deployed one: do not join by it.")};
    case Column::FloatTensor: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Float tensor"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "The tensor of the float model it is compared with for the accumulated error.")};
    case Column::PairedBy: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Paired by"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "The rule by which the float tensor was found.")};
    case Column::Confidence: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Pairing\nconfidence"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "How sure the pairing is, 0 to 1. A wrong pair shows as a large accumulated error.")};
    case Column::NotFinite: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Not finite"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Elements left out because a side was NaN or infinite.")};
    case Column::WhyNotCompared: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Not compared because"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Why a figure of this row is absent.")};
    case Column::JoinedTensor: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Tensor of the\nopen model"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "The output in the open model that this row is about. Rows are joined by operator, scale and zero point, and among equals by their order: names do not always agree (SOFTMAX names the tensor behind it), and tensor_idx never does.")};
    case Column::JoinedBy: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Joined by"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "What the row and the operator of the open model have in common.")};
    case Column::JoinConfidence: return {QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Join\nconfidence"), QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "How sure it is that the row is about that operator, 0 to 1. At 0.2 scale or zero point contradict: the report is of another quantization of the model.")};
    case Column::Metric:
    case Column::ArchivedMetric:
    case Column::CsvText: break;
    }
    return {"", QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "A column of the report as it was found there.")};
}

/// Columns that are written beside TensorFlow's own: by Quantloupe, or by whoever gave the debugger metrics of their own.
QString csvExplanation(std::string_view column)
{
    static constexpr std::pair<std::string_view, const char *> kKnown[] = {
        {"op_index", QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Index of the operator in the quantized model that was measured.")},
        {"type", QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Type of the quantized tensor. rmse/scale does not compare across bit widths: compare RMSE or SQNR.")},
        {"shape", QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Shape of the output tensor, outermost axis first.")},
        {"float_tensor_name", QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "The tensor of the float model it is compared with for the accumulated error.")},
        {"paired_by", QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "The rule by which the float tensor was found.")},
        {"confidence", QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "How sure the pairing is, 0 to 1. A wrong pair shows as a large accumulated error.")},
        {"float_tensor_idx", QT_TRANSLATE_NOOP("quantloupe::ui::Columns", "Index of the tensor in the float model.")},
    };
    for (const auto &[name, explanation] : kKnown)
        if (name == column)
            return Texts::tr(explanation);
    return Texts::tr("A column of the report as it was found there; what it says is known to whoever made the report.") + QLatin1String("\n\n")
        + Texts::tr("A metric given to TensorFlow’s debugger is computed for every sample and then averaged over samples (values that are not a number left out): a maximum in it is a mean of maxima.");
}

QString kindWord(ErrorKind kind)
{
    return kind == ErrorKind::Local ? Texts::tr("local") : Texts::tr("accumulated");
}

} // namespace

QString kindText(ErrorKind kind)
{
    return kind == ErrorKind::Local ? Texts::tr("local error") : Texts::tr("accumulated error");
}

QString kindExplanation(ErrorKind kind)
{
    return kind == ErrorKind::Local
        ? Texts::tr("Local error: the operator’s float twin, fed with the dequantized actual inputs, against the quantized operator. What this operator alone adds.")
        : Texts::tr("Accumulated error: the float model and the quantized model run separately on the same sample. What has gathered up to here.");
}

QString metricName(int metric)
{
    return fromView(metricAt(metric).name);
}

QString metricText(int metric)
{
    const QString unit = fromView(metricAt(metric).unit);
    return unit.isEmpty() ? metricName(metric) : Texts::tr("%1 (%2)").arg(metricName(metric), unit);
}

QString columnTitle(const ColumnSpec &spec, const ShownReport &report)
{
    switch (spec.column) {
    case Column::Metric: return isOfTensor(spec.metric) ? metricName(spec.metric) : metricName(spec.metric) + QLatin1Char('\n') + kindWord(spec.kind);
    case Column::ArchivedMetric: return metricName(spec.metric) + QLatin1Char('\n') + Texts::tr("archive’s report");
    case Column::NotFinite: return Texts::tr(wordsOf(spec.column).title) + QLatin1Char('\n') + kindWord(spec.kind);
    case Column::CsvText: return plainText(report.table()->columns[static_cast<std::size_t>(spec.csvColumn)]);
    default: return Texts::tr(wordsOf(spec.column).title);
    }
}

QString columnExplanation(const ColumnSpec &spec, const ShownReport &report)
{
    if (spec.column == Column::Metric || spec.column == Column::ArchivedMetric)
        return metricExplanation(spec, report);
    if (spec.column == Column::CsvText)
        return csvExplanation(report.table()->columns[static_cast<std::size_t>(spec.csvColumn)]);
    QString text = Texts::tr(wordsOf(spec.column).explanation);
    if (spec.column == Column::NotFinite)
        text += QLatin1String("\n\n") + kindExplanation(spec.kind);
    return text;
}

} // namespace quantloupe::ui
