// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/state_feedback.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace quantloupe {
namespace {

template <typename F> void withCodeType(DataType type, F &&f)
{
    if (type == DataType::Int8)
        f(std::int8_t{});
    else if (type == DataType::UInt8)
        f(std::uint8_t{});
    else if (type == DataType::Int16)
        f(std::int16_t{});
}

/// Of one code: the nearest that means the same real value in other parameters.
struct Conversion {
    double scale; ///< from steps to steps
    std::int64_t from;
    std::int64_t to;
    IntegerRange range;

    template <typename Code> Code operator()(std::int64_t code) const
    {
        const double steps = std::nearbyint(static_cast<double>(code - from) * scale) + static_cast<double>(to);
        return static_cast<Code>(std::clamp(steps, static_cast<double>(range.min), static_cast<double>(range.max)));
    }
};

void convert(const Tensor &output, std::span<const std::byte> from, const Tensor &input, std::span<std::byte> to)
{
    const Conversion conversion{static_cast<double>(output.quant.scale()) / static_cast<double>(input.quant.scale()), output.quant.zeroPoint(), input.quant.zeroPoint(),
                                integerRange(input.type)};
    withCodeType(output.type, [&](auto fromCode) {
        withCodeType(input.type, [&](auto toCode) {
            using From = decltype(fromCode);
            using To = decltype(toCode);
            const auto *const in = reinterpret_cast<const From *>(from.data());
            auto *const out = reinterpret_cast<To *>(to.data());
            for (std::size_t i = 0; i < to.size() / sizeof(To); ++i)
                out[i] = conversion.operator()<To>(in[i]);
        });
    });
}

} // namespace

void startFeedback(const Feedback &feedback, Interpreter &interpreter, std::size_t batch)
{
    const Subgraph &graph = interpreter.model().graph();
    for (const FeedbackLink &link : feedback.links()) {
        const Tensor &tensor = graph.tensor(graph.inputs[link.input]);
        const IntegerRange range = integerRange(tensor.type);
        for (std::size_t sample = 0; sample < batch; ++sample) {
            const auto place = interpreter.input(link.input, sample);
            std::memset(place.data(), 0, place.size());
            withCodeType(tensor.type, [&](auto code) {
                using Code = decltype(code);
                const std::int64_t zero = tensor.quant.isQuantized() ? std::clamp(tensor.quant.zeroPoint(), range.min, range.max) : 0;
                std::fill_n(reinterpret_cast<Code *>(place.data()), place.size() / sizeof(Code), static_cast<Code>(zero));
            });
        }
    }
}

Result<void> carryFeedback(const Feedback &feedback, Interpreter &interpreter, std::size_t batch)
{
    const Subgraph &graph = interpreter.model().graph();
    // An output may be an input's own tensor: all are read before any is written.
    std::vector<std::vector<std::byte>> states;
    for (const FeedbackLink &link : feedback.links()) {
        for (std::size_t sample = 0; sample < batch; ++sample) {
            const auto from = interpreter.output(link.output, sample);
            states.emplace_back(from.begin(), from.end());
        }
    }
    auto state = states.cbegin();
    for (const FeedbackLink &link : feedback.links()) {
        const Tensor &output = graph.tensor(graph.outputs[link.output]);
        const Tensor &input = graph.tensor(graph.inputs[link.input]);
        for (std::size_t sample = 0; sample < batch; ++sample, ++state) {
            const auto to = interpreter.input(link.input, sample);
            if (state->size() / elementSize(output.type) != to.size() / elementSize(input.type))
                return fail(ErrorCode::RuntimeFault, {.place = fmt::format("output {}", output.name), .expected = fmt::format("the state for {}", input.name),
                                                      .got = state->empty() ? "nothing: it cannot be computed" : "another number of elements"});
            const bool hasBothScales = output.quant.scale() > 0.0f && input.quant.scale() > 0.0f;
            if (output.type == input.type && (output.quant == input.quant || !hasBothScales || input.type == DataType::Int32))
                std::ranges::copy(*state, to.begin());
            else
                convert(output, *state, input, to);
        }
    }
    return {};
}

} // namespace quantloupe
