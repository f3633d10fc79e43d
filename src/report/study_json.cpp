// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/study_json.h"

#include "report/number_text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

using Json = nlohmann::ordered_json;

/// Cells of a density along one axis at most: figures for people and scripts, not a copy of the tensor.
constexpr std::size_t kMostCells = 64;

/// JSON has no NaN: null.
Json number(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
}

Json histogramJson(const Histogram &histogram)
{
    return {{"lower", number(histogram.lower)}, {"width", number(histogram.width)}, {"counts", histogram.counts}, {"below", histogram.below}, {"above", histogram.above}};
}

Json densityJson(const Density &whole)
{
    const Density density = whole.coarser(kMostCells);
    Json counts = Json::array();
    for (std::size_t row = 0; row < density.rows; ++row) {
        const auto first = density.counts.begin() + static_cast<std::ptrdiff_t>(row * density.columns);
        counts.push_back(std::vector<std::uint64_t>(first, first + static_cast<std::ptrdiff_t>(density.columns)));
    }
    return {{"floatLower", number(density.xLower)},
            {"floatWidth", number(density.xWidth)},
            {"dequantizedLower", number(density.yLower)},
            {"dequantizedWidth", number(density.yWidth)},
            {"counts", counts},
            {"beyond", density.beyond}};
}

Json channelsJson(const std::vector<ChannelError> &channels)
{
    Json all = Json::array();
    for (const ChannelError &channel : channels)
        all.push_back({{"count", channel.count},
                       {"rmse", number(channel.rmse)},
                       {"meanError", number(channel.meanError)},
                       {"maxAbsError", number(channel.maxAbsError)},
                       {"floatMin", number(channel.floatMin)},
                       {"floatMax", number(channel.floatMax)},
                       {"shareAtEnds", number(channel.shareAtEnds)}});
    return all;
}

Json codesJson(const UsedCodes &codes)
{
    return {{"minCode", codes.minCode},       {"maxCode", codes.maxCode},       {"elements", codes.elements},        {"used", codes.used},
            {"lowest", codes.lowest},         {"highest", codes.highest},       {"shareAtMin", codes.shareAtMin},    {"shareAtMax", codes.shareAtMax},
            {"unusedBelow", codes.unusedBelow()}, {"unusedAbove", codes.unusedAbove()}};
}

Json errorJson(const std::optional<ErrorStudy> &error)
{
    return error ? Json{{"density", densityJson(error->density)}, {"channels", channelsJson(error->channels)}} : Json();
}

Json weightJson(const WeightStudy &weight)
{
    Json scales = Json::array();
    for (const float scale : weight.scales)
        scales.push_back(number(static_cast<double>(scale)));
    return {{"input", weight.input},
            {"name", weight.name},
            {"type", name(weight.type)},
            {"shape", weight.shape.dims()},
            {"axis", weight.axis},
            {"scales", scales},
            {"zeroPoints", weight.zeroPoints},
            {"codes", codesJson(weight.codes)},
            {"quantizedValues", histogramJson(weight.quantizedValues)},
            {"whyNotCompared", weight.whyNotCompared},
            {"floatValues", histogramJson(weight.floatValues)},
            {"errorInLsb", histogramJson(weight.errorInLsb)},
            {"channels", channelsJson(weight.channels)},
            {"rmse", number(weight.rmse)},
            {"rmseOverScale", number(weight.rmseOverScale)}};
}

std::string quoted(const std::string &text)
{
    std::string result = "\"";
    for (const char c : text)
        result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + '"';
}

std::string channelCells(const ChannelError *channel)
{
    if (!channel)
        return ",,,,,";
    return fmt::format("{},{},{},{},{},{}", numberText(channel->rmse), numberText(channel->meanError), numberText(channel->maxAbsError), numberText(channel->floatMin),
                       numberText(channel->floatMax), numberText(channel->shareAtEnds));
}

const ChannelError *channelOf(const std::optional<ErrorStudy> &error, std::size_t channel)
{
    return error && channel < error->channels.size() ? &error->channels[channel] : nullptr;
}

} // namespace

Json studyJson(const TensorStudy &study)
{
    Json json{{"row", study.row + 1}, {"samples", study.samples}, {"channels", study.channelCount}, {"codes", codesJson(study.codes)}};
    json["local"] = errorJson(study.local);
    json["accumulated"] = errorJson(study.accumulated);
    json["weights"] = Json::array();
    for (const WeightStudy &weight : study.weights)
        json["weights"].push_back(weightJson(weight));
    return json;
}

std::string channelsCsv(const TensorStudy &study)
{
    std::string text = "channel";
    for (const char *const kind : {"local", "accumulated"})
        for (const char *const figure : {"rmse", "mean_error", "max_abs_error", "float_min", "float_max", "share_at_ends"})
            text += fmt::format(",{}_{}", kind, figure);
    text += "\r\n";
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(study.channelCount); ++channel)
        text += fmt::format("{},{},{}\r\n", channel, channelCells(channelOf(study.local, channel)), channelCells(channelOf(study.accumulated, channel)));
    return text;
}

std::string weightsCsv(const TensorStudy &study)
{
    std::string text = "input,name,type,channel,scale,zero_point,rmse,mean_error,max_abs_error,float_min,float_max,share_at_ends\r\n";
    for (const WeightStudy &weight : study.weights)
        for (std::size_t channel = 0; channel < weight.scales.size(); ++channel)
            text += fmt::format("{},{},{},{},{},{},{}\r\n", weight.input, quoted(weight.name), name(weight.type), channel, numberText(weight.scales[channel]),
                                weight.zeroPoints[std::min(channel, weight.zeroPoints.size() - 1)], channelCells(channel < weight.channels.size() ? &weight.channels[channel] : nullptr));
    return text;
}

} // namespace quantloupe
