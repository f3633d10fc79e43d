// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the .tflite reader. Only formats/tflite*.cpp include this.
#pragma once

#include "base/result.h"
#include "base/shared_bytes.h"
#include "formats/allowance.h"
#include "graph/model.h"

#include "tflite_generated.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe::tflite {

/// The file's buffers as constants: aligned, and one copy at most of each that is not.
class Buffers {
public:
    Buffers(const fbs::Model &model, SharedBytes file);

    std::size_t count() const { return m_read.size(); }
    /// Nothing for buffers without content.
    Result<std::optional<ConstantData>> constant(std::size_t index);
    Result<ConstantData> range(std::uint64_t offset, std::uint64_t size) const;

private:
    ConstantData aligned(std::span<const std::byte> bytes) const;

    const fbs::Model &m_model;
    SharedBytes m_file;
    std::vector<std::optional<ConstantData>> m_read;
};

/// Reads option tables by the schema, so that a new operator needs no code here.
class OptionsReader {
public:
    OptionsReader();
    ~OptionsReader();
    OptionsReader(const OptionsReader &) = delete;
    OptionsReader &operator=(const OptionsReader &) = delete;

    Result<Options> read(const fbs::Operator &op, std::string_view operatorName, Allowance &allowance) const;

private:
    struct Tables;
    std::unique_ptr<const Tables> m_tables;
};

struct ReadingState {
    const fbs::Model &file;
    Buffers &buffers;
    const OptionsReader &options;
    Allowance &allowance;
};

Result<Tensor> readTensor(const fbs::Tensor &tensor, ReadingState &state);
Result<Operator> readOperator(const fbs::Operator &op, std::size_t index, std::size_t tensorCount, ReadingState &state);

/// Indices as the format stores them; -1 only where `optional`.
Result<std::vector<TensorIndex>> readIndices(const flatbuffers::Vector<std::int32_t> *list, std::size_t tensorCount, bool optional, Allowance &allowance);
Result<std::string> readText(const flatbuffers::String *text, Allowance &allowance);

} // namespace quantloupe::tflite
