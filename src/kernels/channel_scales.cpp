// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/channel_scales.h"

#include "kernels/axes.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace quantloupe {

Result<ChannelScales> firstScale(const PrepareContext &context, const OperandDesc &operand)
{
    const QuantParams &quant = operand.quant();
    if (!(quant.scale() > 0.0f))
        return fail(context.invalid("a scale above 0", fmt::format("{}", quant.scale())));
    const auto elements = static_cast<std::size_t>(context.input(0).elementCount());
    return ChannelScales{{quant.scale()}, {operand.zeroPoint()}, std::max<std::size_t>(elements, 1), elements};
}

Result<ChannelScales> channelScales(const PrepareContext &context, const OperandDesc &operand)
{
    const QuantParams &quant = operand.quant();
    if (!quant.isPerChannel())
        return firstScale(context, operand);
    if (quant.zeroPoints.size() != quant.scales.size() || !std::ranges::all_of(quant.scales, [](float scale) { return scale > 0.0f; }))
        return fail(context.invalid("scales above 0 and as many zero points", fmt::format("{} and {}", fmt::join(quant.scales, ", "), quant.zeroPoints.size())));
    const Shape &shape = context.input(0).shape;
    QL_TRY(const int axis, normalizedAxis(context, quant.axis, shape.rank()));
    if (static_cast<std::size_t>(shape[axis]) != quant.scales.size())
        return fail(context.invalid(fmt::format("{} scales for axis {} of {}", shape[axis], axis, shape.text()), fmt::format("{}", quant.scales.size())));
    ChannelScales result;
    result.scales = quant.scales;
    for (const std::int64_t zeroPoint : quant.zeroPoints)
        result.zeroPoints.push_back(static_cast<std::int32_t>(zeroPoint));
    result.elements = static_cast<std::size_t>(shape.elementCount());
    result.runLength = std::max<std::size_t>(static_cast<std::size_t>(shape.product(axis + 1, shape.rank())), 1);
    return result;
}

} // namespace quantloupe
