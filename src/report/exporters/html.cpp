// SPDX-License-Identifier: GPL-3.0-or-later
//
// One self-contained page for people: what was compared and how, what stands out, every row, and a chart. Names come from
// files that anybody may have written, so every text is escaped; there is no script.
#include "metrics/metric.h"
#include "report/export.h"
#include "report/exporters/html_parts.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --line: #8886; --good: #2a8f5c; --fair: #b97a00; --bad: #c8322b; --muted: #777; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 1200px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; margin-bottom: .2em; } h2 { font-size: 1.15em; margin-top: 2em; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: .2em .7em; border-bottom: 1px solid var(--line); text-align: left; }
td.number, th.number { text-align: right; } tr.bad td { background: #c8322b22; } .wide { overflow-x: auto; } .muted td { color: var(--muted); }
.good b { color: var(--good); } .fair b { color: var(--fair); } .bad b { color: var(--bad); }
svg text { font: 11px system-ui, sans-serif; fill: currentColor; } svg .axis { stroke: var(--line); } svg .ideal { stroke: var(--good); stroke-dasharray: 5 3; }
.figures { display: flex; flex-wrap: wrap; gap: 1.5em; } figure { margin: 0; } figcaption { max-width: 360px; font-size: .85em; } small { opacity: .75; }
svg .cell { font-size: 10px; text-anchor: middle; } svg .float { stroke: #0072b2; fill: none; } svg .quantized { stroke: #d55e00; fill: none; stroke-dasharray: 6 3; }
.key span { display: inline-block; width: .9em; height: .9em; margin: 0 .3em 0 1em; vertical-align: -.1em; }
)";

const Metric &rmseOverScale()
{
    return *metrics()[static_cast<std::size_t>(metricIndex("rmse/scale"))];
}

double valueOf(const std::optional<ErrorStatistics> &statistics, std::string_view metric)
{
    return statistics ? statistics->metrics[static_cast<std::size_t>(metricIndex(metric))] : std::nan("");
}

std::string_view grade(double rmseInSteps)
{
    const Metric &metric = rmseOverScale();
    return !(rmseInSteps > metric.ideal * 1.2) ? "good" : rmseInSteps <= metric.warnAbove ? "fair" : "bad"; // a fifth above rounding is rounding, too
}

/// Folders are nobody's business in a page that is sent around: "a.tflite in a.mltk.zip".
std::string fileText(const std::string &file)
{
    const auto nameOf = [](std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }; // npos + 1 is 0
    const auto colon = file.rfind(':');
    return colon == file.npos ? nameOf(file) : fmt::format("{} in {}", nameOf(std::string_view(file).substr(colon + 1)), nameOf(std::string_view(file).substr(0, colon)));
}

std::string place(const TensorComparison &row)
{
    return fmt::format("operator {} {} ({})", row.op.value, row.opName, row.tensorName);
}

std::string headline(const Report &report, ErrorKind kind)
{
    const int worst = report.worstRow(kind);
    if (worst < 0)
        return fmt::format("<p>No tensor could be compared by its {} error.</p>\n", name(kind));
    const TensorComparison &row = report.rows[static_cast<std::size_t>(worst)];
    const double value = valueOf(row.statistics(kind), "rmse/scale");
    return fmt::format("<p class=\"{}\">Largest {} error: <b>{} LSB</b> rmse/scale at {}. Rounding alone gives {}.</p>\n", grade(value), name(kind), figure(value),
                       escaped(place(row)), figure(rmseOverScale().ideal));
}

std::string setting(std::string_view label, const std::string &value)
{
    return fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", label, escaped(value));
}

std::string modelText(const ModelSummary &model)
{
    return fmt::format("{} ({}, {} bytes, {} operators, {} tensors)", fileText(model.file), model.kind, model.bytes, model.operators, model.tensors);
}

std::string settings(const Report &report, ErrorKind kind)
{
    std::string out = "<table>\n";
    out += setting("Quantized model", modelText(report.quantizedModel));
    out += setting("Float model", modelText(report.floatModel));
    out += setting("Dataset", report.dataset);
    const std::string_view stopped = report.isCancelled ? ", cancelled" : report.isPartial ? ", the run goes on" : "";
    out += setting("Samples", fmt::format("{} of {}{}", report.samples, report.samplesAsked, stopped));
    out += setting("Kernels", std::string(name(report.kernels)));
    out += setting("State between samples", std::string(name(report.state)));
    out += setting("Error shown", kind == ErrorKind::Local ? "local: what each operator alone adds" : "accumulated: both models run apart from each other");
    return out + "</table>\n";
}

std::string findings(const Report &report)
{
    std::string out;
    for (const Finding &finding : report.findings) {
        out += fmt::format("<li><b>{}: {}</b> {} {}", name(finding.severity), escaped(finding.title), escaped(finding.evidence), escaped(finding.remedy));
        std::string basis = finding.threshold.empty() ? "" : "Fires at: " + finding.threshold + ".";
        if (finding.samples > 0)
            basis += fmt::format(" Rests on {} samples.", finding.samples);
        if (!finding.source.empty())
            basis += " Source: " + finding.source + ".";
        out += (basis.empty() ? "" : fmt::format(" <small>{}</small>", escaped(basis))) + "</li>\n";
    }
    for (const std::string &sentence : report.leftOut)
        out += fmt::format("<li>Left out: {}</li>\n", escaped(sentence));
    return out.empty() ? "" : "<h2>Findings</h2>\n<ul>\n" + out + "</ul>\n";
}

/// One bar per row. Rows of wider types have other steps, so the scale follows the 8-bit ones and cuts what is above.
class Chart {
public:
    Chart(const Report &report, ErrorKind kind) : m_report(report), m_kind(kind)
    {
        for (const TensorComparison &row : report.rows)
            if (const double value = valueOf(row.statistics(kind), "rmse/scale"); std::isfinite(value) && elementSize(row.type) == 1)
                m_top = std::max(m_top, value * 1.05);
    }

    std::string svg() const
    {
        const double width = kLeft + kBar * static_cast<double>(std::max<std::size_t>(m_report.rows.size(), 20)) + kLeft;
        std::string out = fmt::format("<div class=\"wide\"><svg width=\"{}\" height=\"{}\" role=\"img\" aria-label=\"rmse/scale of every row\">\n", width, kHeight + 30);
        out += line("axis", width, 0.0) + label(0.0) + line("ideal", width, rmseOverScale().ideal) + label(rmseOverScale().ideal) + label(m_top);
        for (std::size_t i = 0; i < m_report.rows.size(); ++i)
            out += bar(i);
        return out + "</svg></div>\n";
    }

private:
    static constexpr double kLeft = 45.0, kBar = 14.0, kHeight = 220.0;

    double y(double value) const { return 10.0 + kHeight * (1.0 - std::min(value / m_top, 1.0)); }
    std::string line(std::string_view style, double width, double value) const
    {
        return fmt::format("<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n", style, kLeft, width, y(value), y(value));
    }
    std::string label(double value) const { return fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:.3g}</text>\n", kLeft - 5, y(value) + 4, value); }
    std::string bar(std::size_t i) const
    {
        const TensorComparison &row = m_report.rows[i];
        const double value = valueOf(row.statistics(m_kind), "rmse/scale");
        if (!std::isfinite(value))
            return {};
        const std::string_view colour = elementSize(row.type) == 1 ? grade(value) : "muted";
        return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"var(--{})\"><title>{}: {}</title></rect>\n",
                           kLeft + 3 + kBar * static_cast<double>(i), y(value), kBar - 3, y(0.0) - y(value), colour, escaped(place(row)), figure(value));
    }

    const Report &m_report;
    ErrorKind m_kind;
    double m_top = 0.75;
};

