// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keras/layer.h"

namespace quantloupe {

/// The arguments of a function's call that Keras kept as a layer (x + 1, tf.reduce_mean(x, axis=2), x[:, -1]): tensors and
/// plain values, by position or by name. Keras 2 writes [layer, node, output, {name: value}], with "_CONSTANT_VALUE" as
/// the layer of a plain value; Keras 3 writes {"args": [...], "kwargs": {...}}, and the rest in the layer's config.
class Arguments {
public:
    explicit Arguments(LayerCall &call);

    /// A plain value: by name in the call or the layer's config, else by position. Null when absent.
    const nlohmann::json *value(std::string_view name, std::size_t position) const;
    /// A tensor, or a constant made of numbers. Invalid when absent.
    TensorIndex operand(std::string_view name, std::size_t position);
    /// All tensors of the call.
    const std::vector<TensorIndex> &tensors() const { return m_call.inputs; }

    std::optional<std::int64_t> integer(std::string_view name, std::size_t position) const;
    std::optional<std::vector<std::int64_t>> integers(std::string_view name, std::size_t position) const;
    bool boolean(std::string_view name, std::size_t position, bool absent) const;

private:
    struct Argument {
        std::string name; ///< empty: by position
        TensorIndex tensor;
        const nlohmann::json *value = nullptr;
    };
    void add(std::string name, const nlohmann::json &json);
    const Argument *find(std::string_view name, std::size_t position) const;

    LayerCall &m_call;
    std::size_t m_nextTensor = 0;
    std::vector<Argument> m_arguments;
};

} // namespace quantloupe
