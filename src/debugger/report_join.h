// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/index.h"
#include "formats/report_csv.h"
#include "graph/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// Why a row of somebody else's report is taken for an operator of the deployed model.
enum class JoinRule {
    None,
    Everything,  ///< operator, tensor name, scale and zero point agree, and no other operator's do
    Grid,        ///< operator, scale and zero point agree, and no other operator's do
    Name,        ///< operator and tensor name agree; the report does not say the scale, or another one
    Order,       ///< the n-th of its kind; scale and zero point agree
    OrderAlone,  ///< the n-th of its kind, and nothing to check it by
    Contradicted, ///< the n-th of its kind, but scale or zero point differ: another quantization of the model
};
std::string_view name(JoinRule rule);
double confidence(JoinRule rule);

struct JoinedRow {
    OperatorIndex op; ///< invalid: no operator
    TensorIndex tensor;
    JoinRule rule = JoinRule::None;
};

/// For each row of a report the operator of the model that it is about. tensor_idx is of no use: it counts the tensors of
/// the debugger's own model. Names agree mostly, but SOFTMAX names the DEQUANTIZE behind it; so op_name, scale and zero point
/// decide, and among equals the order.
std::vector<JoinedRow> joinReport(const ReportTable &report, const Model &model);

} // namespace quantloupe
