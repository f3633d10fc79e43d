// SPDX-License-Identifier: GPL-3.0-or-later
//
// Newer converters quantize the weights of FULLY_CONNECTED per channel. TFLite Micro took the first channel's scale for all
// of them until May 2024 (tflite-micro pull request 2602), refused such models until August 2024, and runs them since
// (pull request 2673); what is built into a device's SDK is often older.
#include "debugger/finding_rule.h"
#include "debugger/findings/linear_operators.h"
#include "debugger/findings/places.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

void check(const Model &quantized, std::vector<Finding> &findings)
{
    const Subgraph &graph = quantized.main();
    Places places;
    OperatorIndex first;
    forEachLinearOperator(graph, [&](const LinearOperator &linear) {
        if (graph.op(linear.index).name != "FULLY_CONNECTED" || !graph.tensor(linear.weights).quant.isPerChannel())
            return;
        if (places.count() == 0)
            first = linear.index;
        places.add(placeOf(graph, linear.index));
    });
    if (places.count() == 0)
        return;
    findings.push_back({.id = "per-channel-fully-connected", .severity = Severity::Warning, .title = "FULLY_CONNECTED with a scale for each channel does not run on older TFLite Micro",
                        .evidence = fmt::format("{}. TFLite Micro computes it since August 2024, refused it before, and until May 2024 silently used the first channel's scale for all.",
                                                places.text()),
                        .remedy = "If the device's TFLite Micro is older, convert with _experimental_disable_per_channel_quantization_for_dense_layers = True.",
                        .subject = "quantized model", .op = first, .tensor = {}});
}

} // namespace

extern const FindingRule per_channel_fully_connected_finding{"per-channel-fully-connected", check};

} // namespace quantloupe
