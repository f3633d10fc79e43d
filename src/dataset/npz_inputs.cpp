// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npz_inputs.h"

#include "dataset/npz.h"

#include <fmt/format.h>

namespace quantloupe {

Result<NpzInputs> NpzInputs::open(const std::filesystem::path &path, const Subgraph &graph, const Feedback &feedback)
{
    QL_TRY(const NpzArchive archive, NpzArchive::open(path));
    NpzInputs inputs;
    QL_TRY(inputs.m_arrays, InputArrays::find(archive, graph, false, feedback));
    for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
        const Tensor &tensor = graph.tensor(graph.inputs[i]);
        const NpyArray *const array = inputs.m_arrays.array(i);
        if (array && array->type() != tensor.type)
            return fail(ErrorCode::DatasetMismatch, {.file = array->file(), .expected = fmt::format("{} for {}", name(tensor.type), tensor.name),
                                                     .got = std::string(name(array->type()))});
        inputs.m_byteCounts.push_back(inputs.m_arrays.elementCount(i) * elementSize(tensor.type));
    }
    return inputs;
}

Result<void> NpzInputs::read(std::size_t sample, std::size_t step, std::size_t input, std::span<std::byte> out) const
{
    const NpyArray *const array = m_arrays.array(input);
    return array ? array->readBytes(m_arrays.firstElement(sample, step, input), out) : Result<void>();
}

} // namespace quantloupe
