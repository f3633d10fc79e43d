// SPDX-License-Identifier: GPL-3.0-or-later
//
// 16-bit activations over 8-bit weights: TensorFlow's answer where int8 activations are too coarse, as they often are for
// recurrent layers, whose error comes back at every step.
#include "debugger/advice_rule.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    for (const TensorComparison &row : context.report.rows) {
        const double error = measured(row, "rmse/scale");
        if (!isRecurrent(row.opName) || elementSize(row.type) != 1 || !(error > kRecurrentThreshold))
            continue;
        findings.push_back({.id = "rnn-16x8", .severity = Severity::Note, .title = fmt::format("{}: 16-bit activations would hold it", placeOf(row)),
                            .evidence = fmt::format("An int8 recurrent operator with rmse/scale {:.3g} and SQNR {:.1f} dB; every further bit of the activations adds 6 dB.", error, measured(row, "sqnr")),
                            .remedy = "Convert with 16x8 (EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8); it doubles the activations' memory and needs kernels for it on the device.",
                            .subject = "quantized model", .op = row.op, .tensor = row.tensor, .threshold = fmt::format("rmse/scale of an int8 recurrent operator above {}", kRecurrentThreshold),
                            .source = "TensorFlow Lite guide \"Post-training integer quantization with int16 activations\"", .samples = context.report.samples});
    }
}

} // namespace

extern const AdviceRule rnn_16x8_advice{"rnn-16x8", check};

} // namespace quantloupe
