// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/random_dataset.h"

#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace quantloupe {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): a counter, and a finalizer that mixes all of its bits.
class SplitMix64 {
public:
    explicit SplitMix64(std::uint64_t seed) : m_counter(seed) {}

    std::uint64_t next()
    {
        m_counter += 0x9e3779b97f4a7c15ull;
        return mix(m_counter);
    }
    static std::uint64_t mix(std::uint64_t bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ull;
        bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebull;
        return bits ^ (bits >> 31);
    }
    /// In -1 <= x < 1, a multiple of 2^-52.
    double symmetric() { return static_cast<double>(next() >> 11) * 0x1p-52 - 1.0; }

private:
    std::uint64_t m_counter;
};

/// Natural logarithm of a positive normal number by + - * / alone, which IEEE 754 defines to the bit:
/// ln(m * 2^e) = e ln 2 + 2 artanh((m - 1) / (m + 1)), with m in [0.5, 1).
double logarithm(double x)
{
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const int exponent = static_cast<int>(bits >> 52) - 1022;
    const auto fraction = std::bit_cast<double>((bits & 0x000fffffffffffffull) | (std::uint64_t{1022} << 52));
    const double s = (fraction - 1.0) / (fraction + 1.0);
    double series = 0.0;
    for (int power = 39; power >= 1; power -= 2) // |s| <= 1/3: the terms left out are below 1e-19
        series = series * s * s + 1.0 / power;
    return exponent * std::numbers::ln2 + 2.0 * s * series;
}

/// Pairs of normal values from points in the unit disc.
class NormalValues {
public:
    explicit NormalValues(std::uint64_t seed) : m_bits(seed) {}

    float next()
    {
        if (m_hasSecond) {
            m_hasSecond = false;
            return m_second;
        }
        double x, y, square;
        do {
            x = m_bits.symmetric();
            y = m_bits.symmetric();
            square = x * x + y * y;
        } while (square >= 1.0 || square == 0.0);
        const double factor = std::sqrt(-2.0 * logarithm(square) / square);
        m_second = static_cast<float>(y * factor);
        m_hasSecond = true;
        return static_cast<float>(x * factor);
    }

private:
    SplitMix64 m_bits;
    float m_second = 0.0f;
    bool m_hasSecond = false;
};

class RandomDataset : public Dataset {
public:
    RandomDataset(std::size_t samples, std::uint64_t seed, const Subgraph &graph, const Feedback &feedback)
        : m_samples(samples), m_seed(seed), m_feedback(feedback)
    {
        for (const TensorIndex input : graph.inputs)
            m_elementCounts.push_back(static_cast<std::size_t>(graph.tensor(input).shape.elementCount()));
    }

    std::size_t sampleCount() const override { return m_samples; }
    std::size_t inputCount() const override { return m_elementCounts.size(); }
    std::size_t elementCount(std::size_t input) const override { return m_elementCounts[input]; }
    std::size_t stepCount() const override { return m_feedback.isEmpty() ? 1 : kRandomSteps; }
    bool hasInput(std::size_t input) const override { return !m_feedback.feeds(input); }
    std::string description() const override
    {
        const std::string steps = stepCount() > 1 ? fmt::format(" of {} time steps", stepCount()) : "";
        return fmt::format("random, {} samples{} of standard normal values, seed {}", m_samples, steps, m_seed);
    }

    Result<void> read(std::size_t sample, std::size_t input, std::span<float> out) const override { return readStep(sample, 0, input, out); }
    Result<void> readStep(std::size_t sample, std::size_t step, std::size_t input, std::span<float> out) const override
    {
        NormalValues values(SplitMix64::mix(SplitMix64::mix(m_seed ^ 0x5851f42d4c957f2dull) + sample * stepCount() + step) + input);
        for (float &value : out)
            value = values.next();
        return {};
    }

private:
    std::size_t m_samples;
    std::uint64_t m_seed;
    Feedback m_feedback;
    std::vector<std::size_t> m_elementCounts;
};

} // namespace

std::shared_ptr<const Dataset> makeRandomDataset(std::size_t samples, std::uint64_t seed, const Subgraph &graph, const Feedback &feedback)
{
    return std::make_shared<const RandomDataset>(samples, seed, graph, feedback);
}

} // namespace quantloupe
