// SPDX-License-Identifier: GPL-3.0-or-later
//
// Activations, as layers and by name inside other layers. Formulas: the documentation of keras.activations; where Keras 2
// and 3 differ (hard_sigmoid) the file's version decides.
#include "keras/layer.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {
namespace {

using Json = nlohmann::json;

constexpr float kSeluAlpha = 1.67326324235437728f;
constexpr float kSeluScale = 1.05070098735548049f;

/// The operators of one activation, step by step. The last one's tensor is called `tensor`.
class Formula {
public:
    Formula(LayerCall &call, TensorIndex x, const std::string &tensor) : m_call(call), m_x(x), m_tensor(tensor) {}

    Result<TensorIndex> op(const std::string &op, Options options = {}) { return m_call.graph.unary(op, m_x, m_tensor, std::move(options)); }
    Result<TensorIndex> step(const std::string &op, TensorIndex x, Options options = {}) { return m_call.graph.unary(op, x, m_tensor + "/" + op, std::move(options)); }
    Result<TensorIndex> step(const std::string &op, TensorIndex a, TensorIndex b) { return m_call.graph.binary(op, a, b, m_tensor + "/" + op); }
    TensorIndex number(double value) { return m_call.graph.scalar(fmt::format("{}/{}", m_tensor, value), static_cast<float>(value)); }
    TensorIndex x() const { return m_x; }

