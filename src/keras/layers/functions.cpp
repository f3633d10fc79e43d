// SPDX-License-Identifier: GPL-3.0-or-later
//
// Functions called on Keras tensors, which Keras keeps as layers: TFOpLambda and SlicingOpLambda of Keras 2 (they name the
// function, unlike Lambda, which holds code), and the operations of Keras 3.
#include "keras/arguments.h"
#include "keras/linear.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {
namespace {

using Json = nlohmann::json;

Error notUnderstood(const LayerCall &call, std::string_view function)
{
    return call.unsupported("a function that is known, of arguments that are", std::string(function));
}

std::optional<std::int32_t> axisOf(std::int64_t axis, int rank)
{
    axis = axis < 0 ? axis + rank : axis;
    return axis < 0 || axis >= rank ? std::nullopt : std::optional(static_cast<std::int32_t>(axis));
}

LayerResult binary(LayerCall &call, const char *op, const char *first, const char *second)
{
    Arguments arguments(call);
    const TensorIndex a = arguments.operand(first, 0);
    const TensorIndex b = arguments.operand(second, 1);
    if (!a.isValid() || !b.isValid())
        return fail(notUnderstood(call, op));
    QL_TRY(const TensorIndex result, call.graph.binary(op, a, b, call.name));
    return named(call, result);
}

LayerResult unary(LayerCall &call, const char *op)
{
    QL_CHECK(call.requireInputs(1));
    QL_TRY(const TensorIndex result, call.graph.unary(op, call.x(), call.name));
    return named(call, result);
}

LayerResult activation(LayerCall &call, const char *name)
{
    QL_CHECK(call.requireInputs(1));
    QL_TRY(const TensorIndex result, activateAs(call, name, call.x(), call.name));
    return named(call, result);
}

LayerResult reduction(LayerCall &call, const char *op)
{
    QL_CHECK(call.requireInputs(1));
    const Arguments arguments(call);
    std::vector<std::int32_t> axes;
    if (const auto listed = arguments.integers("axis", 1)) {
        for (const std::int64_t axis : *listed) {
            const auto found = axisOf(axis, call.shape().rank());
            if (!found)
                return fail(notUnderstood(call, op));
            axes.push_back(*found);
        }
    } else {
        for (std::int32_t axis = 0; axis < call.shape().rank(); ++axis)
            axes.push_back(axis);
    }
    QL_TRY(const TensorIndex result, call.graph.reduce(op, call.x(), axes, arguments.boolean("keepdims", 2, false), call.name));
    return named(call, result);
}

LayerResult reshape(LayerCall &call, const char *name)
{
    QL_CHECK(call.requireInputs(1));
    const auto wanted = Arguments(call).integers(name, 1);
    if (!wanted)
        return fail(notUnderstood(call, "reshape"));
    Dims dims = *wanted;
    std::int64_t known = 1;
    for (const std::int64_t dim : dims)
        if (dim != -1)
            known = dim < 0 || dim > (1 << 30) || known > (std::int64_t{1} << 31) ? 0 : known * dim;
    for (std::int64_t &dim : dims)
        if (dim == -1)
            dim = known > 0 ? call.shape().elementCount() / known : 0;
    QL_TRY(const TensorIndex result, call.graph.reshape(call.x(), dims, call.name));
    return named(call, result);
}

LayerResult squeeze(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const auto listed = Arguments(call).integers("axis", 1);
    std::vector<std::int32_t> axes;
    for (const std::int64_t axis : listed.value_or(std::vector<std::int64_t>{})) {
        const auto found = axisOf(axis, call.shape().rank());
        if (!found || call.shape()[*found] != 1)
            return fail(notUnderstood(call, "squeeze"));
        axes.push_back(*found);
    }
    Dims dims;
    for (std::int32_t axis = 0; axis < call.shape().rank(); ++axis) {
        const bool goes = listed ? std::ranges::find(axes, axis) != axes.end() : axis > 0 && call.shape()[axis] == 1;
        if (!goes)
            dims.push_back(call.shape()[axis]);
    }
    QL_TRY(const TensorIndex result, call.graph.reshape(call.x(), dims, call.name));
    return named(call, result);
}

LayerResult expandDims(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const auto axis = Arguments(call).integer("axis", 1);
    const auto at = axis ? axisOf(*axis, call.shape().rank() + 1) : std::nullopt;
    if (!at)
        return fail(notUnderstood(call, "expand_dims"));
    Dims dims = dimsOf(call.shape());
    dims.insert(dims.begin() + *at, 1);
    QL_TRY(const TensorIndex result, call.graph.reshape(call.x(), dims, call.name));
    return named(call, result);
}

LayerResult transpose(LayerCall &call, const char *name)
{
    QL_CHECK(call.requireInputs(1));
    std::vector<std::int64_t> order;
    for (int axis = call.shape().rank(); axis-- > 0;)
        order.push_back(axis);
    order = Arguments(call).integers(name, 1).value_or(order);
    std::vector<std::int32_t> perm;
    for (std::int32_t axis = 0; axis < call.shape().rank(); ++axis)
        if (std::ranges::count(order, axis) != 1 || static_cast<int>(order.size()) != call.shape().rank())
            return fail(notUnderstood(call, "transpose"));
    for (const std::int64_t axis : order)
        perm.push_back(static_cast<std::int32_t>(axis));
    QL_TRY(const TensorIndex result, call.graph.transpose(call.x(), perm, call.name));
    return named(call, result);
}

LayerResult concat(LayerCall &call)
{
    const auto axis = Arguments(call).integer("axis", 1).value_or(-1);
    const auto at = axisOf(axis, call.shape().rank());
    if (!at)
        return fail(notUnderstood(call, "concat"));
    Dims dims = dimsOf(call.shape());
    dims[static_cast<std::size_t>(*at)] = 0;
    for (const TensorIndex input : call.inputs) {
        const Shape &shape = call.graph.shape(input);
        for (int i = 0; i < call.shape().rank(); ++i)
            if (shape.rank() != call.shape().rank() || (i != *at && shape[i] != call.shape()[i]))
                return fail(call.invalid(fmt::format("tensors like {} but for axis {}", call.shape().text(), *at), shape.text()));
        dims[static_cast<std::size_t>(*at)] += shape[*at];
    }
    Options options;
    options.set("axis", std::int64_t{*at});
    options.set("fused_activation_function", std::int64_t{0});
    QL_TRY(const TensorIndex result, call.graph.op("CONCATENATION", call.inputs, call.name, dims, std::move(options)));
    return named(call, result);
}

LayerResult stack(LayerCall &call)
{
    const auto axis = Arguments(call).integer("axis", 1).value_or(0);
    const auto at = axisOf(axis, call.shape().rank() + 1);
    for (const TensorIndex input : call.inputs)
        if (!at || call.graph.shape(input) != call.shape())
            return fail(notUnderstood(call, "stack"));
    Dims dims = dimsOf(call.shape());
    dims.insert(dims.begin() + *at, static_cast<std::int64_t>(call.inputs.size()));
    Options options;
    options.set("values_count", static_cast<std::int64_t>(call.inputs.size()));
    options.set("axis", std::int64_t{*at});
    QL_TRY(const TensorIndex result, call.graph.op("PACK", call.inputs, call.name, dims, std::move(options)));
    return named(call, result);
}

LayerResult split(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const Arguments arguments(call);
    const auto parts = arguments.integer("num_or_size_splits", 1);
    const auto at = axisOf(arguments.integer("axis", 2).value_or(0), call.shape().rank());
    if (!parts || !at || *parts < 1 || *parts > call.shape()[*at] || call.shape()[*at] % *parts != 0)
        return fail(notUnderstood(call, "split"));
    Dims dims = dimsOf(call.shape());
    dims[static_cast<std::size_t>(*at)] /= *parts;
    const std::int32_t axis = *at;
    const TensorIndex along = call.graph.constant(call.inner("axis"), Shape{}, ConstantData::copyOf(std::as_bytes(std::span(&axis, 1))), DataType::Int32);
    Options options;
    options.set("num_splits", *parts);
    return call.graph.ops("SPLIT", {along, call.x()}, call.name, std::vector<Dims>(static_cast<std::size_t>(*parts), dims), std::move(options));
}

LayerResult pad(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const Arguments arguments(call);
    const Json *const paddings = arguments.value("paddings", 1);
    const Json *const mode = arguments.value("mode", 2);
    const Json *const fill = arguments.value("constant_values", 3);
    const bool isZero = (!mode || *mode == "CONSTANT") && (!fill || (fill->is_number() && fill->get<double>() == 0.0));
    const auto rank = static_cast<std::size_t>(call.shape().rank());
    if (!isZero || !paddings || !paddings->is_array() || paddings->size() != rank)
        return fail(notUnderstood(call, "pad"));
    std::vector<std::int32_t> cells;
    Dims dims = dimsOf(call.shape());
    for (std::size_t axis = 0; axis < rank; ++axis)
        for (std::size_t side = 0; side < 2; ++side) {
            const Json &pair = (*paddings)[axis];
            const std::int64_t count = pair.is_array() && pair.size() == 2 && pair[side].is_number_integer() ? pair[side].get<std::int64_t>() : -1;
            if (count < 0 || count > (1 << 24))
                return fail(notUnderstood(call, "pad"));
            cells.push_back(static_cast<std::int32_t>(count));
            dims[axis] += count;
        }
    const TensorIndex by = call.graph.constant(call.inner("paddings"), Shape{static_cast<std::int32_t>(rank), 2}, ConstantData::copyOf(std::as_bytes(std::span(cells))), DataType::Int32);
    QL_TRY(const TensorIndex result, call.graph.op("PAD", {call.x(), by}, call.name, dims));
    return named(call, result);
}

/// x[begin:end:step, index, ...]: one entry an axis, the rest whole.
class Slice {
public:
    explicit Slice(LayerCall &call) : m_call(call) {}

