"""RNN in its three forms, LSTM (one step, full and basic kernel), BIDIRECTIONAL_SEQUENCE_LSTM: float and hybrid; TFLM has none."""
import numpy as np

from cases import Case, operator
from model_builder import ACTIVATIONS, Model, options
from operators import random_values as values
from operators.lstm import float_lstm, integer_lstm
from operators.random_values import chance, pick


class Layer:
    """Weights of one direction of a plain recurrent layer."""

    def __init__(self, random, variant, graph, name, features, units, batch, auxiliary=0):
        self.random, self.hybrid, self.graph = random, variant.startswith("hybrid"), graph
        self.weights = self.matrix(name + "_weights", [units, features])
        self.recurrent = self.matrix(name + "_recurrent", [units, units])
        self.bias = graph.constant(name + "_bias", random.normal(0, 0.4, units), "float32")
        self.state = graph.tensor(name + "_state", [batch, units], "float32", variable=True)
        self.auxiliary = self.matrix(name + "_auxiliary", [units, auxiliary]) if auxiliary else -1

    def matrix(self, name, dims):
        real = self.random.normal(0, 1 / np.sqrt(dims[1]), dims).astype(np.float32)
        if not self.hybrid:
            return self.graph.constant(name, real, "float32")
        scale = max(float(np.abs(real).max()) / 127, 1e-6)
        return self.graph.constant(name, np.clip(np.rint(real / scale), -127, 127), "int8", scale, 0)

    def inputs(self):
        return [self.weights, self.recurrent, self.bias, self.state]


def activation(random, variant):
    return ACTIVATIONS["TANH" if variant.startswith("hybrid") else pick(random, ["TANH", "TANH", "NONE", "RELU", "RELU6", "RELU_N1_TO_1"])]


def sizes(random):
    return pick(random, [1, 1, 2, 3]), int(random.integers(1, 8)), int(random.integers(1, 9)), int(random.integers(1, 9))


@operator("rnn", {"float32": 8, "hybrid": 4, "hybrid_asymmetric": 2})
def rnn(random, variant):
    batch, _, features, units = sizes(random)
    model = Model()
    graph = model.main
    x = graph.input("input", [batch, features], "float32")
    layer = Layer(random, variant, graph, "layer", features, units, batch)
    y = graph.tensor("output", [batch, units], "float32")
    graph.operator("RNN", [x] + layer.inputs(), [y], options("RNNOptions", fusedActivationFunction=activation(random, variant), asymmetricQuantizeInputs="asymmetric" in variant))
    graph.outputs = [y]
    return Case(model, {x: values.data(random, [batch, features], "float32", 4)}, carry=chance(random, 0.7))


@operator("unidirectional_sequence_rnn", {"float32": 8, "hybrid": 4, "hybrid_asymmetric": 2})
def unidirectional_sequence_rnn(random, variant):
    batch, steps, features, units = sizes(random)
    major = chance(random, 0.4)
    dims = [steps, batch] if major else [batch, steps]
    model = Model()
    graph = model.main
    x = graph.input("input", dims + [features], "float32")
    layer = Layer(random, variant, graph, "layer", features, units, batch)
    y = graph.tensor("output", dims + [units], "float32")
    graph.operator("UNIDIRECTIONAL_SEQUENCE_RNN", [x] + layer.inputs(), [y], options(
        "SequenceRNNOptions", timeMajor=major, fusedActivationFunction=activation(random, variant), asymmetricQuantizeInputs="asymmetric" in variant))
    graph.outputs = [y]
    return Case(model, {x: values.data(random, dims + [features], "float32", 3)}, "time_major" if major else "", carry=chance(random, 0.4))


