// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/evaluation_text.h"

#include "base/error.h"
#include "report/csv_cell.h"
#include "report/number_text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Figure {
    std::string_view name;
    double (*of)(const ClassFigures &);
};

constexpr Figure kFigures[] = {
    {"recall", [](const ClassFigures &f) { return f.recall; }},
    {"precision", [](const ClassFigures &f) { return f.precision; }},
    {"f1", [](const ClassFigures &f) { return f.f1; }},
    {"fpr", [](const ClassFigures &f) { return f.falsePositiveRate; }},
    {"fnr", [](const ClassFigures &f) { return f.falseNegativeRate; }},
    {"roc_auc", [](const ClassFigures &f) { return f.roc.area; }},
    {"average_precision", [](const ClassFigures &f) { return f.precisionRecall.area; }},
};

std::string percent(double share)
{
    return std::isnan(share) ? "n/a" : fmt::format("{:.2f} %", 100.0 * share);
}

std::string figure(double value)
{
    return std::isnan(value) ? "n/a" : fmt::format("{:.4f}", value);
}

std::string line(std::string_view what, const std::string &floats, const std::string &quantized, const std::string &difference)
{
    return fmt::format("{:<28}{:>12}{:>12}{:>12}\n", what, floats, quantized, difference);
}

std::string shareLine(std::string_view what, double floats, double quantized)
{
    return line(what, percent(floats), percent(quantized), std::isnan(quantized - floats) ? "n/a" : fmt::format("{:+.2f} pp", 100.0 * (quantized - floats)));
}

std::string figureLine(std::string_view what, double floats, double quantized)
{
    return line(what, figure(floats), figure(quantized), std::isnan(quantized - floats) ? "n/a" : fmt::format("{:+.4f}", quantized - floats));
}

std::string classificationSummary(const Evaluation &evaluation)
{
    const Classification &floats = *evaluation.floatModel.classification;
    const Classification &quantized = *evaluation.quantizedModel.classification;
    std::string text = shareLine("accuracy", floats.accuracy, quantized.accuracy) + figureLine("F1, average of classes", floats.macroF1, quantized.macroF1)
        + figureLine("ROC AUC, average of classes", floats.macroRocArea, quantized.macroRocArea);
    for (std::size_t c = 0; c < evaluation.classes.size(); ++c)
        if (floats.classes[c].support > 0)
            text += shareLine("  " + printable(evaluation.classes[c]), floats.classes[c].recall, quantized.classes[c].recall);
    return text
        + fmt::format("{} right in float and wrong quantized, {} the other way round, {} wrong in another way; by chance with probability {:.2g}\n", evaluation.regressions,
                      evaluation.improvements, evaluation.otherChanges, evaluation.signTest);
}

std::string archivedSummary(const Evaluation &evaluation)
{
    std::string text;
    for (const ArchivedEvaluation &archived : evaluation.archived)
        text += fmt::format("the archive's own, {}: accuracy {}, ROC AUC {}\n", printable(archived.side), percent(archived.accuracy), figure(archived.rocArea));
    return text;
}

} // namespace

std::string evaluationCsv(const Evaluation &evaluation)
{
    std::string text;
    if (evaluation.task == EvaluationTask::Autoencoder) {
        text = "model,normal,abnormal,mean_normal,mean_abnormal,roc_auc,average_precision,best_accuracy,best_threshold\r\n";
        for (const auto &[side, figures] : {std::pair("float", &evaluation.floatModel.anomaly), std::pair("quantized", &evaluation.quantizedModel.anomaly)})
            if (*figures)
                text += fmt::format("{},{},{},{},{},{},{},{},{}\r\n", side, (*figures)->normal, (*figures)->abnormal, numberText((*figures)->meanNormal), numberText((*figures)->meanAbnormal),
                                    numberText((*figures)->roc.area), numberText((*figures)->precisionRecall.area), numberText((*figures)->bestAccuracy), numberText((*figures)->bestThreshold));
        return text;
    }
    text = "class,name,support";
    for (const Figure &one : kFigures)
        text += fmt::format(",float_{0},quantized_{0}", one.name);
    for (const ArchivedEvaluation &archived : evaluation.archived)
        text += fmt::format(",{}", csvCell("archive_" + archived.side + "_accuracy"));
    text += "\r\n";
    for (std::size_t c = 0; c < evaluation.classes.size(); ++c) {
        const ClassFigures &floats = evaluation.floatModel.classification->classes[c];
        const ClassFigures &quantized = evaluation.quantizedModel.classification->classes[c];
        text += fmt::format("{},{},{}", c, csvCell(evaluation.classes[c]), floats.support);
        for (const Figure &one : kFigures)
            text += fmt::format(",{},{}", numberText(one.of(floats)), numberText(one.of(quantized)));
        for (const ArchivedEvaluation &archived : evaluation.archived)
            text += "," + (c < archived.classAccuracies.size() ? numberText(archived.classAccuracies[c]) : "");
        text += "\r\n";
    }
    return text;
}

std::string changedCsv(const Evaluation &evaluation)
{
    std::string text = "sample,label,float,quantized,kind,float_score,quantized_score\r\n";
    const auto className = [&](std::int64_t c) { return csvCell(evaluation.classes[static_cast<std::size_t>(c)]); };
    for (const ChangedAnswer &answer : evaluation.changed)
        text += fmt::format("{},{},{},{},{},{},{}\r\n", answer.sample, className(answer.label), className(answer.floatClass), className(answer.quantizedClass),
                            answer.isRegression()        ? "regression"
                                : answer.isImprovement() ? "improvement"
                                                         : "other",
                            numberText(answer.floatScore), numberText(answer.quantizedScore));
    return text;
}

std::string evaluationSummary(const Evaluation &evaluation)
{
    std::string text = fmt::format("{} on {} samples of {}, state {}, {} kernels\n", name(evaluation.task), evaluation.samples, printable(evaluation.dataset), evaluation.state,
                                   name(evaluation.kernels))
        + line("", "float", "quantized", "difference");
    if (evaluation.floatModel.classification)
        text += classificationSummary(evaluation);
    if (const auto &floats = evaluation.floatModel.detection, &quantized = evaluation.quantizedModel.detection; floats && quantized)
        text += line("false accepts per hour", fmt::format("{:.2f}", floats->falseAcceptsPerHour), fmt::format("{:.2f}", quantized->falseAcceptsPerHour),
                     fmt::format("{:+.2f}", quantized->falseAcceptsPerHour - floats->falseAcceptsPerHour))
            + shareLine("keywords missed", floats->falseRejectRate, quantized->falseRejectRate) + fmt::format("over {:.4g} hours\n", quantized->hours);
    if (const auto &floats = evaluation.floatModel.anomaly, &quantized = evaluation.quantizedModel.anomaly; floats && quantized)
        text += figureLine("ROC AUC", floats->roc.area, quantized->roc.area) + shareLine("best accuracy", floats->bestAccuracy, quantized->bestAccuracy)
            + figureLine("mean error, normal", floats->meanNormal, quantized->meanNormal) + figureLine("mean error, abnormal", floats->meanAbnormal, quantized->meanAbnormal);
    return text + archivedSummary(evaluation);
}

} // namespace quantloupe