    LayerResult operator()(const Json *spec)
    {
        QL_CHECK(m_call.requireInputs(1));
        if (spec && !spec->is_array()) {
            m_one = Json::array({*spec});
            spec = &m_one;
        }
        if (!spec)
            return fail(notUnderstood(m_call, "getitem"));
        std::size_t ellipsis = spec->size();
        for (std::size_t i = 0; i < spec->size(); ++i)
            if (isEllipsis((*spec)[i]))
                ellipsis = i;
        const auto rank = static_cast<std::size_t>(m_call.shape().rank());
        const std::size_t given = spec->size() - (ellipsis < spec->size());
        if (given > rank)
            return fail(notUnderstood(m_call, "getitem"));
        for (std::size_t i = 0; i < spec->size(); ++i) {
            if (i == ellipsis) {
                for (std::size_t skip = given; skip < rank; ++skip)
                    whole();
            } else if (!entry((*spec)[i])) {
                return fail(notUnderstood(m_call, "getitem"));
            }
        }
        while (m_begin.size() < rank)
            whole();
        const TensorIndex begin = m_call.graph.ints(m_call.inner("begin"), m_begin);
        const TensorIndex end = m_call.graph.ints(m_call.inner("end"), m_end);
        const TensorIndex strides = m_call.graph.ints(m_call.inner("strides"), m_strides);
        Options options;
        options.set("begin_mask", m_beginMask);
        options.set("end_mask", m_endMask);
        options.set("shrink_axis_mask", m_shrinkMask);
        QL_TRY(const TensorIndex result, m_call.graph.op("STRIDED_SLICE", {m_call.x(), begin, end, strides}, m_call.name, m_dims, std::move(options)));
        return named(m_call, result);
    }

private:
    static bool isEllipsis(const Json &json)
    {
        return json == "Ellipsis" || (json.is_object() && (json.value("class_name", Json()) == "__ellipsis__" || json.value("class_name", Json()) == "Ellipsis"));
    }

