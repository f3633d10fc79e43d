// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/rnn_trace_json.h"

#include "report/json_values.h"

namespace quantloupe {
namespace {

using namespace json_values;

Json valuesJson(const RnnValues &values)
{
    return {{"mean", numbers(values.mean)}, {"min", numbers(values.min)}, {"max", numbers(values.max)}, {"saturated", numbers(values.saturated)}};
}

RnnValues valuesOf(const Json &json)
{
    return {numbersOf(json.at("mean")), numbersOf(json.at("min")), numbersOf(json.at("max")), numbersOf(json.at("saturated"))};
}

Json errorJson(const std::optional<RnnError> &error)
{
    if (!error)
        return {};
    return {{"rmse", numbers(error->rmse)},
            {"meanError", numbers(error->meanError)},
            {"maxAbsError", numbers(error->maxAbsError)},
            {"float", valuesJson(error->floats)},
            {"meanSquaredErrorByUnit", numbers(error->meanSquaredErrorByUnit)}};
}

std::optional<RnnError> errorOf(const Json &json)
{
    if (json.is_null())
        return std::nullopt;
    return RnnError{numbersOf(json.at("rmse")), numbersOf(json.at("meanError")), numbersOf(json.at("maxAbsError")), valuesOf(json.at("float")),
                    numbersOf<float>(json.at("meanSquaredErrorByUnit"))};
}

Json quantityJson(const RnnQuantity &quantity)
{
    Json json{{"name", quantity.name},
            {"role", name(quantity.role)},
            {"gate", quantity.gate},
            {"units", quantity.units},
            {"type", name(quantity.type)},
            {"scale", number(static_cast<double>(quantity.scale))},
            {"zeroPoint", quantity.zeroPoint},
            {"lowest", number(quantity.lowest)},
            {"highest", number(quantity.highest)},
            {"quantized", valuesJson(quantity.quantized)},
            {"saturatedByUnit", numbers(quantity.saturatedByUnit)},
            {"local", errorJson(quantity.local)},
            {"accumulated", errorJson(quantity.accumulated)}};
    if (!quantity.scaleByStep.empty()) {
        json["scaleByStep"] = numbers(quantity.scaleByStep);
        json["lowestByStep"] = numbers(quantity.lowestByStep);
        json["highestByStep"] = numbers(quantity.highestByStep);
    }
    return json;
}

/// Whoever reads a trace goes by its steps and units: lists of other lengths are refused.
void requireLength(const std::vector<double> &values, std::size_t length, const char *what)
{
    if (values.size() != length)
        refuse(std::string(what) + " of a recurrent quantity has " + std::to_string(values.size()) + " entries, not " + std::to_string(length));
}

void checkValues(const RnnValues &values, std::size_t steps)
{
    requireLength(values.mean, steps, "mean");
    requireLength(values.min, steps, "min");
    requireLength(values.max, steps, "max");
    requireLength(values.saturated, steps, "saturated");
}

void checkError(const RnnError &error, std::size_t steps, std::size_t units)
{
    requireLength(error.rmse, steps, "rmse");
    requireLength(error.meanError, steps, "meanError");
    requireLength(error.maxAbsError, steps, "maxAbsError");
    checkValues(error.floats, steps);
    const std::size_t cells = error.meanSquaredErrorByUnit.size();
    if (cells != 0 && (units == 0 || cells % units != 0 || cells / units != steps))
        refuse("meanSquaredErrorByUnit of a recurrent quantity has " + std::to_string(cells) + " entries, not one for each step and unit");
}

void check(const RnnQuantity &quantity, std::size_t steps)
{
    checkValues(quantity.quantized, steps);
    requireLength(quantity.saturatedByUnit, quantity.units, "saturatedByUnit");
    for (const auto *const byStep : {&quantity.scaleByStep, &quantity.lowestByStep, &quantity.highestByStep})
        requireLength(*byStep, quantity.scaleByStep.empty() ? 0 : steps, "a form by step");
    for (const auto *const error : {&quantity.local, &quantity.accumulated})
        if (*error)
            checkError(**error, steps, quantity.units);
}

RnnRole roleOf(const Json &json)
{
    const auto text = json.get<std::string>();
    if (const auto role = rnnRole(text))
        return *role;
    refuse("unknown role " + text);
}

RnnQuantity quantityOf(const Json &json)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    RnnQuantity quantity;
    quantity.name = json.at("name").get<std::string>();
    quantity.role = roleOf(json.at("role"));
    quantity.gate = json.at("gate").get<std::string>();
    quantity.units = json.at("units").get<std::size_t>();
    quantity.type = typeNamedBy(json.at("type"));
    quantity.scale = static_cast<float>(numberOf(json.at("scale")));
    quantity.zeroPoint = json.at("zeroPoint").get<std::int32_t>();
    quantity.lowest = numberOf(json.at("lowest"), -kInfinity);
    quantity.highest = numberOf(json.at("highest"), kInfinity);
    if (json.contains("scaleByStep")) {
        quantity.scaleByStep = numbersOf(json.at("scaleByStep"));
        quantity.lowestByStep = numbersOf(json.at("lowestByStep"));
        quantity.highestByStep = numbersOf(json.at("highestByStep"));
    }
    quantity.quantized = valuesOf(json.at("quantized"));
    quantity.saturatedByUnit = numbersOf(json.at("saturatedByUnit"));
    quantity.local = errorOf(json.at("local"));
    quantity.accumulated = errorOf(json.at("accumulated"));
    return quantity;
}

} // namespace

nlohmann::ordered_json rnnTraceJson(const RnnTrace &trace)
{
    Json json{{"operator", trace.op.value},     {"tensor", trace.tensor.value},       {"opName", trace.opName}, {"name", trace.name},
              {"operators", trace.operators},
              {"steps", trace.steps},           {"sequences", trace.sequences},       {"units", trace.units},   {"quantities", Json::array()}};
    for (const RnnQuantity &quantity : trace.quantities)
        json["quantities"].push_back(quantityJson(quantity));
    return json;
}

RnnTrace rnnTraceOf(const nlohmann::ordered_json &json)
{
    RnnTrace trace;
    trace.op = OperatorIndex(json.at("operator").get<std::int32_t>());
    trace.tensor = TensorIndex(json.at("tensor").get<std::int32_t>());
    trace.opName = json.at("opName").get<std::string>();
    trace.name = json.at("name").get<std::string>();
    if (json.contains("operators")) // younger than the rest
        trace.operators = json.at("operators").get<std::size_t>();
    trace.steps = json.at("steps").get<std::size_t>();
    trace.sequences = json.at("sequences").get<std::size_t>();
    trace.units = json.at("units").get<std::size_t>();
    for (const Json &quantity : json.at("quantities"))
        check(trace.quantities.emplace_back(quantityOf(quantity)), trace.steps);
    return trace;
}

} // namespace quantloupe
