// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/tflite.h"

#include "formats/tflite_reader.h"
#include "graph/data_flow.h"

#include <cstring>
#include <fmt/format.h>

namespace quantloupe {
namespace tflite {

constexpr std::size_t kMaxFileSize = FLATBUFFERS_MAX_BUFFER_SIZE - 1; // the verifier aborts above it
constexpr std::size_t kConstantAlignment = 16;
constexpr std::uint32_t kFormatVersion = 3;

namespace {

bool isAligned(const std::byte *bytes)
{
    return reinterpret_cast<std::uintptr_t>(bytes) % kConstantAlignment == 0;
}

} // namespace

Buffers::Buffers(const fbs::Model &model, SharedBytes file)
    : m_model(model), m_file(std::move(file)), m_read(model.buffers() ? model.buffers()->size() : 0)
{
}

ConstantData Buffers::aligned(std::span<const std::byte> bytes) const
{
    return isAligned(bytes.data()) ? ConstantData{m_file.owner, bytes} : ConstantData::copyOf(bytes);
}

Result<ConstantData> Buffers::range(std::uint64_t offset, std::uint64_t size) const
{
    if (offset > m_file.size() || size > m_file.size() - offset)
        return fail(ErrorCode::ModelInvalid, {.expected = fmt::format("a range inside the file's {} bytes", m_file.size()),
                                              .got = fmt::format("{} bytes at {}", size, offset)});
    return aligned(m_file.bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size)));
}

Result<std::optional<ConstantData>> Buffers::constant(std::size_t index)
{
    if (index >= m_read.size())
        return fail(ErrorCode::ModelInvalid, {.expected = fmt::format("a buffer below {}", m_read.size()), .got = fmt::format("buffer {}", index)});
    if (m_read[index] || index == 0) // buffer 0 is the empty one
        return m_read[index];
    const fbs::Buffer &buffer = *m_model.buffers()->Get(static_cast<flatbuffers::uoffset_t>(index));
    if (buffer.offset() > 1) { // 0 and 1 are placeholders of writers that keep data inside
        QL_TRY(m_read[index], range(buffer.offset(), buffer.size()));
    } else if (const auto *data = buffer.data(); data && data->size() > 0)
        m_read[index] = aligned({reinterpret_cast<const std::byte *>(data->data()), data->size()});
    return m_read[index];
}

Result<std::string> readText(const flatbuffers::String *text, Allowance &allowance)
{
    if (!text)
        return std::string();
    QL_CHECK(allowance.take(text->size()));
    return text->str();
}

namespace {

/// Tensors without elements need no bytes: where nothing computes one, it is a constant ("reshape to a scalar").
void completeEmptyConstants(Subgraph &subgraph)
{
    std::vector<bool> isComputed(subgraph.tensors.size());
    for (const TensorIndex input : subgraph.inputs)
        isComputed[input.position()] = true;
    for (const Operator &op : subgraph.operators)
        for (const TensorIndex output : op.outputs)
            isComputed[output.position()] = true;
    for (std::size_t i = 0; i < subgraph.tensors.size(); ++i) {
        Tensor &tensor = subgraph.tensors[i];
        if (!isComputed[i] && !tensor.isVariable && !tensor.isConstant() && tensor.shape.elementCount() == 0)
            tensor.constant = ConstantData::copyOf({});
    }
}

Result<void> readTensors(const fbs::SubGraph &from, Subgraph &subgraph, ReadingState &state)
{
    const std::size_t count = from.tensors() ? from.tensors()->size() : 0;
    subgraph.tensors.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const fbs::Tensor &tensor = *from.tensors()->Get(static_cast<flatbuffers::uoffset_t>(i));
        auto read = readTensor(tensor, state);
        if (!read)
            return fail(read.error().at(fmt::format("tensor {} ({})", i, tensor.name() ? tensor.name()->string_view() : "")));
        subgraph.tensors.push_back(std::move(*read));
    }
    return {};
}

Result<void> readOperators(const fbs::SubGraph &from, Subgraph &subgraph, ReadingState &state)
{
    const std::size_t count = from.operators() ? from.operators()->size() : 0;
    subgraph.operators.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const fbs::Operator &op = *from.operators()->Get(static_cast<flatbuffers::uoffset_t>(i));
        QL_TRY(subgraph.operators.emplace_back(), readOperator(op, i, subgraph.tensors.size(), state));
    }
    return {};
}