    std::int32_t length() const { return m_call.shape()[static_cast<int>(m_begin.size())]; }

    void push(std::int64_t begin, std::int64_t end, std::int64_t step)
    {
        m_begin.push_back(static_cast<std::int32_t>(begin));
        m_end.push_back(static_cast<std::int32_t>(end));
        m_strides.push_back(static_cast<std::int32_t>(step));
    }

    void whole()
    {
        const std::int64_t bit = std::int64_t{1} << m_begin.size();
        m_beginMask |= bit;
        m_endMask |= bit;
        m_dims.push_back(length());
        push(0, length(), 1);
    }

    bool entry(const Json &json)
    {
        if (json.is_number_integer()) {
            const auto index = axisOf(json.get<std::int64_t>(), length());
            if (!index)
                return false;
            m_shrinkMask |= std::int64_t{1} << m_begin.size();
            push(*index, *index + 1, 1);
            return true;
        }
        const Json *slice = &json;
        if (json.is_object() && json.value("class_name", Json()) == "__slice__" && json.contains("config"))
            slice = &json["config"];
        if (!slice->is_object() || !slice->contains("start") || !slice->contains("stop"))
            return false;
        const auto number = [&](const char *key) -> std::optional<std::int64_t> {
            const auto found = slice->find(key);
            return found != slice->end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
        };
        const std::int64_t step = number("step").value_or(1);
        const std::int64_t cells = length();
        if (step == 0 || step > cells || step < -cells)
            return step > cells && cells > 0 ? entry(Json{{"start", (*slice)["start"]}, {"stop", (*slice)["stop"]}, {"step", cells}}) : false;
        const auto bound = [&](std::optional<std::int64_t> at, std::int64_t absent) {
            if (!at)
                return absent;
            const std::int64_t counted = *at < 0 ? *at + cells : *at;
            return step > 0 ? std::clamp<std::int64_t>(counted, 0, cells) : std::clamp<std::int64_t>(counted, -1, cells - 1);
        };
        const std::int64_t begin = bound(number("start"), step > 0 ? 0 : cells - 1);
        const std::int64_t end = bound(number("stop"), step > 0 ? cells : -1);
        const std::int64_t bit = std::int64_t{1} << m_begin.size();
        if (end < 0)
            m_endMask |= bit;
        const std::int64_t span = step > 0 ? end - begin : begin - end;
        const std::int64_t size = step > 0 ? step : -step;
        m_dims.push_back(span <= 0 ? 0 : (span + size - 1) / size);
        push(begin, std::max<std::int64_t>(end, 0), step);
        return true;
    }

