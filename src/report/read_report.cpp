// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/read_report.h"

#include "metrics/metric.h"
#include "report/json_parts.h"
#include "report/json_values.h"
#include "report/rnn_trace_json.h"

namespace quantloupe {
namespace {

using namespace json_values;

Histogram histogram(const Json &json)
{
    return {numberOf(json.at("lower")), numberOf(json.at("width")), json.at("counts").get<std::vector<std::uint64_t>>(), json.at("below").get<std::uint64_t>(),
            json.at("above").get<std::uint64_t>()};
}

std::optional<ErrorStatistics> statistics(const Json &json)
{
    if (json.is_null())
        return std::nullopt;
    ErrorStatistics result;
    const Json &figures = json.at("metrics");
    for (const Metric *metric : metrics()) // a metric that the writer did not know reads as NaN
        result.metrics.push_back(numberOf(figures.value(std::string(metric->name), Json())));
    result.notFinite = json.at("notFinite").get<std::uint64_t>();
    result.errorInLsb = histogram(json.at("errorInLsb"));
    result.floatValues = histogram(json.at("floatValues"));
    for (const Json &rmse : json.at("rmseBySample"))
        result.rmseBySample.push_back(static_cast<float>(numberOf(rmse)));
    for (const Json &sample : json.at("worstSamples"))
        result.worstSamples.push_back({sample.at("sample").get<std::size_t>(), numberOf(sample.at("rmse"))});
    return result;
}

Shape shape(const Json &json)
{
    const auto result = Shape::make(json.get<std::vector<std::int32_t>>());
    if (!result)
        refuse(result.error().message());
    return *result;
}

TensorComparison row(const Json &json)
{
    TensorComparison result;
    result.op = OperatorIndex(json.at("operator").get<std::int32_t>());
    result.tensor = TensorIndex(json.at("tensor").get<std::int32_t>());
    result.opName = json.at("opName").get<std::string>();
    result.tensorName = json.at("tensorName").get<std::string>();
    result.type = typeNamedBy(json.at("type"));
    result.shape = shape(json.at("shape"));
    result.scale = static_cast<float>(numberOf(json.at("scale")));
    result.zeroPoint = json.at("zeroPoint").get<std::int64_t>();
    result.floatTensor = TensorIndex(json.at("floatTensor").get<std::int32_t>());
    result.floatTensorName = json.at("floatTensorName").get<std::string>();
    result.pairedBy = json.at("pairedBy").get<std::string>();
    result.confidence = json.at("confidence").get<double>();
    result.whyNotCompared = json.at("whyNotCompared").get<std::string>();
    result.quantizedValues = histogram(json.at("quantizedValues"));
    result.local = statistics(json.at("local"));
    result.accumulated = statistics(json.at("accumulated"));
    return result;
}

ModelSummary model(const Json &json)
{
    return {json.at("file").get<std::string>(), json.at("kind").get<std::string>(), json.at("bytes").get<std::size_t>(), json.at("operators").get<std::size_t>(),
            json.at("tensors").get<std::size_t>()};
}

Finding finding(const Json &json)
{
    Finding result;
    result.id = json.at("id").get<std::string>();
    for (const Severity severity : {Severity::Note, Severity::Warning, Severity::Problem})
        if (json.at("severity").get<std::string>() == name(severity))
            result.severity = severity;
    result.title = json.at("title").get<std::string>();
    result.evidence = json.at("evidence").get<std::string>();
    result.remedy = json.at("remedy").get<std::string>();
    result.subject = json.at("subject").get<std::string>();
    result.op = OperatorIndex(json.at("operator").get<std::int32_t>());
    result.tensor = TensorIndex(json.at("tensor").get<std::int32_t>());
    result.threshold = json.value("threshold", std::string()); // later than the first files
    result.source = json.value("source", std::string());
    result.samples = json.value("samples", std::size_t{0});
    return result;
}

Report report(const Json &json)
{
    Report result;
    result.floatModel = model(json.at("floatModel"));
    result.quantizedModel = model(json.at("quantizedModel"));
    result.dataset = json.at("dataset").get<std::string>();
    result.samples = json.at("samples").get<std::size_t>();
    result.samplesAsked = json.at("samplesAsked").get<std::size_t>();
    result.isCancelled = json.at("cancelled").get<bool>();
    result.state = statePolicy(json.at("state").get<std::string>()).value_or(StatePolicy::Reset);
    result.kernels = kernelProfile(json.at("kernels").get<std::string>()).value_or(KernelProfile::Litert);
    result.hasLocal = json.at("local").get<bool>();
    result.hasAccumulated = json.at("accumulated").get<bool>();
    for (const Json &item : json.at("findings"))
        result.findings.push_back(finding(item));
    result.leftOut = json.at("leftOut").get<std::vector<std::string>>();
    for (const Json &item : json.at("rows"))
        result.rows.push_back(row(item));
    if (const auto rnn = json.find("rnn"); rnn != json.end()) // a later field of schema 1
        for (const Json &item : *rnn)
            result.rnn.push_back(rnnTraceOf(item));
    if (json.contains("evaluation"))
        result.evaluation = std::make_shared<const Evaluation>(evaluationFrom(json["evaluation"]));
    if (json.contains("causes"))
        result.causes = std::make_shared<const CauseAnalysis>(causesFrom(json["causes"]));
    return result;
}

} // namespace

Result<Report> readReportJson(std::string_view text, std::string file)
{
    try { // the library reports by exception; none leaves this function
        const Json json = Json::parse(text);
        if (const int version = json.at("schemaVersion").get<int>(); version != Report::kSchemaVersion)
            return fail(ErrorCode::ReportDamaged, {.file = std::move(file), .expected = "schemaVersion " + std::to_string(Report::kSchemaVersion), .got = std::to_string(version)});
        return report(json);
    } catch (const Json::exception &error) {
        return fail(ErrorCode::ReportDamaged, {.file = std::move(file), .got = error.what()});
    }
}

} // namespace quantloupe
