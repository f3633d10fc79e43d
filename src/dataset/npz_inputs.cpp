// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npz_inputs.h"

#include "dataset/input_arrays.h"
#include "dataset/npz.h"

#include <fmt/format.h>

namespace quantloupe {

Result<NpzInputs> NpzInputs::open(const std::filesystem::path &path, const Subgraph &graph)
{
    QL_TRY(const NpzArchive archive, NpzArchive::open(path));
    NpzInputs inputs;
    QL_TRY(inputs.m_arrays, inputArrays(archive, graph, false));
    QL_TRY(inputs.m_samples, countSamples(inputs.m_arrays, graph));
    for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
        const Tensor &tensor = graph.tensor(graph.inputs[i]);
        if (inputs.m_arrays[i].type() != tensor.type)
            return fail(ErrorCode::DatasetMismatch, {.file = inputs.m_arrays[i].file(), .expected = fmt::format("{} for {}", name(tensor.type), tensor.name),
                                                     .got = std::string(name(inputs.m_arrays[i].type()))});
        inputs.m_elementCounts.push_back(static_cast<std::size_t>(tensor.shape.elementCount()));
        inputs.m_byteCounts.push_back(inputs.m_elementCounts.back() * elementSize(tensor.type));
    }
    return inputs;
}

Result<void> NpzInputs::read(std::size_t sample, std::size_t input, std::span<std::byte> out) const
{
    return m_arrays[input].readBytes(std::uint64_t{sample} * m_elementCounts[input], out);
}

} // namespace quantloupe
