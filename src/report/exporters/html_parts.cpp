// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/exporters/html_parts.h"

#include "base/error.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Okabe and Ito's colours, told apart by everybody; by Cause.
constexpr std::string_view kCauseColours[kCauseCount] = {"#999999", "#0072b2", "#56b4e9", "#d55e00", "#009e73", "#cc79a7", "#e69f00"};

constexpr std::size_t kMostRows = 100; ///< of a list in the page; the CSV has all

std::string percent(double share)
{
    return std::isnan(share) ? "n/a" : fmt::format("{:.2f} %", 100.0 * share);
}

/// From white to the colour with the square root of the share, so that few are seen beside many.
std::string cell(double x, double y, double size, double share, std::string_view colour, const std::string &text, const std::string &title)
{
    std::string out = fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\" fill-opacity=\"{:.3f}\" stroke=\"var(--line)\"><title>{}</title></rect>\n", x, y, size, size, colour,
                                  std::sqrt(std::clamp(share, 0.0, 1.0)) * 0.8, title);
    if (!text.empty())
        out += fmt::format("<text class=\"cell\" x=\"{}\" y=\"{}\">{}</text>\n", x + size / 2, y + size / 2 + 4, text);
    return out;
}

/// One matrix, rows the labels; a difference has two colours.
std::string matrixSvg(const std::vector<std::vector<double>> &matrix, const std::vector<std::string> &classes, const std::string &caption, bool isDifference)
{
    constexpr double kCell = 30.0;
    const double left = 10.0 + 6.5 * static_cast<double>(std::ranges::max(classes, {}, &std::string::size).size());
    const double side = kCell * static_cast<double>(matrix.size());
    double largest = 1.0;
    for (const auto &row : matrix)
        for (const double value : row)
            largest = std::max(largest, std::abs(value));
    std::string out = fmt::format("<svg width=\"{}\" height=\"{}\" role=\"img\" aria-label=\"{}\">\n", left + side + 2, side + 20, escaped(caption));
    for (std::size_t r = 0; r < matrix.size(); ++r) {
        double total = 0.0;
        for (const double value : matrix[r])
            total += std::abs(value);
        const double y = kCell * static_cast<double>(r);
        out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", left - 5, y + kCell / 2 + 4, escaped(classes[r]));
        for (std::size_t c = 0; c < matrix.size(); ++c) {
            const double value = matrix[r][c];
            const double share = isDifference ? std::abs(value) / largest : total > 0.0 ? value / total : 0.0;
            const bool isGood = isDifference ? (r == c) == (value > 0.0) : r == c;
            out += cell(left + kCell * static_cast<double>(c), y, kCell, share, isGood ? "#0072b2" : "#d55e00", value == 0.0 ? "" : fmt::format(fmt::runtime(isDifference ? "{:+}" : "{}"), value),
                        escaped(fmt::format("{} taken for {}: {}", classes[r], classes[c], value)));
        }
    }
    return fmt::format("<figure>{}</svg><figcaption>{}</figcaption></figure>\n", out, escaped(caption));
}

std::vector<std::vector<double>> asReals(const std::vector<std::vector<std::uint64_t>> &counts, const std::vector<std::vector<std::uint64_t>> *minus = nullptr)
{
    std::vector<std::vector<double>> reals;
    for (std::size_t r = 0; r < counts.size(); ++r) {
        reals.emplace_back();
        for (std::size_t c = 0; c < counts[r].size(); ++c)
            reals.back().push_back(static_cast<double>(counts[r][c]) - (minus ? static_cast<double>((*minus)[r][c]) : 0.0));
    }
    return reals;
}

std::string polyline(const Curve &curve, std::string_view style, double side)
{
    std::string points;
    for (const CurvePoint &point : curve.points)
        points += fmt::format("{:.1f},{:.1f} ", 30.0 + point.x * side, 5.0 + (1.0 - point.y) * side);
    return fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", style, points);
}

std::string rocSvg(const Curve &floats, const Curve &quantized, const std::string &caption)
{
    constexpr double kSide = 180.0;
    return fmt::format("<figure><svg width=\"{0}\" height=\"{1}\" role=\"img\" aria-label=\"{2}\">\n<rect x=\"30\" y=\"5\" width=\"{3}\" height=\"{3}\" fill=\"none\" stroke=\"var(--line)\"/>\n"
                       "<text x=\"26\" y=\"14\" text-anchor=\"end\">1</text><text x=\"26\" y=\"{4}\" text-anchor=\"end\">0</text>\n<text x=\"{5}\" y=\"{1}\" text-anchor=\"end\">false positive rate 1</text>\n",
                       kSide + 40, kSide + 24, escaped(caption), kSide, kSide + 5, kSide + 30)
        + polyline(floats, "float", kSide) + polyline(quantized, "quantized", kSide) + fmt::format("</svg><figcaption>{}</figcaption></figure>\n", escaped(caption));
}

