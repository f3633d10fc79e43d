// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/dataset.h"
#include "debugger/finding_rule.h"
#include "support/graph_builder.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace quantloupe::test {

/// What one rule says of a report alone.
inline std::vector<Finding> findingsInReport(std::string_view id, const Report &report)
{
    GraphBuilder b;
    b.op("RELU", {b.input("x", {1, 2})}, "y", {1, 2});
    Subject subject;
    subject.floatModel = subject.quantizedModel = b.model();
    const auto dataset = openDataset("random:1", b.model()->main());
    const RunOptions options;
    std::vector<Finding> findings;
    (*std::ranges::find(findingRules(), id, [](const FindingRule *rule) { return rule->id; }))->checkRun({subject, **dataset, options, report}, findings);
    return findings;
}

/// The findings of one rule in a run of an archive.
inline std::vector<Finding> findingsInRun(std::string_view id, const std::filesystem::path &archive, const std::filesystem::path &dataset, RunOptions options)
{
    const auto subject = openSubject(std::vector{archive});
    EXPECT_TRUE(subject) << subject.error().message();
    const auto samples = openDataset(dataset.string(), subject->quantizedModel->main());
    EXPECT_TRUE(samples) << samples.error().message();
    const auto report = compareModels(*subject, **samples, options);
    EXPECT_TRUE(report) << report.error().message();
    auto findings = (*report)->findings;
    std::erase_if(findings, [&](const Finding &finding) { return finding.id != id; });
    return findings;
}

/// A trace of one quantity over three steps and four units, of which `saturated` lie on the ends.
inline RnnTrace traceOf(std::string name, RnnRole role, float scale, double end, std::vector<double> saturated, double floatReach)
{
    RnnTrace trace{.op = OperatorIndex(std::size_t{7}), .tensor = TensorIndex(std::size_t{9}), .opName = "UNIDIRECTIONAL_SEQUENCE_LSTM", .name = "lstm", .steps = 3, .sequences = 1, .units = 4, .quantities = {}};
    RnnQuantity quantity{.name = std::move(name), .role = role, .gate = role == RnnRole::GateSum ? "forget" : "", .units = 4, .type = DataType::Int16, .scale = scale, .lowest = -end, .highest = end};
    quantity.quantized = {{0, 0, 0}, {-1, -1, -1}, {1, 1, 1}, saturated};
    quantity.saturatedByUnit = {saturated[2], 0.0, saturated[1], 0.0};
    quantity.accumulated = RnnError{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {{0, 0, 0}, {-1, -1, -floatReach}, {1, 1, 1}, saturated}, {}};
    trace.quantities.push_back(std::move(quantity));
    return trace;
}

} // namespace quantloupe::test