@operator("bidirectional_sequence_rnn", {"float32": 8, "float32_auxiliary": 7, "hybrid": 5, "hybrid_asymmetric": 3, "hybrid_auxiliary": 3})
def bidirectional_sequence_rnn(random, variant):
    batch, steps, features, units = sizes(random)
    other = int(random.integers(1, 9))
    major, merged = chance(random, 0.4), chance(random, 0.5)
    dims = [steps, batch] if major else [batch, steps]
    model = Model()
    graph = model.main
    x = graph.input("input", dims + [features], "float32")
    inputs = {x: values.data(random, dims + [features], "float32", 3)}
    aux, size, crossed = -1, 0, False
    if "auxiliary" in variant:
        crossed = chance(random, 0.6)
        # The references step through an auxiliary input by the input's size: float with time first, and hybrid always.
        size = int(random.integers(1, 6)) if crossed and not major and not variant.startswith("hybrid") else features
        aux = graph.input("auxiliary", dims + [size], "float32")
        inputs[aux] = values.data(random, dims + [size], "float32", 3)
    along = Layer(random, variant, graph, "along", features, units, batch, size if crossed else 0)
    against = Layer(random, variant, graph, "against", features if crossed or not size else size, other, batch, size if crossed else 0)
    outputs = [graph.tensor("output", dims + [units + other if merged else units], "float32")]
    if not merged:
        outputs.append(graph.tensor("output_against", dims + [other], "float32"))
    graph.operator("BIDIRECTIONAL_SEQUENCE_RNN", [x] + along.inputs() + against.inputs() + [aux, along.auxiliary, against.auxiliary], outputs, options(
        "BidirectionalSequenceRNNOptions", timeMajor=major, mergeOutputs=merged, fusedActivationFunction=activation(random, variant),
        asymmetricQuantizeInputs="asymmetric" in variant))
    graph.outputs = outputs
    words = [w for w, on in (("time_major", major), ("merged", merged), ("crossed", crossed)) if on]
    return Case(model, inputs, "_".join(words), carry=chance(random, 0.4))


@operator("topk_v2", {"float32": 6, "int8": 6, "uint8": 3, "int16": 3, "int32": 3, "int64": 3})
def topk_v2(random, variant):
    dims = values.shape(random, int(random.integers(1, 4)), 120, 12)
    k = int(random.integers(1, dims[-1] + 1))
    model = Model()
    graph = model.main
    quantized = variant in ("int8", "uint8", "int16")
    parameters = (0.1, 0) if quantized else ()
    x = graph.input("input", dims, variant, *parameters)
    count = graph.constant("k", np.array([k] if chance(random, 0.7) else k), "int32")
    y = graph.tensor("values", dims[:-1] + [k], variant, *parameters)
    places = graph.tensor("places", dims[:-1] + [k], "int32")
    graph.operator("TOPK_V2", [x, count], [y, places], options("TopKV2Options"))
    graph.outputs = [y, places]
    data = values.data(random, dims, variant, 3)
    if variant != "float32" and chance(random, 0.5):
        data = (data % 5).astype(data.dtype)  # equals
    return Case(model, {x: data}, "%d" % k)


@operator("lstm", {"float32": 6, "float32_rich": 6, "float32_basic": 6, "hybrid": 4, "int8": 12, "int8_rich": 8, "int8_peephole_projection": 5})
def lstm(random, variant):
    if variant == "float32_basic":
        return basic(random)
    build = float_lstm if variant.startswith(("float32", "hybrid")) else integer_lstm
    return build(random, variant, one_step=True)


def basic(random):
    batch, _, features, units = sizes(random)
    model = Model()
    graph = model.main
    x = graph.input("input", [batch, features], "float32")
    hidden = graph.tensor("activation_before", [batch, units], "float32", variable=True)
    weights = graph.constant("weights", random.normal(0, 1 / np.sqrt(features + units), [4 * units, features + units]), "float32")
    bias = graph.constant("bias", random.normal(0, 0.4, 4 * units), "float32")
    state = graph.tensor("state_before", [batch, units], "float32", variable=True)
    outputs = [graph.tensor("activation", [batch, units], "float32"), graph.tensor("state", [batch, units], "float32"),
               graph.tensor("joined", [batch, features + units], "float32"), graph.tensor("sums", [batch, 4 * units], "float32")]
    graph.operator("LSTM", [x, hidden, weights, bias, state], outputs, options("LSTMOptions", kernelType=1, fusedActivationFunction=ACTIVATIONS["TANH"]))
    graph.outputs = outputs
    return Case(model, {x: values.data(random, [batch, features], "float32", 4)}, carry=chance(random, 0.7))


