// SPDX-License-Identifier: GPL-3.0-or-later
//
// int8 weights are symmetric (zero point 0), each channel's largest magnitude is code 127, and the channels' scales lie
// within a few powers of ten (in twelve archives of MLTK never further than 200 from the median). What departs from that
// was not written by TensorFlow's converter, or the weights before it are odd.
#include "debugger/finding_rule.h"
#include "debugger/findings/linear_operators.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr int kHalfOfTheRange = 63;
constexpr float kFarFromMedian = 1000.0f;

/// The largest magnitude of each channel's codes; one of all weights where there is one scale.
std::vector<int> largestCodes(const Tensor &weights)
{
    const std::size_t channels = weights.quant.scales.size();
    const auto inner = channels == 1 ? std::size_t{1} : static_cast<std::size_t>(weights.shape.product(weights.quant.axis + 1, weights.shape.rank()));
    std::vector<int> largest(channels);
    const auto codes = codesOf(weights);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        int &channel = largest[channels == 1 ? 0 : i / inner % channels];
        channel = std::max(channel, std::abs(int{codes[i]}));
    }
    return largest;
}

float medianOf(std::vector<float> values)
{
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

class Weights {
public:
    Weights(const Subgraph &graph, const LinearOperator &linear, std::vector<Finding> &findings)
        : m_graph(graph), m_linear(linear), m_tensor(graph.tensor(linear.weights)), m_findings(findings)
    {
    }

    void check()
    {
        checkZeroPoint();
        checkScales();
        checkRange();
    }

private:
    void add(std::string id, Severity severity, std::string_view what, std::string evidence, std::string remedy)
    {
        m_findings.push_back({.id = std::move(id), .severity = severity, .title = fmt::format("{}: {}", placeOf(m_graph, m_linear.index), what), .evidence = std::move(evidence),
                              .remedy = std::move(remedy), .subject = "quantized model", .op = m_linear.index, .tensor = m_linear.weights});
    }

    void checkZeroPoint()
    {
        const auto odd = std::ranges::find_if(m_tensor.quant.zeroPoints, [](std::int64_t zero) { return zero != 0; });
        if (odd != m_tensor.quant.zeroPoints.end())
            add("weight-zero-point", Severity::Problem, "its int8 weights have a zero point",
                fmt::format("{} has zero point {}. TensorFlow Lite's int8 weights are symmetric; kernels leave it out or refuse the model.", m_tensor.name, *odd),
                "Quantize weights symmetrically: scale = largest magnitude / 127.");
    }

    void checkScales()
    {
        const std::vector<float> &scales = m_tensor.quant.scales;
        if (scales.size() < 3)
            return;
        const float median = medianOf(scales);
        std::size_t far = 0;
        float farthest = median;
        for (const float scale : scales) {
            if (scale <= median * kFarFromMedian && scale >= median / kFarFromMedian)
                continue;
            ++far;
            if (std::abs(std::log(scale / median)) > std::abs(std::log(farthest / median)))
                farthest = scale;
        }
        if (far > 0)
            add("weight-scale", Severity::Warning, "scales of its weights lie far apart",
                fmt::format("{} of {} channels are more than {:.0f} times from the median scale {}; the farthest is {}.", far, scales.size(), kFarFromMedian, median, farthest),
                "Look at the float weights of these channels: dead channels and a folded batch normalization with almost no variance make such scales.");
    }

    void checkRange()
    {
        const std::vector<int> largest = largestCodes(m_tensor);
        std::size_t wasted = 0;
        int least = 127;
        for (const int code : largest) {
            if (code == 0 || code > kHalfOfTheRange) // a channel of zeros has no range
                continue;
            ++wasted;
            least = std::min(least, code);
        }
        if (wasted > 0)
            add("weight-range", Severity::Warning, "its weights leave half of int8 or more unused",
                fmt::format("{} of {} channels use no code beyond {}; the least one none beyond {} of 127. Each halving costs a bit.", wasted, largest.size(), kHalfOfTheRange, least),
                "Take the scale from the weights themselves: largest magnitude / 127, a channel at a time.");
    }

    const Subgraph &m_graph;
    const LinearOperator &m_linear;
    const Tensor &m_tensor;
    std::vector<Finding> &m_findings;
};

void check(const Model &quantized, std::vector<Finding> &findings)
{
    forEachLinearOperator(quantized.main(), [&](const LinearOperator &linear) { Weights(quantized.main(), linear, findings).check(); });
}

} // namespace

extern const FindingRule weight_quantization_finding{"weight-zero-point", check};

} // namespace quantloupe