    LayerCall &m_call;
    Json m_one;
    std::vector<std::int32_t> m_begin, m_end, m_strides;
    std::int64_t m_beginMask = 0, m_endMask = 0, m_shrinkMask = 0;
    Dims m_dims;
};

/// x / sqrt(max(sum(x^2), epsilon))
LayerResult l2Normalize(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const Arguments arguments(call);
    const auto axis = arguments.integers("axis", 1);
    const auto at = axis && axis->size() == 1 ? axisOf(axis->front(), call.shape().rank()) : std::nullopt;
    if (!at)
        return fail(notUnderstood(call, "l2_normalize"));
    const Json *const given = arguments.value("epsilon", 2);
    GraphBuilder &graph = call.graph;
    QL_TRY(const TensorIndex squares, graph.unary("SQUARE", call.x(), call.inner("Square")));
    QL_TRY(const TensorIndex sum, graph.reduce("SUM", squares, {*at}, true, call.inner("Sum")));
    QL_TRY(const TensorIndex bounded, graph.binary("MAXIMUM", sum, graph.scalar(call.inner("epsilon"), given && given->is_number() ? given->get<float>() : 1e-12f), call.inner("Maximum")));
    QL_TRY(const TensorIndex inverse, graph.unary("RSQRT", bounded, call.inner("Rsqrt")));
    QL_TRY(const TensorIndex result, graph.binary("MUL", call.x(), inverse, call.name));
    return named(call, result);
}

LayerResult same(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    return std::vector{call.x()};
}

LayerResult leaky(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const Json *const alpha = Arguments(call).value("alpha", 1);
    Options options;
    options.set("alpha", alpha && alpha->is_number() ? alpha->get<double>() : 0.2);
    QL_TRY(const TensorIndex result, call.graph.unary("LEAKY_RELU", call.x(), call.name, std::move(options)));
    return named(call, result);
}

LayerResult softmax(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const auto axis = Arguments(call).integer("axis", 1).value_or(-1);
    if (axis != -1 && axis != call.shape().rank() - 1)
        return fail(notUnderstood(call, "softmax"));
    return activation(call, "softmax");
}

struct Function {
    std::string_view name; ///< without its module
    LayerResult (*lower)(LayerCall &call);
};

const Function kFunctions[] = {
    {"add", [](LayerCall &c) { return binary(c, "ADD", "x", "y"); }},
    {"subtract", [](LayerCall &c) { return binary(c, "SUB", "x", "y"); }},
    {"sub", [](LayerCall &c) { return binary(c, "SUB", "x", "y"); }},
    {"multiply", [](LayerCall &c) { return binary(c, "MUL", "x", "y"); }},
    {"mul", [](LayerCall &c) { return binary(c, "MUL", "x", "y"); }},
    {"truediv", [](LayerCall &c) { return binary(c, "DIV", "x", "y"); }},
    {"divide", [](LayerCall &c) { return binary(c, "DIV", "x", "y"); }},
    {"maximum", [](LayerCall &c) { return binary(c, "MAXIMUM", "x", "y"); }},
    {"minimum", [](LayerCall &c) { return binary(c, "MINIMUM", "x", "y"); }},
    {"pow", [](LayerCall &c) { return binary(c, "POW", "x", "y"); }},
    {"squared_difference", [](LayerCall &c) { return binary(c, "SQUARED_DIFFERENCE", "x", "y"); }},
    {"abs", [](LayerCall &c) { return unary(c, "ABS"); }},
    {"square", [](LayerCall &c) { return unary(c, "SQUARE"); }},
    {"sqrt", [](LayerCall &c) { return unary(c, "SQRT"); }},
    {"rsqrt", [](LayerCall &c) { return unary(c, "RSQRT"); }},
    {"exp", [](LayerCall &c) { return unary(c, "EXP"); }},
    {"log", [](LayerCall &c) { return unary(c, "LOG"); }},
    {"negative", [](LayerCall &c) { return unary(c, "NEG"); }},
    {"relu", [](LayerCall &c) { return activation(c, "relu"); }},
    {"relu6", [](LayerCall &c) { return activation(c, "relu6"); }},
    {"elu", [](LayerCall &c) { return activation(c, "elu"); }},
    {"selu", [](LayerCall &c) { return activation(c, "selu"); }},
    {"silu", [](LayerCall &c) { return activation(c, "silu"); }},
    {"swish", [](LayerCall &c) { return activation(c, "silu"); }},
    {"sigmoid", [](LayerCall &c) { return activation(c, "sigmoid"); }},
    {"tanh", [](LayerCall &c) { return activation(c, "tanh"); }},
    {"softplus", [](LayerCall &c) { return activation(c, "softplus"); }},
    {"softsign", [](LayerCall &c) { return activation(c, "softsign"); }},
    {"leaky_relu", leaky},
    {"softmax", softmax},
    {"reduce_mean", [](LayerCall &c) { return reduction(c, "MEAN"); }},
    {"reduce_sum", [](LayerCall &c) { return reduction(c, "SUM"); }},
    {"reduce_max", [](LayerCall &c) { return reduction(c, "REDUCE_MAX"); }},
    {"reduce_min", [](LayerCall &c) { return reduction(c, "REDUCE_MIN"); }},
    {"reduce_prod", [](LayerCall &c) { return reduction(c, "REDUCE_PROD"); }},
    {"reshape", [](LayerCall &c) { return reshape(c, "shape"); }},
    {"squeeze", squeeze},
    {"expand_dims", expandDims},
    {"transpose", [](LayerCall &c) { return transpose(c, "perm"); }},
    {"concat", concat},
    {"stack", stack},
    {"split", split},
    {"pad", pad},
    {"l2_normalize", l2Normalize},
    {"identity", same},
    {"stop_gradient", same},
};

LayerResult lowerFunction(LayerCall &call)
{
    const std::string function = call.config.text("function", "");
    const std::size_t dot = function.rfind('.');
    const std::string name = dot == std::string::npos ? function : function.substr(dot + 1);
    const auto *const found = std::ranges::find(kFunctions, name, &Function::name);
    if (found == std::end(kFunctions) || call.inputs.empty())
        return fail(notUnderstood(call, function));
    return found->lower(call);
}

LayerResult lowerSlicing(LayerCall &call)
{
    const Json *spec = Arguments(call).value("slice_spec", 1);
    return Slice(call)(spec);
}

LayerResult lowerGetItem(LayerCall &call)
{
    const Json *spec = Arguments(call).value("key", 1);
    return Slice(call)(spec);
}

} // namespace

