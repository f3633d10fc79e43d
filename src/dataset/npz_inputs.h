// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dataset/input_arrays.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace quantloupe {

/// Inputs of `quantloupe-cli run`: a .npz whose arrays are already of the inputs' types, named as the inputs or in0, in1,
/// ...; leading axis = samples, with feedback the time steps as a second one. Reading is thread-safe.
class NpzInputs {
public:
    /// Fails with DatasetMismatch where names, shapes or types do not fit.
    static Result<NpzInputs> open(const std::filesystem::path &path, const Subgraph &graph, const Feedback &feedback = {});

    std::size_t sampleCount() const { return m_arrays.sampleCount(); }
    std::size_t stepCount() const { return m_arrays.stepCount(); }
    std::size_t inputCount() const { return m_arrays.inputCount(); }
    /// Bytes of one sample of an input.
    std::size_t byteCount(std::size_t input) const { return m_byteCounts[input]; }
    /// `out` has byteCount(input) bytes; it is left as it is for a fed input without an array.
    Result<void> read(std::size_t sample, std::size_t step, std::size_t input, std::span<std::byte> out) const;

private:
    InputArrays m_arrays;
    std::vector<std::size_t> m_byteCounts;
};

} // namespace quantloupe
