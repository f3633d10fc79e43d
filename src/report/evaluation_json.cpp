// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/evaluation_text.h"
#include "report/json_parts.h"
#include "report/json_values.h"

#include <limits>

namespace quantloupe {
namespace {

using namespace json_values;

/// Who shows an evaluation goes by its classes: a file whose parts disagree is refused here.
void require(bool isRight, const char *what)
{
    if (!isRight)
        refuse(what);
}

void requireClasses(const ModelEvaluation &side, std::size_t classes)
{
    if (!side.classification)
        return;
    require(side.classification->classes.size() == classes && side.classification->confusion.size() == classes, "as many classes as names are expected");
    for (const auto &row : side.classification->confusion)
        require(row.size() == classes, "a square confusion matrix is expected");
}

Json curveJson(const Curve &curve)
{
    Json points = Json::array();
    for (const CurvePoint &point : curve.points)
        points.push_back({number(point.x), number(point.y), number(point.threshold)});
    return {{"area", number(curve.area)}, {"points", points}};
}

Curve curveFrom(const Json &json)
{
    Curve curve;
    curve.area = numberOf(json.at("area"));
    for (const Json &point : json.at("points"))
        curve.points.push_back({numberOf(point.at(0)), numberOf(point.at(1)), point.at(2).is_null() ? std::numeric_limits<double>::infinity() : point.at(2).get<double>()});
    return curve;
}

Json classJson(const ClassFigures &figures)
{
    return {{"support", figures.support},
            {"recall", number(figures.recall)},
            {"precision", number(figures.precision)},
            {"f1", number(figures.f1)},
            {"falsePositiveRate", number(figures.falsePositiveRate)},
            {"falseNegativeRate", number(figures.falseNegativeRate)},
            {"roc", curveJson(figures.roc)},
            {"precisionRecall", curveJson(figures.precisionRecall)}};
}

ClassFigures classFrom(const Json &json)
{
    return {json.at("support").get<std::size_t>(), numberOf(json.at("recall")), numberOf(json.at("precision")), numberOf(json.at("f1")), numberOf(json.at("falsePositiveRate")),
            numberOf(json.at("falseNegativeRate")), curveFrom(json.at("roc")), curveFrom(json.at("precisionRecall"))};
}

Json classificationJson(const Classification &figures)
{
    Json classes = Json::array();
    for (const ClassFigures &one : figures.classes)
        classes.push_back(classJson(one));
    return {{"samples", figures.samples},
            {"right", figures.right},
            {"accuracy", number(figures.accuracy)},
            {"macroRecall", number(figures.macroRecall)},
            {"macroPrecision", number(figures.macroPrecision)},
            {"macroF1", number(figures.macroF1)},
            {"macroRocArea", number(figures.macroRocArea)},
            {"confusion", figures.confusion},
            {"classes", classes}};
}

Classification classificationFrom(const Json &json)
{
    Classification figures{json.at("samples").get<std::size_t>(), json.at("right").get<std::size_t>(), numberOf(json.at("accuracy")), numberOf(json.at("macroRecall")),
                           numberOf(json.at("macroPrecision")), numberOf(json.at("macroF1")), numberOf(json.at("macroRocArea")),
                           json.at("confusion").get<std::vector<std::vector<std::uint64_t>>>(), {}};
    for (const Json &one : json.at("classes"))
        figures.classes.push_back(classFrom(one));
    return figures;
}

Json detectionJson(const DetectionFigures &figures)
{
    return {{"detections", figures.detections},
            {"falseAccepts", figures.falseAccepts},
            {"keywords", figures.keywords},
            {"found", figures.found},
            {"hours", number(figures.hours)},
            {"falseAcceptsPerHour", number(figures.falseAcceptsPerHour)},
            {"falseRejectRate", number(figures.falseRejectRate)}};
}

DetectionFigures detectionFrom(const Json &json)
{
    return {json.at("detections").get<std::size_t>(), json.at("falseAccepts").get<std::size_t>(), json.at("keywords").get<std::size_t>(), json.at("found").get<std::size_t>(),
            numberOf(json.at("hours")), numberOf(json.at("falseAcceptsPerHour")), numberOf(json.at("falseRejectRate"))};
}

Json anomalyJson(const AnomalyFigures &figures)
{
    return {{"normal", figures.normal},
            {"abnormal", figures.abnormal},
            {"meanNormal", number(figures.meanNormal)},
            {"meanAbnormal", number(figures.meanAbnormal)},
            {"bestAccuracy", number(figures.bestAccuracy)},
            {"bestThreshold", number(figures.bestThreshold)},
            {"roc", curveJson(figures.roc)},
            {"precisionRecall", curveJson(figures.precisionRecall)}};
}

AnomalyFigures anomalyFrom(const Json &json)
{
    return {json.at("normal").get<std::size_t>(), json.at("abnormal").get<std::size_t>(), numberOf(json.at("meanNormal")), numberOf(json.at("meanAbnormal")), numberOf(json.at("bestAccuracy")),
            json.at("bestThreshold").is_null() ? std::numeric_limits<double>::infinity() : json.at("bestThreshold").get<double>(), curveFrom(json.at("roc")),
            curveFrom(json.at("precisionRecall"))};
}

Json sideJson(const ModelEvaluation &side)
{
    Json json = Json::object();
    if (side.classification)
        json["classification"] = classificationJson(*side.classification);
    if (side.detection)
        json["keywordDetection"] = detectionJson(*side.detection);
    if (side.anomaly)
        json["anomaly"] = anomalyJson(*side.anomaly);
    return json;
}

ModelEvaluation sideFrom(const Json &json)
{
    ModelEvaluation side;
    if (json.contains("classification"))
        side.classification = classificationFrom(json["classification"]);
    if (json.contains("keywordDetection"))
        side.detection = detectionFrom(json["keywordDetection"]);
    if (json.contains("anomaly"))
        side.anomaly = anomalyFrom(json["anomaly"]);
    return side;
}

/// Quantized minus float of what people ask first.
Json differenceJson(const Evaluation &evaluation)
{
    Json json = Json::object();
    const auto &quantized = evaluation.quantizedModel;
    const auto &floats = evaluation.floatModel;
    if (quantized.classification && floats.classification) {
        json["accuracy"] = number(quantized.classification->accuracy - floats.classification->accuracy);
        json["macroF1"] = number(quantized.classification->macroF1 - floats.classification->macroF1);
        json["macroRocArea"] = number(quantized.classification->macroRocArea - floats.classification->macroRocArea);
        json["confusion"] = Json::array();
        for (std::size_t r = 0; r < quantized.classification->confusion.size(); ++r) {
            Json row = Json::array();
            for (std::size_t c = 0; c < quantized.classification->confusion[r].size(); ++c)
                row.push_back(static_cast<std::int64_t>(quantized.classification->confusion[r][c]) - static_cast<std::int64_t>(floats.classification->confusion[r][c]));
            json["confusion"].push_back(row);
        }
    }
    if (quantized.detection && floats.detection)
        json["falseAcceptsPerHour"] = number(quantized.detection->falseAcceptsPerHour - floats.detection->falseAcceptsPerHour);
    if (quantized.anomaly && floats.anomaly)
        json["rocArea"] = number(quantized.anomaly->roc.area - floats.anomaly->roc.area);
    return json;
}

Json settingsJson(const DetectionSettings &settings)
{
    Json keywords = Json::array();
    for (std::size_t c = 0; c < settings.isKeyword.size(); ++c)
        if (settings.isKeyword[c])
            keywords.push_back(c);
    return {{"hopMs", settings.hopMs}, {"averageMs", settings.averageMs}, {"threshold", settings.threshold}, {"suppressionMs", settings.suppressionMs}, {"keywords", keywords}};
}

DetectionSettings settingsFrom(const Json &json, std::size_t classes)
{
    DetectionSettings settings{json.at("hopMs").get<double>(), json.at("averageMs").get<double>(), json.at("threshold").get<double>(), json.at("suppressionMs").get<double>(),
                               std::vector<char>(classes, 0)};
    for (const Json &keyword : json.at("keywords"))
        settings.isKeyword.at(keyword.get<std::size_t>()) = 1;
    return settings;
}

Json archivedJson(const ArchivedEvaluation &archived)
{
    return {{"side", archived.side},
            {"task", archived.task},
            {"classes", archived.classes},
            {"accuracy", number(archived.accuracy)},
            {"rocArea", number(archived.rocArea)},
            {"classAccuracies", numbers(archived.classAccuracies)},
            {"classRocAreas", numbers(archived.classRocAreas)},
            {"confusion", archived.confusion}};
}

ArchivedEvaluation archivedFrom(const Json &json)
{
    return {json.at("side").get<std::string>(), json.at("task").get<std::string>(), json.at("classes").get<std::vector<std::string>>(), numberOf(json.at("accuracy")),
            numberOf(json.at("rocArea")), numbersOf(json.at("classAccuracies")), numbersOf(json.at("classRocAreas")), json.at("confusion").get<std::vector<std::vector<std::uint64_t>>>()};
}

} // namespace

nlohmann::ordered_json toJson(const Evaluation &evaluation)
{
    Json changed = Json::array();
    for (const ChangedAnswer &answer : evaluation.changed)
        changed.push_back({{"sample", answer.sample},
                           {"label", answer.label},
                           {"float", answer.floatClass},
                           {"quantized", answer.quantizedClass},
                           {"kind", answer.isRegression() ? "regression" : answer.isImprovement() ? "improvement" : "other"},
                           {"floatScore", number(answer.floatScore)},
                           {"quantizedScore", number(answer.quantizedScore)}});
    Json archived = Json::array();
    for (const ArchivedEvaluation &one : evaluation.archived)
        archived.push_back(archivedJson(one));
    return {{"task", name(evaluation.task)},
            {"dataset", evaluation.dataset},
            {"samples", evaluation.samples},
            {"kernels", name(evaluation.kernels)},
            {"state", evaluation.state},
            {"classes", evaluation.classes},
            {"float", sideJson(evaluation.floatModel)},
            {"quantized", sideJson(evaluation.quantizedModel)},
            {"difference", differenceJson(evaluation)},
            {"keywordDetection", evaluation.detection ? settingsJson(*evaluation.detection) : Json()},
            {"regressions", evaluation.regressions},
            {"improvements", evaluation.improvements},
            {"otherChanges", evaluation.otherChanges},
            {"signTest", evaluation.signTest},
            {"changed", changed},
            {"archived", archived}};
}

Evaluation evaluationFrom(const nlohmann::ordered_json &json)
{
    Evaluation evaluation;
    evaluation.task = evaluationTask(json.at("task").get<std::string>()).value_or(EvaluationTask::Classification);
    evaluation.dataset = json.at("dataset").get<std::string>();
    evaluation.samples = json.at("samples").get<std::size_t>();
    evaluation.kernels = kernelProfile(json.at("kernels").get<std::string>()).value_or(KernelProfile::Litert);
    evaluation.state = json.at("state").get<std::string>();
    evaluation.classes = json.at("classes").get<std::vector<std::string>>();
    evaluation.floatModel = sideFrom(json.at("float"));
    evaluation.quantizedModel = sideFrom(json.at("quantized"));
    if (!json.at("keywordDetection").is_null())
        evaluation.detection = settingsFrom(json["keywordDetection"], evaluation.classes.size());
    evaluation.regressions = json.at("regressions").get<std::size_t>();
    evaluation.improvements = json.at("improvements").get<std::size_t>();
    evaluation.otherChanges = json.at("otherChanges").get<std::size_t>();
    evaluation.signTest = numberOf(json.at("signTest"));
    for (const Json &answer : json.at("changed"))
        evaluation.changed.push_back({answer.at("sample").get<std::size_t>(), answer.at("label").get<std::int64_t>(), answer.at("float").get<std::int64_t>(),
                                      answer.at("quantized").get<std::int64_t>(), numberOf(answer.at("floatScore")), numberOf(answer.at("quantizedScore"))});
    for (const Json &archived : json.at("archived"))
        evaluation.archived.push_back(archivedFrom(archived));
    const auto classes = static_cast<std::int64_t>(evaluation.classes.size());
    const auto isClass = [&](std::int64_t c) { return c >= 0 && c < classes; };
    for (const ChangedAnswer &answer : evaluation.changed)
        require(isClass(answer.label) && isClass(answer.floatClass) && isClass(answer.quantizedClass), "a class number within the names is expected");
    require(evaluation.floatModel.classification.has_value() == evaluation.quantizedModel.classification.has_value(), "figures of both models are expected");
    requireClasses(evaluation.floatModel, evaluation.classes.size());
    requireClasses(evaluation.quantizedModel, evaluation.classes.size());
    return evaluation;
}

std::string evaluationJson(const Evaluation &evaluation)
{
    Json json{{"schemaVersion", 1}};
    json.update(toJson(evaluation));
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace quantloupe
