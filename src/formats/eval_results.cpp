// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fields are those of MLTK's evaluation results (mltk/core/evaluate_classifier.py, evaluate_autoencoder.py).
#include "formats/eval_results.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace quantloupe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxText = std::size_t{64} << 20;
constexpr std::size_t kMaxClasses = 65536;

double number(const Json &json, const char *key)
{
    return json.contains(key) && json[key].is_number() ? json[key].get<double>() : std::numeric_limits<double>::quiet_NaN();
}

template <typename T> std::vector<T> list(const Json &json, const char *key)
{
    return json.contains(key) && json[key].is_array() && json[key].size() <= kMaxClasses ? json[key].get<std::vector<T>>() : std::vector<T>();
}

EvalResults results(const Json &json)
{
    EvalResults result;
    result.modelType = json.value("model_type", std::string());
    result.classes = list<std::string>(json, "classes");
    result.accuracy = number(json, "overall_accuracy");
    result.rocArea = number(json, json.contains("roc_auc_avg") ? "roc_auc_avg" : "overall_roc_auc");
    result.classAccuracies = list<double>(json, "class_accuracies");
    result.classRocAreas = list<double>(json, "roc_auc");
    result.confusion = list<std::vector<std::uint64_t>>(json, "confusion_matrix");
    return result;
}

} // namespace

Result<EvalResults> readEvalResults(std::string_view text, std::string file)
{
    if (text.size() > kMaxText)
        return fail(ErrorCode::FileTooLarge, {.file = std::move(file), .expected = std::to_string(kMaxText) + " bytes at most", .got = std::to_string(text.size())});
    try { // the library reports by exception; none leaves this function
        const Json json = Json::parse(text);
        if (!json.is_object())
            return fail(ErrorCode::ReportDamaged, {.file = std::move(file), .expected = "a JSON object", .got = json.type_name()});
        return results(json);
    } catch (const Json::exception &error) {
        return fail(ErrorCode::ReportDamaged, {.file = std::move(file), .got = error.what()});
    }
}

} // namespace quantloupe