std::string headline(const Evaluation &evaluation)
{
    std::string rows;
    const auto add = [&](std::string_view what, const std::string &floats, const std::string &quantized) {
        rows += fmt::format("<tr><th>{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n", what, floats, quantized);
    };
    if (const auto &f = evaluation.floatModel.classification, &q = evaluation.quantizedModel.classification; f && q) {
        add("Accuracy", percent(f->accuracy), percent(q->accuracy));
        add("F1, average of classes", figure(f->macroF1), figure(q->macroF1));
        add("ROC AUC, average of classes", figure(f->macroRocArea), figure(q->macroRocArea));
    }
    if (const auto &f = evaluation.floatModel.detection, &q = evaluation.quantizedModel.detection; f && q) {
        add("False accepts per hour", figure(f->falseAcceptsPerHour), figure(q->falseAcceptsPerHour));
        add("Keywords missed", percent(f->falseRejectRate), percent(q->falseRejectRate));
    }
    if (const auto &f = evaluation.floatModel.anomaly, &q = evaluation.quantizedModel.anomaly; f && q) {
        add("ROC AUC", figure(f->roc.area), figure(q->roc.area));
        add("Best accuracy", percent(f->bestAccuracy), percent(q->bestAccuracy));
    }
    for (const ArchivedEvaluation &archived : evaluation.archived)
        rows += fmt::format("<tr><th>The archive's own, {}</th><td class=\"number\" colspan=\"2\">accuracy {}, ROC AUC {}</td></tr>\n", escaped(archived.side), percent(archived.accuracy),
                            figure(archived.rocArea));
    return "<table>\n<tr><th></th><th class=\"number\">float</th><th class=\"number\">quantized</th></tr>\n" + rows + "</table>\n";
}

std::string changedTable(const Evaluation &evaluation)
{
    std::string out = fmt::format("<p>{} samples are right in float and wrong quantized, {} the other way round, {} wrong in another way; so uneven a split comes by chance with probability {:.2g}.</p>\n",
                                  evaluation.regressions, evaluation.improvements, evaluation.otherChanges, evaluation.signTest);
    if (evaluation.changed.empty())
        return out;
    out += "<table>\n<tr><th class=\"number\">Sample</th><th>Label</th><th>float</th><th>quantized</th><th class=\"number\">float score</th><th class=\"number\">quantized score</th></tr>\n";
    const auto name = [&](std::int64_t c) { return escaped(evaluation.classes[static_cast<std::size_t>(c)]); };
    for (std::size_t i = 0; i < std::min(evaluation.changed.size(), kMostRows); ++i) {
        const ChangedAnswer &answer = evaluation.changed[i];
        out += fmt::format("<tr class=\"{}\"><td class=\"number\">{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
                           answer.isRegression() ? "bad" : "", answer.sample, name(answer.label), name(answer.floatClass), name(answer.quantizedClass), figure(answer.floatScore),
                           figure(answer.quantizedScore));
    }
    return out + "</table>\n";
}

} // namespace

