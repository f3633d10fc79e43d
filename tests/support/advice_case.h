// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/advice_rule.h"
#include "metrics/metric.h"
#include "support/graph_builder.h"

#include <functional>

namespace quantloupe::test {

/// A graph and a report of it, to see what is advised.
class AdviceCase {
public:
    GraphBuilder graph;
    Report report;
    std::vector<InputStatistics> inputs;

    AdviceCase() { report.samples = report.samplesAsked = 100; }

    /// Reports on the last operator of the graph, as if all its values used all codes evenly.
    TensorComparison &row(double rmseOverScale = 0.28)
    {
        const Subgraph &built = graph.graph();
        TensorComparison added;
        added.op = OperatorIndex(built.operators.size() - 1);
        added.tensor = built.operators.back().outputs.front();
        added.opName = built.operators.back().name;
        const Tensor &tensor = built.tensor(added.tensor);
        added.tensorName = tensor.name;
        added.type = tensor.type;
        added.shape = tensor.shape;
        added.scale = tensor.quant.scale();
        added.local.emplace();
        added.local->metrics.assign(metrics().size(), 0.0);
        set(added, "rmse/scale", rmseOverScale);
        set(added, "sqnr", 30.0);
        set(added, "range", 255.0 * static_cast<double>(added.scale));
        added.local->floatValues = {0.0, 1.0, std::vector<std::uint64_t>(256, 100), 0, 0};
        added.quantizedValues = added.local->floatValues;
        report.rows.push_back(std::move(added));
        return report.rows.back();
    }

    static void set(TensorComparison &row, std::string_view metric, double value) { row.local->metrics[static_cast<std::size_t>(metricIndex(metric))] = value; }

    /// What one rule advises. All findings name their threshold, their source and a remedy.
    std::vector<Finding> advice(std::string_view id) const
    {
        std::vector<Finding> findings = adviceFor({*graph.model(), *graph.model(), report, inputs});
        std::erase_if(findings, [&](const Finding &finding) { return finding.id != id; });
        for (const Finding &finding : findings) {
            EXPECT_FALSE(finding.threshold.empty() || finding.source.empty() || finding.remedy.empty() || finding.evidence.empty()) << finding.title;
        }
        return findings;
    }
};

/// Counts of 256 codes, `count(code)` each.
inline Histogram codes(const std::function<std::uint64_t(int)> &count)
{
    Histogram histogram{0.0, 1.0, {}, 0, 0};
    for (int code = 0; code < 256; ++code)
        histogram.counts.push_back(count(code));
    return histogram;
}

/// What a rule advises on one operator of this error that makes int8 or other codes.
inline std::vector<Finding> adviceOnOperator(std::string_view id, const char *op, double rmseOverScale, DataType type = DataType::Int8)
{
    AdviceCase c;
    const TensorIndex x = c.graph.input("x", {1, 4}, DataType::Int8);
    c.graph.graph().tensors[x.position()].quant = {{0.5f}, {0}, 0};
    c.graph.op(op, {x}, "y", {1, 4}, 0.1f);
    c.row(rmseOverScale).type = type;
    return c.advice(id);
}

/// What a rule advises on a tensor that uses its codes as `count` says.
inline std::vector<Finding> adviceOnCodes(std::string_view id, const std::function<std::uint64_t(int)> &count)
{
    AdviceCase c;
    const TensorIndex x = c.graph.input("x", {1, 4}, DataType::Int8);
    c.graph.op("ABS", {x}, "y", {1, 4}, 0.1f);
    c.row().quantizedValues = codes(count);
    return c.advice(id);
}

} // namespace quantloupe::test