    Result<TensorIndex> softplus(TensorIndex x)
    {
        // log(1 + exp x) = relu(x) + log(1 + exp(-|x|)), which does not overflow.
        QL_TRY(const TensorIndex magnitude, step("ABS", x));
        QL_TRY(const TensorIndex negative, step("NEG", magnitude));
        QL_TRY(const TensorIndex exponential, step("EXP", negative));
        QL_TRY(const TensorIndex sum, step("ADD", exponential, number(1)));
        QL_TRY(const TensorIndex log, step("LOG", sum));
        QL_TRY(const TensorIndex relu, step("RELU", x));
        return step("ADD", relu, log);
    }

private:
    LayerCall &m_call;
    TensorIndex m_x;
    const std::string &m_tensor;
};

Options gelu(bool approximate)
{
    Options options;
    options.set("approximate", std::int64_t{approximate});
    return options;
}

Options slope(double alpha)
{
    Options options;
    options.set("alpha", alpha);
    return options;
}

Options beta()
{
    Options options;
    options.set("beta", 1.0);
    return options;
}

/// What is not one operator of the format.
Result<TensorIndex> composed(LayerCall &call, std::string_view activation, Formula f)
{
    const TensorIndex x = f.x();
    if (activation == "selu") {
        QL_TRY(const TensorIndex elu, f.step("ELU", x));
        QL_TRY(const TensorIndex below, f.step("MINIMUM", elu, f.number(0)));
        QL_TRY(const TensorIndex scaled, f.step("MUL", below, f.number(kSeluAlpha)));
        QL_TRY(const TensorIndex above, f.step("RELU", x));
        QL_TRY(const TensorIndex sum, f.step("ADD", above, scaled));
        return f.step("MUL", sum, f.number(kSeluScale));
    }
    if (activation == "softplus")
        return f.softplus(x);
    if (activation == "softsign") {
        QL_TRY(const TensorIndex magnitude, f.step("ABS", x));
        QL_TRY(const TensorIndex sum, f.step("ADD", magnitude, f.number(1)));
        return f.step("DIV", x, sum);
    }
    if (activation == "swish" || activation == "silu") {
        QL_TRY(const TensorIndex gate, f.step("LOGISTIC", x));
        return f.step("MUL", x, gate);
    }
    if (activation == "mish") {
        QL_TRY(const TensorIndex plus, f.softplus(x));
        QL_TRY(const TensorIndex gate, f.step("TANH", plus));
        return f.step("MUL", x, gate);
    }
    if (activation == "hard_sigmoid") {
        // Keras 2: clip(0.2 x + 0.5, 0, 1); Keras 3: relu6(x + 3) / 6.
        if (call.lowering.isKeras3) {
            QL_TRY(const TensorIndex sum, f.step("ADD", x, f.number(3)));
            QL_TRY(const TensorIndex clipped, f.step("RELU6", sum));
            return f.step("MUL", clipped, f.number(1.0 / 6.0));
        }
        QL_TRY(const TensorIndex scaled, f.step("MUL", x, f.number(0.2)));
        QL_TRY(const TensorIndex sum, f.step("ADD", scaled, f.number(0.5)));
        QL_TRY(const TensorIndex below, f.step("MINIMUM", sum, f.number(1)));
        return f.step("MAXIMUM", below, f.number(0));
    }
    if (activation == "hard_tanh") {
        QL_TRY(const TensorIndex below, f.step("MINIMUM", x, f.number(1)));
        return f.step("MAXIMUM", below, f.number(-1));
    }
    if (activation == "log_sigmoid") {
        QL_TRY(const TensorIndex negative, f.step("NEG", x));
        QL_TRY(const TensorIndex plus, f.softplus(negative));
        return f.step("NEG", plus);
    }
    if (activation == "tanh_shrink") {
        QL_TRY(const TensorIndex tanh, f.step("TANH", x));
        return f.step("SUB", x, tanh);
    }
    if (activation == "squareplus") { // (x + sqrt(x^2 + 4)) / 2
        QL_TRY(const TensorIndex square, f.step("SQUARE", x));
        QL_TRY(const TensorIndex sum, f.step("ADD", square, f.number(4)));
        QL_TRY(const TensorIndex root, f.step("SQRT", sum));
        QL_TRY(const TensorIndex both, f.step("ADD", x, root));
        return f.step("MUL", both, f.number(0.5));
    }
    if (activation == "soft_shrink") { // sign(x) max(|x| - 0.5, 0) = relu(x - 0.5) - relu(-x - 0.5)
        QL_TRY(const TensorIndex right, f.step("SUB", x, f.number(0.5)));
        QL_TRY(const TensorIndex above, f.step("RELU", right));
        QL_TRY(const TensorIndex negative, f.step("NEG", x));
        QL_TRY(const TensorIndex left, f.step("SUB", negative, f.number(0.5)));
        QL_TRY(const TensorIndex below, f.step("RELU", left));
        return f.step("SUB", above, below);
    }
    if (activation == "celu") // max(x, 0) + min(0, exp(x) - 1) for its default alpha of 1
        return f.step("ELU", x);
    return fail(call.unsupported("an activation that is known", std::string(activation)));
}

struct OneOperator {
    std::string_view activation;
    std::string_view op;
    Options (*options)() = nullptr;
};

const OneOperator kOneOperator[] = {
    {"relu", "RELU"},
    {"relu6", "RELU6"},
    {"elu", "ELU"},
    {"tanh", "TANH"},
    {"sigmoid", "LOGISTIC"},
    {"exponential", "EXP"},
    {"softmax", "SOFTMAX", beta},
    {"log_softmax", "LOG_SOFTMAX"},
    {"hard_swish", "HARD_SWISH"},
    {"hard_silu", "HARD_SWISH"},
    {"gelu", "GELU", [] { return gelu(false); }},
    {"leaky_relu", "LEAKY_RELU", [] { return slope(0.2); }}, // negative_slope 0.2 as a function, 0.3 as a layer
};

LayerResult lowerActivation(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    QL_TRY(const TensorIndex result, activate(call, "activation", "linear", call.x()));
    return named(call, result);
}

/// ReLU(max_value, negative_slope, threshold): x above max_value is max_value, below threshold negative_slope * (x - threshold).
LayerResult lowerReLU(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const double maximum = call.config.real("max_value", std::numeric_limits<double>::infinity());
    const double slopeBelow = call.config.real("negative_slope", 0);
    const double threshold = call.config.real("threshold", 0);
    GraphBuilder &graph = call.graph;
    TensorIndex x = call.x();
    if (threshold == 0 && slopeBelow == 0 && maximum == 6) {
        QL_TRY(x, graph.unary("RELU6", x, call.name));
        return named(call, x);
    }
    if (threshold != 0) {
        // x * (x >= threshold), and the negative part of x - threshold with its slope
        const TensorIndex at = graph.scalar(call.inner("threshold"), static_cast<float>(threshold));
        QL_TRY(const TensorIndex isAbove, graph.op("GREATER_EQUAL", {x, at}, call.inner("GreaterEqual"), dimsOf(call.shape()), {}, DataType::Bool));
        QL_TRY(const TensorIndex away, graph.binary("SUB", x, at, call.inner("Sub")));
        QL_TRY(const TensorIndex below, graph.binary("MUL", away, graph.scalar(call.inner("slope"), static_cast<float>(slopeBelow)), call.inner("Mul")));
        QL_TRY(x, graph.op("SELECT_V2", {isAbove, x, below}, call.inner("Select"), dimsOf(call.shape())));
    } else if (slopeBelow != 0) {
        QL_TRY(x, graph.unary("LEAKY_RELU", x, call.inner("LeakyRelu"), slope(slopeBelow)));
    } else {
        QL_TRY(x, graph.unary("RELU", x, call.inner("Relu")));
    }
    if (std::isfinite(maximum)) {
        QL_TRY(x, graph.binary("MINIMUM", x, graph.scalar(call.inner("max_value"), static_cast<float>(maximum)), call.inner("Minimum")));
    }
    return named(call, x);
}

LayerResult lowerLeakyReLU(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const double alpha = call.config.real("negative_slope", call.config.real("alpha", 0.3)); // Keras 3, Keras 2
    QL_TRY(const TensorIndex result, call.graph.unary("LEAKY_RELU", call.x(), call.name, slope(alpha)));
    return named(call, result);
}

/// PReLU: alpha of the input's shape without the batch, with 1 on shared axes.
LayerResult lowerPReLU(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    QL_TRY(const WeightList weights, call.take({"alpha"}));
    const KerasWeight &alpha = *weights[0];
    if (alpha.shape.rank() + 1 != call.shape().rank())
        return fail(call.invalid(fmt::format("alpha of {} dimensions", call.shape().rank() - 1), alpha.shape.text()));
    const TensorIndex slopes = call.graph.constant(call.inner("alpha"), alpha.shape, floatData(alpha));
    QL_TRY(const TensorIndex result, call.graph.binary("PRELU", call.x(), slopes, call.name));
    return named(call, result);
}

LayerResult lowerELU(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const double alpha = call.config.real("alpha", 1.0);
    GraphBuilder &graph = call.graph;
    QL_TRY(TensorIndex result, graph.unary("ELU", call.x(), call.inner("Elu")));
    if (alpha != 1.0) {
        QL_TRY(const TensorIndex below, graph.binary("MINIMUM", result, graph.scalar(call.inner("zero"), 0.0f), call.inner("Minimum")));
        QL_TRY(const TensorIndex scaled, graph.binary("MUL", below, graph.scalar(call.inner("alpha"), static_cast<float>(alpha)), call.inner("Mul")));
        QL_TRY(const TensorIndex above, graph.unary("RELU", call.x(), call.inner("Relu")));
        QL_TRY(result, graph.binary("ADD", above, scaled, call.inner("Add")));
    }
    return named(call, result);
}

LayerResult lowerSoftmax(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const auto *const listed = call.config.find("axis");
    const std::int64_t rank = call.shape().rank();
    std::int64_t axis = -1;
    if (listed && listed->is_array() && listed->size() == 1)
        axis = call.config.list("axis").front();
    else if (listed && listed->is_array())
        return fail(call.unsupported("one axis", shortText(*listed)));
    else
        axis = call.config.integer("axis", -1);
    axis = axis < 0 ? axis + rank : axis;
    if (axis < 0 || axis >= rank)
        return fail(call.invalid(fmt::format("an axis of {}", call.shape().text()), fmt::format("{}", axis)));
    if (axis == rank - 1) {
        QL_TRY(const TensorIndex result, call.graph.unary("SOFTMAX", call.x(), call.name, beta()));
        return named(call, result);
    }
    std::vector<std::int32_t> swap;
    for (std::int32_t i = 0; i < rank; ++i)
        swap.push_back(i);
    std::swap(swap[static_cast<std::size_t>(axis)], swap.back());
    QL_TRY(const TensorIndex turned, call.graph.transpose(call.x(), swap, call.inner("transpose")));
    QL_TRY(const TensorIndex result, call.graph.unary("SOFTMAX", turned, call.inner("Softmax"), beta()));
    QL_TRY(const TensorIndex back, call.graph.transpose(result, swap, call.name));
    return named(call, back);
}

LayerResult lowerThresholdedReLU(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const TensorIndex theta = call.graph.scalar(call.inner("theta"), static_cast<float>(call.config.real("theta", 1.0)));
    QL_TRY(const TensorIndex isAbove, call.graph.op("GREATER", {call.x(), theta}, call.inner("Greater"), dimsOf(call.shape()), {}, DataType::Bool));
    QL_TRY(const TensorIndex result, call.graph.op("SELECT_V2", {isAbove, call.x(), call.graph.scalar(call.inner("zero"), 0.0f)}, call.name, dimsOf(call.shape())));
    return named(call, result);
}

} // namespace

