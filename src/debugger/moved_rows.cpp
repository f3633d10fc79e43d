// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/moved_rows.h"

#include "debugger/row_plan.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace quantloupe {
namespace {

constexpr std::array<std::string_view, 7> kMoving = {"DEPTH_TO_SPACE", "EXPAND_DIMS", "PAD", "RESHAPE", "SPACE_TO_DEPTH", "SQUEEZE", "TRANSPOSE"};

/// Shapes, which are alike, say how an operator moves; of PAD and TRANSPOSE it takes their second operand, a constant.
bool movesAlike(const RowPlan &plan, const Operator &quantized, const Operator &floats)
{
    if (quantized.name != floats.name || std::ranges::find(kMoving, quantized.name) == kMoving.end())
        return false;
    if (quantized.name != "PAD" && quantized.name != "TRANSPOSE")
        return true;
    if (quantized.inputs.size() != 2 || floats.inputs.size() != 2 || !quantized.inputs[1].isValid() || !floats.inputs[1].isValid())
        return false;
    const TensorIndex ours = quantized.inputs[1];
    const TensorIndex theirs = floats.inputs[1];
    return plan.quantized->tensor(ours).value && plan.floats->tensor(theirs).value && plan.quantized->graph().tensor(ours).type == plan.floats->graph().tensor(theirs).type
        && std::ranges::equal(plan.quantized->tensor(ours).value.bytes, plan.floats->tensor(theirs).value.bytes);
}

} // namespace

std::optional<MovedFrom> movedFrom(const RowPlan &plan, std::size_t row)
{
    const PlannedRow &moved = plan.rows[row];
    if (!moved.hasLocal || !moved.hasAccumulated || moved.outputPosition != 0)
        return {};
    const Operator &quantized = plan.quantized->graph().op(moved.op);
    const Operator &floats = plan.floats->graph().op(moved.floatOperator);
    if (!movesAlike(plan, quantized, floats) || quantized.outputs.size() != 1)
        return {};
    const auto from = std::ranges::find(plan.rows, quantized.inputs.front(), &PlannedRow::tensor);
    if (from == plan.rows.end() || from->elements == 0 || !from->hasAccumulated || from->floatTensor != floats.inputs.front() || from->elements > moved.elements
        || (from->elements < moved.elements && quantized.name != "PAD"))
        return {};
    const Tensor &before = plan.quantized->graph().tensor(from->tensor);
    const Tensor &after = plan.quantized->graph().tensor(moved.tensor);
    if (before.type != after.type || before.quant.scale() != after.quant.scale() || before.quant.zeroPoint() != after.quant.zeroPoint())
        return {};
    return MovedFrom{static_cast<std::size_t>(from - plan.rows.begin()), moved.elements - from->elements};
}

} // namespace quantloupe
