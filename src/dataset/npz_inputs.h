// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dataset/npy.h"
#include "graph/model.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace quantloupe {

/// Inputs of `quantloupe-cli run`: a .npz whose arrays are already of the inputs' types, named as the inputs or in0, in1,
/// ...; leading axis = samples. Reading is thread-safe.
class NpzInputs {
public:
    /// Fails with DatasetMismatch where names, shapes or types do not fit.
    static Result<NpzInputs> open(const std::filesystem::path &path, const Subgraph &graph);

    std::size_t sampleCount() const { return m_samples; }
    std::size_t inputCount() const { return m_arrays.size(); }
    /// Bytes of one sample of an input.
    std::size_t byteCount(std::size_t input) const { return m_byteCounts[input]; }
    /// `out` has byteCount(input) bytes.
    Result<void> read(std::size_t sample, std::size_t input, std::span<std::byte> out) const;

private:
    std::vector<NpyArray> m_arrays;
    std::vector<std::size_t> m_elementCounts;
    std::vector<std::size_t> m_byteCounts;
    std::size_t m_samples = 0;
};

} // namespace quantloupe