std::string tableRow(const TensorComparison &row, ErrorKind kind)
{
    const auto &statistics = row.statistics(kind);
    const double value = valueOf(statistics, "rmse/scale");
    std::string out = fmt::format("<tr class=\"{}\"><td class=\"number\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>", statistics ? grade(value) : "muted", row.op.value,
                                  escaped(row.opName), escaped(row.tensorName), name(row.type), row.shape.text());
    out += fmt::format("<td class=\"number\">{}</td><td class=\"number\">{}</td>", figure(static_cast<double>(row.scale)), row.zeroPoint);
    if (!statistics)
        return out + fmt::format("<td colspan=\"5\">{}</td></tr>\n", escaped(row.whyNotCompared));
    out += fmt::format("<td class=\"number\"><b>{}</b></td>", figure(value));
    for (const std::string_view metric : {"mean_squared_error", "mean_error", "max_abs_error", "sqnr"})
        out += fmt::format("<td class=\"number\">{}</td>", metricIndex(metric) < 0 ? "n/a" : figure(valueOf(statistics, metric)));
    return out + "</tr>\n";
}

std::string table(const Report &report, ErrorKind kind)
{
    std::string out = "<div class=\"wide\"><table>\n<tr><th class=\"number\">#</th><th>Operator</th><th>Tensor</th><th>Type</th><th>Shape</th><th class=\"number\">scale</th>"
                      "<th class=\"number\">zero_point</th><th class=\"number\">rmse/scale</th><th class=\"number\">mean_squared_error</th><th class=\"number\">mean_error</th>"
                      "<th class=\"number\">max_abs_error</th><th class=\"number\">SQNR dB</th></tr>\n";
    for (const TensorComparison &row : report.rows)
        out += tableRow(row, kind);
    return out + "</table></div>\n";
}