Result<std::vector<TensorIndex>> readEnds(const flatbuffers::Vector<std::int32_t> *list, std::string_view what, const Subgraph &subgraph, ReadingState &state)
{
    auto read = readIndices(list, subgraph.tensors.size(), false, state.allowance);
    if (!read)
        return fail(read.error().at(what));
    return read;
}

Result<Subgraph> readSubgraph(const fbs::SubGraph &from, ReadingState &state)
{
    Subgraph subgraph;
    QL_TRY(subgraph.name, readText(from.name(), state.allowance));
    QL_CHECK(readTensors(from, subgraph, state));
    QL_TRY(subgraph.inputs, readEnds(from.inputs(), "the graph's inputs", subgraph, state));
    QL_TRY(subgraph.outputs, readEnds(from.outputs(), "the graph's outputs", subgraph, state));
    QL_CHECK(readOperators(from, subgraph, state));
    completeEmptyConstants(subgraph);
    QL_CHECK(checkDataFlow(subgraph));
    return subgraph;
}

Result<void> readMetadata(Model &model, ReadingState &state)
{
    if (!state.file.metadata())
        return {};
    for (const fbs::Metadata *entry : *state.file.metadata()) {
        QL_TRY(const std::string name, readText(entry->name(), state.allowance));
        auto bytes = state.buffers.constant(entry->buffer());
        if (!bytes)
            return fail(bytes.error().at(fmt::format("metadata {}", name)));
        if (*bytes)
            model.metadata.try_emplace(name, **bytes);
    }
    return {};
}

Result<void> readModel(Model &model, ReadingState &state)
{
    if (state.file.version() != kFormatVersion)
        return fail(ErrorCode::FeatureUnsupported, {.place = "format version", .expected = "3", .got = fmt::format("{}", state.file.version())});
    if (!state.file.subgraphs() || state.file.subgraphs()->size() == 0)
        return fail(ErrorCode::ModelInvalid, {.expected = "at least one subgraph", .got = "none"});
    QL_TRY(model.description, readText(state.file.description(), state.allowance));
    model.subgraphs.reserve(state.file.subgraphs()->size());
    for (const fbs::SubGraph *from : *state.file.subgraphs()) {
        auto subgraph = readSubgraph(*from, state);
        if (!subgraph)
            return fail(subgraph.error().at(fmt::format("subgraph {}", model.subgraphs.size())));
        model.subgraphs.push_back(std::move(*subgraph));
    }
    QL_CHECK(checkSubgraphCalls(model));
    return readMetadata(model, state);
}

Result<void> verify(std::span<const std::byte> bytes)
{
    flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
    if (!fbs::VerifyModelBuffer(verifier))
        return fail(ErrorCode::ModelDamaged, {.expected = "a whole .tflite file", .got = fmt::format("{} bytes that contradict themselves or end too early", bytes.size())});
    return {};
}

Result<void> read(Model &model, const SharedBytes &file)
{
    if (file.size() > kMaxFileSize)
        return fail(ErrorCode::FileTooLarge, {.expected = "less than 2 GiB", .got = fmt::format("{} bytes", file.size())});
    if (!looksLikeTflite(file.bytes))
        return fail(ErrorCode::FormatUnknown, {.place = "byte 4", .expected = "the identifier TFL3 of a .tflite file"});
    if (!isAligned(file.data())) {
        const ConstantData copy = ConstantData::copyOf(file.bytes);
        return read(model, {copy.owner, copy.bytes});
    }
    QL_CHECK(verify(file.bytes));

    const fbs::Model &from = *fbs::GetModel(file.data());
    Buffers buffers(from, file);
    const OptionsReader options;
    Allowance allowance(file.size(), ErrorCode::ModelInvalid);
    ReadingState state{from, buffers, options, allowance};
    return readModel(model, state);
}

} // namespace
} // namespace tflite

bool looksLikeTflite(std::span<const std::byte> bytes)
{
    return bytes.size() >= 8 && std::memcmp(bytes.data() + 4, fbs::ModelIdentifier(), 4) == 0;
}

Result<std::shared_ptr<const Model>> readTflite(const SharedBytes &bytes, std::string file)
{
    auto model = std::make_shared<Model>();
    model->file = std::move(file);
    model->format = "tflite";
    model->fileSize = bytes.size();
    if (auto done = tflite::read(*model, bytes); !done)
        return fail(done.error().inFile(model->file));
    return model;
}

} // namespace quantloupe