@operator("bidirectional_sequence_lstm", {"float32": 7, "float32_rich": 6, "float32_stacked": 3, "float32_crossed": 4, "hybrid": 4, "hybrid_crossed": 2})
def bidirectional_sequence_lstm(random, variant):
    """Both directions have the same sizes: LiteRT checks the one by the other's."""
    batch, steps, features, units = sizes(random)
    major, merged = chance(random, 0.4), chance(random, 0.5)
    hybrid, rich = variant.startswith("hybrid"), "rich" in variant
    dims = [steps, batch] if major else [batch, steps]
    model = Model()
    graph = model.main
    x = graph.input("input", dims + [features], "float32")
    inputs = {x: values.data(random, dims + [features], "float32", 3)}
    operands = [-1] * 48
    operands[0] = x
    auxiliary = features if "crossed" not in variant or chance(random, 0.5) else int(random.integers(1, 6))
    if "stacked" in variant or "crossed" in variant:
        operands[39] = graph.input("auxiliary", dims + [auxiliary], "float32")
        inputs[operands[39]] = values.data(random, dims + [auxiliary], "float32", 3)

    def matrix(name, shape):
        real = random.normal(0, 1 / np.sqrt(shape[-1]), shape).astype(np.float32)
        if not hybrid:
            return graph.constant(name, real, "float32")
        scale = max(float(np.abs(real).max()) / 127, 1e-6)
        return graph.constant(name, np.clip(np.rint(real / scale), -127, 127), "int8", scale, 0)

    projection = rich and chance(random, 0.4)
    out = int(random.integers(1, 7)) if projection else units
    for name, first, state, other in (("along", 1, 35, 40), ("against", 18, 37, 44)):
        cifg, peephole = (rich and chance(random, 0.4) for _ in range(2))
        for g in range(1 if cifg else 0, 4):
            operands[first + g] = matrix("%s_input_%d" % (name, g), [units, features])
            operands[first + 4 + g] = matrix("%s_recurrent_%d" % (name, g), [units, out])
            operands[first + 11 + g] = graph.constant("%s_bias_%d" % (name, g), random.normal(0, 0.4, units), "float32")
            if "crossed" in variant:
                operands[other + g] = matrix("%s_auxiliary_%d" % (name, g), [units, auxiliary])
            if peephole and g != 2:
                operands[first + 8 + {0: 0, 1: 1, 3: 2}[g]] = matrix("%s_cell_%d" % (name, g), [units])
        if projection:
            operands[first + 15] = matrix(name + "_projection", [out, units])
            if chance(random, 0.5):
                operands[first + 16] = graph.constant(name + "_projection_bias", random.normal(0, 0.3, out), "float32")
        operands[state] = graph.tensor(name + "_state", [batch, out], "float32", variable=True)
        operands[state + 1] = graph.tensor(name + "_cell", [batch, units], "float32", variable=True)
    outputs = [graph.tensor("output", dims + [2 * out if merged else out], "float32")]
    if not merged:
        outputs.append(graph.tensor("output_against", dims + [out], "float32"))
    graph.operator("BIDIRECTIONAL_SEQUENCE_LSTM", operands, outputs, options(
        "BidirectionalSequenceLSTMOptions", timeMajor=major, mergeOutputs=merged, fusedActivationFunction=ACTIVATIONS["TANH"],
        cellClip=pick(random, [0.0, 0.0, 1.5]), asymmetricQuantizeInputs=hybrid and chance(random, 0.4)))
    graph.outputs = outputs
    words = [w for w, on in (("time_major", major), ("merged", merged)) if on]
    void = {"tflite-2.14": "steps through the auxiliary input by the input's size"} if auxiliary != features else {}
    if merged and not major and batch > 1:
        void = dict.fromkeys(("litert", "tflite-2.14"), "steps through the states by the width of the merged output")
    return Case(model, inputs, "_".join(words), carry=chance(random, 0.4), void=void)