/// Where the errors of the worst rows lie, in steps of their grids.
std::string errorHistograms(const Report &report, ErrorKind kind)
{
    constexpr std::size_t kMostRows = 6;
    std::vector<const TensorComparison *> rows;
    for (const TensorComparison &row : report.rows)
        if (valueOf(row.statistics(kind), "rmse/scale") > 0.0)
            rows.push_back(&row);
    std::ranges::stable_sort(rows, [&](const auto *a, const auto *b) { return valueOf(a->statistics(kind), "rmse/scale") > valueOf(b->statistics(kind), "rmse/scale"); });
    rows.resize(std::min(rows.size(), kMostRows));
    std::string out;
    for (const TensorComparison *row : rows)
        out += fmt::format("<figure>{}<figcaption>{}, rmse/scale {}</figcaption></figure>\n", histogramSvg(row->statistics(kind)->errorInLsb, "error in LSB"), escaped(place(*row)),
                           figure(valueOf(row->statistics(kind), "rmse/scale")));
    return out.empty() ? "" : "<h2>Error of the worst tensors, in LSB</h2>\n<div class=\"figures\">\n" + out + "</div>\n";
}

std::string text(const Report &report, ErrorKind kind)
{
    const std::string &file = report.quantizedModel.file;
    const std::string title = escaped(file.substr(file.find_last_of("/:") + 1));
    return fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>Quantization of {}</title>\n"
                       "<style>{}</style>\n</head>\n<body>\n<h1>Quantization of {}</h1>\n",
                       title, kStyle, title)
        + headline(report, kind) + settings(report, kind) + findings(report) + fmt::format("<h2>rmse/scale by operator ({} error)</h2>\n", name(kind)) + Chart(report, kind).svg()
        + errorHistograms(report, kind) + (report.evaluation ? evaluationHtml(*report.evaluation) : "") + (report.causes ? causesHtml(report) : "")
        + "<h2>Tensors</h2>\n" + table(report, kind) + "</body>\n</html>\n";
}

} // namespace

extern const Exporter html_exporter{"html", ".html", "one page to read and to send: findings, settings, table and chart", text};

} // namespace quantloupe