std::string activationName(const Json &activation)
{
    if (activation.is_string()) {
        const auto name = activation.get<std::string>();
        return name.substr(name.find('>') == std::string::npos ? 0 : name.find('>') + 1); // "Custom>name"
    }
    if (activation.is_object() && activation.value("class_name", Json()) == "function" && activation.contains("config") && activation["config"].is_string())
        return activation["config"].get<std::string>();
    return {};
}

Result<TensorIndex> activateAs(LayerCall &call, std::string_view activation, TensorIndex x, const std::string &tensor)
{
    if (activation == "linear")
        return x;
    for (const OneOperator &row : kOneOperator)
        if (row.activation == activation)
            return Formula(call, x, tensor).op(std::string(row.op), row.options ? row.options() : Options());
    return composed(call, activation, Formula(call, x, tensor));
}

Result<TensorIndex> activate(LayerCall &call, std::string_view key, std::string_view absent, TensorIndex x)
{
    const Json *const activation = call.config.find(key);
    if (!activation)
        return activateAs(call, absent, x, call.inner(absent));
    if (const std::string name = activationName(*activation); !name.empty())
        return activateAs(call, name, x, call.inner(name));
    QL_TRY(const auto result, lowerInner(call, *activation, call.inner("activation"), {x}, {})); // a layer as activation: ReLU(6.0)
    return result.front();
}

std::span<const KerasLayer> activation_layers()
{
    static const KerasLayer kLayers[] = {
        {"Activation", lowerActivation}, {"ReLU", lowerReLU}, {"LeakyReLU", lowerLeakyReLU}, {"PReLU", lowerPReLU},
        {"ELU", lowerELU}, {"Softmax", lowerSoftmax}, {"ThresholdedReLU", lowerThresholdedReLU},
    };
    return kLayers;
}

} // namespace quantloupe
