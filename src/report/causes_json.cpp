// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/causes_text.h"
#include "report/csv_cell.h"
#include "report/json_parts.h"
#include "report/json_values.h"
#include "report/number_text.h"

#include <fmt/format.h>

namespace quantloupe {
using namespace json_values;

Json toJson(const CauseAnalysis &causes)
{
    Json operators = Json::array();
    for (const OperatorCauses &op : causes.operators) {
        Json shares = Json::object();
        for (std::size_t c = 0; c < kCauseCount; ++c)
            shares[std::string(name(static_cast<Cause>(c)))] = {{"share", number(op.causes[c].share)}, {"rms", number(op.causes[c].rms)}, {"rmseWithout", number(op.causes[c].rmseWithout)}};
        operators.push_back({{"operator", op.op.value},
                             {"tensor", op.tensor.value},
                             {"scale", number(op.scale)},
                             {"rmse", number(op.rmse)},
                             {"localRmse", number(op.localRmse)},
                             {"idealRounding", number(op.idealRounding)},
                             {"outputRmse", number(op.outputRmse)},
                             {"causes", shares},
                             {"note", op.note}});
    }
    return {{"samples", causes.samples}, {"samplesFollowed", causes.samplesFollowed}, {"kernels", name(causes.kernels)}, {"state", causes.state}, {"operators", operators}, {"leftOut", causes.leftOut}};
}

CauseAnalysis causesFrom(const Json &json)
{
    CauseAnalysis causes;
    causes.samples = json.at("samples").get<std::size_t>();
    causes.samplesFollowed = json.at("samplesFollowed").get<std::size_t>();
    causes.kernels = kernelProfile(json.at("kernels").get<std::string>()).value_or(KernelProfile::Litert);
    causes.state = json.at("state").get<std::string>();
    causes.leftOut = json.at("leftOut").get<std::vector<std::string>>();
    for (const Json &item : json.at("operators")) {
        OperatorCauses op;
        op.op = OperatorIndex(item.at("operator").get<std::int32_t>());
        op.tensor = TensorIndex(item.at("tensor").get<std::int32_t>());
        op.scale = numberOf(item.at("scale"));
        op.rmse = numberOf(item.at("rmse"));
        op.localRmse = numberOf(item.at("localRmse"));
        op.idealRounding = numberOf(item.at("idealRounding"));
        op.outputRmse = numberOf(item.at("outputRmse"));
        op.note = item.at("note").get<std::string>();
        for (std::size_t c = 0; c < kCauseCount; ++c) {
            const Json &share = item.at("causes").at(std::string(name(static_cast<Cause>(c))));
            op.causes[c] = {numberOf(share.at("share")), numberOf(share.at("rms")), numberOf(share.at("rmseWithout"))};
        }
        causes.operators.push_back(std::move(op));
    }
    return causes;
}

std::string causesCsv(const CauseAnalysis &causes, const CauseNames &names)
{
    std::string text = "op_index,tensor_idx,op_name,tensor_name,output_rmse,rmse,local_rmse,ideal_rounding";
    for (std::size_t c = 0; c < kCauseCount; ++c)
        text += fmt::format(",{0}_share,{0}_rms,rmse_without_{0}", name(static_cast<Cause>(c)));
    text += "\r\n";
    for (const OperatorCauses &op : causes.operators) {
        const auto [opName, tensorName] = names(op);
        text += fmt::format("{},{},{},{},{},{},{},{}", op.op.value, op.tensor.value, csvCell(opName), csvCell(tensorName), numberText(op.outputRmse), numberText(op.rmse),
                            numberText(op.localRmse), numberText(op.idealRounding));
        for (const CauseShare &share : op.causes)
            text += fmt::format(",{},{},{}", numberText(share.share), numberText(share.rms), numberText(share.rmseWithout));
        text += "\r\n";
    }
    return text;
}

} // namespace quantloupe
