// SPDX-License-Identifier: GPL-3.0-or-later
//
// Operators that TFLite Micro has no kernel for. The list is what tflite-micro's own interpreter registers
// (python/tflite_micro/python_ops_resolver.cc) and what it ran of our golden cases (tests/goldens/summary.md).
#include "debugger/finding_rule.h"
#include "debugger/findings/places.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace quantloupe {
namespace {

constexpr std::string_view kRun[] = {
    "ABS", "ADD", "ADD_N", "ARG_MAX", "ARG_MIN", "ASSIGN_VARIABLE", "AVERAGE_POOL_2D", "BATCH_MATMUL", "BATCH_TO_SPACE_ND", "BROADCAST_ARGS", "BROADCAST_TO", "CALL_ONCE", "CAST",
    "CEIL", "CONCATENATION", "CONV_2D", "COS", "CUMSUM", "DEPTHWISE_CONV_2D", "DEPTH_TO_SPACE", "DEQUANTIZE", "DIV", "DYNAMIC_UPDATE_SLICE", "ELU", "EMBEDDING_LOOKUP", "EQUAL", "EXP",
    "EXPAND_DIMS", "FILL", "FLOOR", "FLOOR_DIV", "FLOOR_MOD", "FULLY_CONNECTED", "GATHER", "GATHER_ND", "GREATER", "GREATER_EQUAL", "HARD_SWISH", "IF", "L2_NORMALIZATION",
    "L2_POOL_2D", "LEAKY_RELU", "LESS", "LESS_EQUAL", "LOG", "LOGICAL_AND", "LOGICAL_NOT", "LOGICAL_OR", "LOGISTIC", "LOG_SOFTMAX", "MAXIMUM", "MAX_POOL_2D", "MEAN", "MINIMUM",
    "MIRROR_PAD", "MUL", "NEG", "NOT_EQUAL", "PACK", "PAD", "PADV2", "PRELU", "QUANTIZE", "READ_VARIABLE", "REDUCE_ALL", "REDUCE_MAX", "REDUCE_MIN", "RELU", "RELU6", "RESHAPE",
    "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "REVERSE_V2", "ROUND", "RSQRT", "SELECT_V2", "SHAPE", "SIN", "SLICE", "SOFTMAX", "SPACE_TO_BATCH_ND", "SPACE_TO_DEPTH", "SPLIT",
    "SPLIT_V", "SQRT", "SQUARE", "SQUARED_DIFFERENCE", "SQUEEZE", "STRIDED_SLICE", "SUB", "SUM", "SVDF", "TANH", "TRANSPOSE", "TRANSPOSE_CONV", "UNIDIRECTIONAL_SEQUENCE_LSTM",
    "UNPACK", "VAR_HANDLE", "WHILE", "ZEROS_LIKE",
};

void check(const Model &quantized, std::vector<Finding> &findings)
{
    Places places;
    OperatorIndex first;
    for (const Subgraph &graph : quantized.subgraphs) {
        for (std::size_t i = 0; i < graph.operators.size(); ++i) {
            const Operator &op = graph.operators[i];
            // Custom operators are whatever the device registers for them.
            if (op.isCustom || std::ranges::find(kRun, op.name) != std::end(kRun))
                continue;
            if (places.count() == 0 && &graph == &quantized.main())
                first = OperatorIndex(i);
            places.add(placeOf(graph, OperatorIndex(i)));
        }
    }
    if (places.count() == 0)
        return;
    findings.push_back({.id = "tflm-operators", .severity = Severity::Warning, .title = "TFLite Micro has no kernel for some operators",
                        .evidence = fmt::format("{}: the model does not run on a microcontroller as it is.", places.text()),
                        .remedy = "Replace the layer by others, or register a kernel of your own on the device.", .subject = "quantized model", .op = first, .tensor = {}});
}

} // namespace

extern const FindingRule tflm_operators_finding{"tflm-operators", check};

} // namespace quantloupe
