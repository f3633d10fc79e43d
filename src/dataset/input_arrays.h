// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dataset/array_source.h"
#include "graph/feedback.h"
#include "graph/model.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace quantloupe {

/// Samples of a graph's inputs: one array each, leading axis = samples. With feedback a sample is a sequence: the arrays
/// have the time as a second axis, but for those of fed inputs, which hold the state that a sequence starts with and may
/// be absent.
class InputArrays {
public:
    /// Arrays named as the inputs (with or without what converters put around a name: "serving_default_x:0" is also
    /// "x"), or in0, in1, ...; with `allowX` also "x" where one input alone takes data.
    static Result<InputArrays> find(const ArraySource &source, const Subgraph &graph, bool allowX, const Feedback &feedback);

    /// Fails with DatasetMismatch unless each array has its input's shape, with or without its batch axis of 1, and all
    /// have the same number of samples (and of steps), one or more.
    static Result<InputArrays> make(std::vector<std::optional<NpyArray>> arrays, const Subgraph &graph, const Feedback &feedback);

    std::size_t sampleCount() const { return m_samples; }
    std::size_t stepCount() const { return m_steps; }
    std::size_t inputCount() const { return m_arrays.size(); }
    /// Of one step of one sample.
    std::size_t elementCount(std::size_t input) const { return m_elementCounts[input]; }
    /// Null where a fed input has none.
    const NpyArray *array(std::size_t input) const { return m_arrays[input] ? &*m_arrays[input] : nullptr; }
    /// Where a step of a sample starts in the input's array.
    std::uint64_t firstElement(std::size_t sample, std::size_t step, std::size_t input) const
    {
        return std::uint64_t{m_isFed[input] ? sample : sample * m_steps + step} * m_elementCounts[input];
    }

private:
    std::vector<std::optional<NpyArray>> m_arrays; ///< by input
    std::vector<bool> m_isFed;
    std::vector<std::size_t> m_elementCounts;
    std::size_t m_samples = 0;
    std::size_t m_steps = 1;
};

} // namespace quantloupe
