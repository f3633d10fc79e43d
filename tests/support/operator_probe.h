// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interpreter/interpreter.h"

#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace quantloupe::test {

/// Whether a message holds some words.
inline testing::AssertionResult says(const std::string &message, std::string_view words)
{
    return message.find(words) != std::string::npos ? testing::AssertionSuccess() : testing::AssertionFailure() << '"' << message << "\" does not say \"" << words << '"';
}

/// A model of one operator, built by hand: what prepare() says to operands and options that no converter writes, and what
/// a run says to values.
class OperatorProbe {
public:
    explicit OperatorProbe(std::string name)
    {
        m_model->subgraphs.emplace_back();
        m_op.name = std::move(name);
    }

    /// Computed at run time.
    OperatorProbe &input(const Shape &shape, DataType type = DataType::Float32)
    {
        const TensorIndex index = add(shape, type);
        graph().inputs.push_back(index);
        m_op.inputs.push_back(index);
        return *this;
    }
    template <typename T> OperatorProbe &constant(const Shape &shape, const std::vector<T> &values)
    {
        const TensorIndex index = add(shape, dataTypeOf<T>);
        graph().tensors[index.position()].constant = ConstantData::copyOf(std::as_bytes(std::span(values)));
        m_op.inputs.push_back(index);
        return *this;
    }
    OperatorProbe &output(const Shape &shape, DataType type = DataType::Float32)
    {
        m_op.outputs.push_back(add(shape, type));
        return *this;
    }
    /// Of the tensor added last.
    OperatorProbe &quantized(float scale, std::int64_t zeroPoint = 0)
    {
        graph().tensors.back().quant = {{scale}, {zeroPoint}, 0};
        return *this;
    }
    OperatorProbe &option(std::string_view name, Options::Value value)
    {
        m_op.options.set(name, std::move(value));
        return *this;
    }

    /// The message of what preparing says: of the failure, or of why the operator is left out; empty when it would run.
    std::string complaint(KernelProfile profile = KernelProfile::Litert)
    {
        const auto prepared = prepare(profile);
        if (!prepared)
            return prepared.error().message();
        const auto &missing = (*prepared)->op(OperatorIndex(0)).missing;
        return missing ? missing->message() : "";
    }

    /// The first output of a run on the given inputs, or the message of what went wrong.
    template <typename In, typename Out = In> tl::expected<std::vector<Out>, std::string> run(const std::vector<std::vector<In>> &inputs)
    {
        const auto prepared = prepare(KernelProfile::Litert);
        if (!prepared)
            return tl::unexpected(prepared.error().message());
        Interpreter interpreter(*prepared);
        for (std::size_t i = 0; i < inputs.size(); ++i)
            if (!inputs[i].empty())
                std::memcpy(interpreter.input(i).data(), inputs[i].data(), inputs[i].size() * sizeof(In));
        if (const auto done = interpreter.invoke(1); !done)
            return tl::unexpected(done.error().message());
        const auto bytes = interpreter.output(0);
        std::vector<Out> values(bytes.size() / sizeof(Out));
        if (!bytes.empty()) // memcpy wants an address even for nothing
            std::memcpy(values.data(), bytes.data(), bytes.size());
        return values;
    }

private:
    Subgraph &graph() { return m_model->subgraphs.front(); }
    TensorIndex add(const Shape &shape, DataType type)
    {
        Tensor tensor;
        tensor.shape = shape;
        tensor.type = type;
        graph().tensors.push_back(std::move(tensor));
        return TensorIndex(graph().tensors.size() - 1);
    }
    Result<std::shared_ptr<const PreparedModel>> prepare(KernelProfile profile)
    {
        auto model = std::make_shared<Model>(*m_model);
        model->subgraphs.front().operators = {m_op};
        model->subgraphs.front().outputs = m_op.outputs;
        return PreparedModel::prepare(std::move(model), profile, 2);
    }

    std::shared_ptr<Model> m_model = std::make_shared<Model>();
    Operator m_op;
};

} // namespace quantloupe::test
