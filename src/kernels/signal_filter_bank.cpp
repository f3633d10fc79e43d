// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalFilterBank: overlapping triangular filters over energies. Each band of bins counts with `weights` in one channel
// and with `unweights` in the next, so that num_channels channels need one band more.
#include "kernels/kernel.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Band {
    std::size_t firstBin;
    std::size_t firstWeight;
    std::size_t width;
};

Result<std::vector<Band>> bands(const PrepareContext &context, std::size_t channels)
{
    QL_TRY(const auto bins, context.values<std::int16_t>(3));
    QL_TRY(const auto weights, context.values<std::int16_t>(4));
    QL_TRY(const auto widths, context.values<std::int16_t>(5));
    if (bins.size() <= channels || weights.size() <= channels || widths.size() <= channels)
        return fail(context.invalid(fmt::format("{} bands", channels + 1), fmt::format("{}, {} and {}", bins.size(), weights.size(), widths.size())));
    const std::int64_t weightCount = std::min(context.input(1).elementCount(), context.input(2).elementCount());
    std::vector<Band> result;
    for (std::size_t i = 0; i <= channels; ++i) {
        if (bins[i] < 0 || weights[i] < 0 || widths[i] < 0 || bins[i] + widths[i] > context.input(0).elementCount() || weights[i] + widths[i] > weightCount)
            return fail(context.invalid("bands within the input and the weights", fmt::format("band {} of {} bins from bin {}, weight {}", i, widths[i], bins[i], weights[i])));
        result.push_back({static_cast<std::size_t>(bins[i]), static_cast<std::size_t>(weights[i]), static_cast<std::size_t>(widths[i])});
    }
    return result;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(6, 6, 1));
    if (context.input(0).type() != DataType::UInt32 || context.input(1).type() != DataType::Int16 || context.input(2).type() != DataType::Int16
        || context.output().type() != DataType::UInt64)
        return fail(context.unsupported("uint32 energies and int16 weights to uint64", context.typesText()));
    const std::int64_t channels = context.options().integer("num_channels");
    if (channels < 1 || channels > 32767)
        return fail(context.invalid("1 to 32767 channels", fmt::format("{}", channels)));
    QL_TRY(auto filters, bands(context, static_cast<std::size_t>(channels)));
    context.setOutputShape(0, {static_cast<std::int32_t>(channels)});
    return [filters = std::move(filters)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const std::uint32_t *const in = run.input<std::uint32_t>(0, sample);
            const std::int16_t *const weights = run.input<std::int16_t>(1, sample);
            const std::int16_t *const unweights = run.input<std::int16_t>(2, sample);
            std::uint64_t *const out = run.output<std::uint64_t>(0, sample);
            std::uint64_t sum = 0;
            for (std::size_t i = 0; i < filters.size(); ++i) {
                std::uint64_t rest = 0; // negative weights wrap
                for (std::size_t k = 0; k < filters[i].width; ++k) {
                    const std::uint64_t energy = in[filters[i].firstBin + k];
                    sum += static_cast<std::uint64_t>(std::int64_t{weights[filters[i].firstWeight + k]}) * energy;
                    rest += static_cast<std::uint64_t>(std::int64_t{unweights[filters[i].firstWeight + k]}) * energy;
                }
                if (i > 0) // what the first band's weights make belongs to no channel
                    out[i - 1] = sum;
                sum = rest;
            }
        });
    };
}

} // namespace

extern const OperatorKernel signal_filter_bank_kernel{"SignalFilterBank", prepare, kUnsigned};

} // namespace quantloupe