std::string escaped(std::string_view raw)
{
    std::string out;
    for (const char c : printable(raw)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string figure(double value)
{
    return std::isfinite(value) ? fmt::format("{:.4g}", value) : "n/a";
}

std::string histogramSvg(const Histogram &histogram, std::string_view label)
{
    constexpr double kWidth = 340.0;
    constexpr double kHeight = 120.0;
    const auto isTaken = [](std::uint64_t count) { return count > 0; };
    const auto first = std::ranges::find_if(histogram.counts, isTaken);
    if (first == histogram.counts.end())
        return {};
    auto last = histogram.counts.end();
    while (!isTaken(*(last - 1)))
        --last;
    const auto bins = static_cast<double>(last - first);
    const auto tallest = static_cast<double>(*std::max_element(first, last));
    std::string out = fmt::format("<svg width=\"{}\" height=\"{}\" role=\"img\" aria-label=\"{}\">\n", kWidth, kHeight + 18, escaped(label));
    for (auto bin = first; bin != last; ++bin) {
        const double height = kHeight * static_cast<double>(*bin) / tallest;
        out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"#0072b2\"/>\n", kWidth * static_cast<double>(bin - first) / bins, kHeight - height,
                           std::max(kWidth / bins - 0.5, 0.5), height);
    }
    const double from = histogram.lower + histogram.width * static_cast<double>(first - histogram.counts.begin());
    return out + fmt::format("<text x=\"0\" y=\"{0}\">{1:.3g}</text><text x=\"{2}\" y=\"{0}\" text-anchor=\"end\">{3:.3g}</text></svg>", kHeight + 14, from, kWidth, from + histogram.width * bins);
}

std::string evaluationHtml(const Evaluation &evaluation)
{
    std::string out = fmt::format("<h2>Evaluation on {} labelled samples</h2>\n", evaluation.samples) + headline(evaluation);
    const auto &floats = evaluation.floatModel;
    const auto &quantized = evaluation.quantizedModel;
    std::string curves;
    if (floats.classification && quantized.classification) {
        constexpr std::size_t kMostClasses = 40; // a matrix of more is no picture
        if (evaluation.classes.size() <= kMostClasses)
            out += "<h2>Confusion matrices</h2>\n<div class=\"figures wide\">\n" + matrixSvg(asReals(floats.classification->confusion), evaluation.classes, "float", false)
                + matrixSvg(asReals(quantized.classification->confusion), evaluation.classes, "quantized", false)
                + matrixSvg(asReals(quantized.classification->confusion, &floats.classification->confusion), evaluation.classes, "quantized minus float", true) + "</div>\n";
        for (std::size_t c = 0; c < std::min(evaluation.classes.size(), kMostClasses); ++c)
            if (!floats.classification->classes[c].roc.points.empty())
                curves += rocSvg(floats.classification->classes[c].roc, quantized.classification->classes[c].roc,
                                 fmt::format("{}: AUC {} float, {} quantized", evaluation.classes[c], figure(floats.classification->classes[c].roc.area), figure(quantized.classification->classes[c].roc.area)));
        out += changedTable(evaluation);
    }
    if (floats.anomaly && quantized.anomaly)
        curves += rocSvg(floats.anomaly->roc, quantized.anomaly->roc, "abnormal samples by reconstruction error");
    return curves.empty() ? out : out + "<h2>ROC (solid: float, dashed: quantized)</h2>\n<div class=\"figures\">\n" + curves + "</div>\n";
}

std::string causesHtml(const Report &report)
{
    const CauseAnalysis &analysis = *report.causes;
    std::string key;
    for (std::size_t c = 0; c < kCauseCount; ++c)
        key += fmt::format("<span style=\"background:{}\"></span>{}", kCauseColours[c], name(static_cast<Cause>(c)));
    std::string rows;
    for (std::size_t i = 0; i < std::min(analysis.operators.size(), kMostRows); ++i) {
        const OperatorCauses &op = analysis.operators[i];
        const auto row = std::ranges::find(report.rows, op.tensor, &TensorComparison::tensor);
        double whole = 0.0; // what makes up for others has no length
        for (const CauseShare &share : op.causes)
            whole += std::max(share.share, 0.0);
        std::string bars;
        double x = 0.0;
        for (std::size_t c = 0; c < kCauseCount && whole > 0.0; ++c) {
            const double width = 300.0 * std::max(op.causes[c].share, 0.0) / whole;
            bars += fmt::format("<rect x=\"{:.1f}\" y=\"2\" width=\"{:.1f}\" height=\"14\" fill=\"{}\"><title>{}: {:.1f} %</title></rect>", x, width, kCauseColours[c], name(static_cast<Cause>(c)),
                                100.0 * op.causes[c].share);
            x += width;
        }
        rows += fmt::format("<tr><td class=\"number\">{}</td><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td><svg width=\"300\" height=\"18\" "
                            "role=\"img\" aria-label=\"largest cause: {}\">{}</svg></td></tr>\n",
                            op.op.value, row == report.rows.end() ? "" : escaped(row->opName), figure(op.outputRmse), figure(op.rmse), figure(op.localRmse), name(op.largest()), bars);
    }
    return fmt::format("<h2>Where the errors come from</h2>\n<p>Each operator run again with one thing at a time in float, on {} samples; worst at the model's outputs first.</p>\n<p class=\"key\">{}</p>\n"
                       "<div class=\"wide\"><table>\n<tr><th class=\"number\">#</th><th>Operator</th><th class=\"number\">error of the outputs by it alone</th><th class=\"number\">rmse</th>"
                       "<th class=\"number\">local rmse</th><th>share of the error by cause</th></tr>\n{}</table></div>\n",
                       analysis.samples, key, rows);
}

} // namespace quantloupe