std::span<const KerasLayer> functions_layers()
{
    static const KerasLayer kLayers[] = {
        {"TFOpLambda", lowerFunction},
        {"SlicingOpLambda", lowerSlicing},
        // Keras 3's operations; Add, Subtract, Multiply, Maximum, Minimum, Concatenate and Reshape share their rows with the layers
        {"GetItem", lowerGetItem},
        {"Mean", [](LayerCall &c) { return reduction(c, "MEAN"); }},
        {"Sum", [](LayerCall &c) { return reduction(c, "SUM"); }},
        {"Max", [](LayerCall &c) { return reduction(c, "REDUCE_MAX"); }},
        {"Min", [](LayerCall &c) { return reduction(c, "REDUCE_MIN"); }},
        {"Squeeze", squeeze},
        {"ExpandDims", expandDims},
        {"Transpose", [](LayerCall &c) { return transpose(c, "axes"); }},
        {"Stack", stack},
        {"Divide", [](LayerCall &c) { return binary(c, "DIV", "x1", "x2"); }},
        {"TrueDivide", [](LayerCall &c) { return binary(c, "DIV", "x1", "x2"); }},
        {"Absolute", [](LayerCall &c) { return unary(c, "ABS"); }},
        {"Square", [](LayerCall &c) { return unary(c, "SQUARE"); }},
        {"Sqrt", [](LayerCall &c) { return unary(c, "SQRT"); }},
        {"Exp", [](LayerCall &c) { return unary(c, "EXP"); }},
        {"Log", [](LayerCall &c) { return unary(c, "LOG"); }},
        {"Negative", [](LayerCall &c) { return unary(c, "NEG"); }},
        {"Relu", [](LayerCall &c) { return activation(c, "relu"); }},
        {"Relu6", [](LayerCall &c) { return activation(c, "relu6"); }},
        {"Silu", [](LayerCall &c) { return activation(c, "silu"); }},
        {"Sigmoid", [](LayerCall &c) { return activation(c, "sigmoid"); }},
        {"Tanh", [](LayerCall &c) { return activation(c, "tanh"); }},
    };
    return kLayers;
}

} // namespace quantloupe
