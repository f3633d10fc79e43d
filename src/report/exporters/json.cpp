// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything a report holds; docs/report-json.md lists the fields, report/read_report.h reads it back.
#include "metrics/metric.h"
#include "report/export.h"
#include "report/json_parts.h"
#include "report/study_json.h"
#include "report/json_values.h"
#include "report/rnn_trace_json.h"

namespace quantloupe {
namespace {

using namespace json_values;

Json histogramJson(const Histogram &histogram)
{
    return {{"lower", number(histogram.lower)}, {"width", number(histogram.width)}, {"counts", histogram.counts}, {"below", histogram.below}, {"above", histogram.above}};
}

Json statisticsJson(const ErrorStatistics &statistics)
{
    Json figures = Json::object();
    for (std::size_t m = 0; m < statistics.metrics.size(); ++m)
        figures[std::string(metrics()[m]->name)] = number(statistics.metrics[m]);
    Json worst = Json::array();
    for (const RankedSample &sample : statistics.worstSamples)
        worst.push_back({{"sample", sample.sample}, {"rmse", number(sample.rmse)}});
    Json bySample = Json::array();
    for (const float rmse : statistics.rmseBySample)
        bySample.push_back(number(static_cast<double>(rmse)));
    return {{"metrics", figures},
            {"notFinite", statistics.notFinite},
            {"errorInLsb", histogramJson(statistics.errorInLsb)},
            {"floatValues", histogramJson(statistics.floatValues)},
            {"rmseBySample", bySample},
            {"worstSamples", worst}};
}

Json rowJson(const TensorComparison &row)
{
    Json json{{"operator", row.op.value},
              {"tensor", row.tensor.value},
              {"opName", row.opName},
              {"tensorName", row.tensorName},
              {"type", name(row.type)},
              {"shape", row.shape.dims()},
              {"scale", number(static_cast<double>(row.scale))},
              {"zeroPoint", row.zeroPoint},
              {"floatTensor", row.floatTensor.value},
              {"floatTensorName", row.floatTensorName},
              {"pairedBy", row.pairedBy},
              {"confidence", row.confidence},
              {"whyNotCompared", row.whyNotCompared},
              {"quantizedValues", histogramJson(row.quantizedValues)}};
    json["local"] = row.local ? statisticsJson(*row.local) : Json();
    json["accumulated"] = row.accumulated ? statisticsJson(*row.accumulated) : Json();
    return json;
}

Json modelJson(const ModelSummary &model)
{
    return {{"file", model.file}, {"kind", model.kind}, {"bytes", model.bytes}, {"operators", model.operators}, {"tensors", model.tensors}};
}

Json findingJson(const Finding &finding)
{
    return {{"id", finding.id},         {"severity", name(finding.severity)}, {"title", finding.title},       {"evidence", finding.evidence},
            {"remedy", finding.remedy}, {"subject", finding.subject},         {"operator", finding.op.value}, {"tensor", finding.tensor.value},
            {"threshold", finding.threshold}, {"source", finding.source},     {"samples", finding.samples}};
}

std::string text(const Report &report, ErrorKind)
{
    Json json{{"schemaVersion", Report::kSchemaVersion},
              {"floatModel", modelJson(report.floatModel)},
              {"quantizedModel", modelJson(report.quantizedModel)},
              {"dataset", report.dataset},
              {"samples", report.samples},
              {"samplesAsked", report.samplesAsked},
              {"cancelled", report.isCancelled},
              {"state", name(report.state)},
              {"kernels", name(report.kernels)},
              {"local", report.hasLocal},
              {"accumulated", report.hasAccumulated}};
    json["findings"] = Json::array();
    for (const Finding &finding : report.findings)
        json["findings"].push_back(findingJson(finding));
    json["leftOut"] = report.leftOut;
    json["rows"] = Json::array();
    for (const TensorComparison &row : report.rows)
        json["rows"].push_back(rowJson(row));
    json["rnn"] = Json::array();
    for (const RnnTrace &trace : report.rnn)
        json["rnn"].push_back(rnnTraceJson(trace));
    if (report.evaluation)
        json["evaluation"] = toJson(*report.evaluation);
    if (report.causes)
        json["causes"] = toJson(*report.causes);
    for (const auto &study : report.details)
        json["details"].push_back(studyJson(*study));
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; // names need not be UTF-8
}

} // namespace

extern const Exporter json_exporter{"json", ".json", "all figures, histograms and findings (docs/report-json.md)", text};

} // namespace quantloupe
