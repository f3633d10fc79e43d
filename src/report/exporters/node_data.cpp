// SPDX-License-Identifier: GPL-3.0-or-later
//
// Node data for Google's Model Explorer (https://github.com/google-ai-edge/model-explorer, "custom node data"): loaded beside
// the quantized model, it colours every node. Nodes are found by the name of an output tensor; the whole is one graph's.
#include "metrics/metric.h"
#include "report/export.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace quantloupe {
namespace {

using Json = nlohmann::ordered_json;

/// Viridis at its ends and middle, light for small values: readable in black on every stop but the last.
Json gradient()
{
    return Json::array({{{"stop", 0.0}, {"bgColor", "#fde725"}}, {{"stop", 0.5}, {"bgColor", "#21918c"}}, {{"stop", 1.0}, {"bgColor", "#440154"}}});
}

std::string text(const Report &report, ErrorKind kind)
{
    const auto metric = static_cast<std::size_t>(metricIndex("rmse/scale"));
    Json results = Json::object();
    for (const TensorComparison &row : report.rows)
        if (const auto &statistics = row.statistics(kind); statistics && std::isfinite(statistics->metrics[metric]))
            results[row.tensorName] = {{"value", statistics->metrics[metric]}};
    const Json json{{"results", results}, {"gradient", gradient()}};
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace

extern const Exporter node_data_exporter{"node-data", ".nodes.json", "rmse/scale by output tensor, to colour Model Explorer's graph", text};

} // namespace quantloupe
