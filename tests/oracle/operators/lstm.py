"""UNIDIRECTIONAL_SEQUENCE_LSTM in float, int8 (8x8_16) with everything TFLite knows, 16x8 of TFLite Micro, and hybrid."""
import numpy as np

from cases import Case, operator
from model_builder import ACTIVATIONS, Model, options
from operators import random_values as values
from operators.random_values import chance, pick

GATES = ("input", "forget", "cell", "output")


class Plan:
    """Which parts of the operator a case has."""

    def __init__(self, random, variant, one_step=False):
        self.one_step = one_step
        self.batch = pick(random, [1, 1, 2, 3])
        self.steps = int(random.integers(1, 8))
        self.features = int(random.integers(1, 9))
        self.units = int(random.integers(1, 9))
        self.time_major = chance(random, 0.35)
        rich = "rich" in variant
        self.cifg = "cifg" in variant or (rich and chance(random, 0.3))
        self.peephole = "peephole" in variant or (rich and chance(random, 0.4))
        self.projection = "projection" in variant or (rich and chance(random, 0.4))
        self.projection_bias = self.projection and chance(random, 0.6)
        self.layer_norm = "layernorm" in variant or (rich and chance(random, 0.4))
        self.outputs = int(random.integers(1, 7)) if self.projection else self.units
        self.cell_clip = pick(random, [0.0, 10.0, 0.5, 1.5]) if "clip" in variant or rich else pick(random, [0.0, 0.0, 10.0])
        self.proj_clip = pick(random, [0.0, 0.4, 0.8]) if self.projection and ("clip" in variant or rich) else 0.0
        self.carry = chance(random, 0.4)
        self.activation = "RELU" if "relu" in variant else "TANH"
        if "long" in variant or "saturating" in variant:
            self.steps = int(random.integers(8, 25))
            self.batch = 1
            self.units = int(random.integers(4, 17))
        if not self.projection:
            self.outputs = self.units
        self.x_dims = [self.steps, self.batch, self.features] if self.time_major else [self.batch, self.steps, self.features]
        if one_step:
            self.steps, self.time_major = 1, False
            self.x_dims = [self.batch, self.features]
        self.y_dims = self.x_dims[:-1] + [self.outputs]

    def note(self):
        words = [w for w in ("time_major", "cifg", "peephole", "projection", "layer_norm", "carry") if getattr(self, w)]
        if self.cell_clip:
            words.append("cellclip")
        if self.proj_clip:
            words.append("projclip")
        return "_".join(words)

    def option(self, asymmetric=False):
        if self.one_step:
            return options("LSTMOptions", fusedActivationFunction=ACTIVATIONS[self.activation], cellClip=self.cell_clip, projClip=self.proj_clip,
                           asymmetricQuantizeInputs=asymmetric)
        return options("UnidirectionalSequenceLSTMOptions", fusedActivationFunction=ACTIVATIONS[self.activation], cellClip=self.cell_clip,
                       projClip=self.proj_clip, timeMajor=self.time_major, asymmetricQuantizeInputs=asymmetric)


def gates_of(plan):
    return [g for g in range(4) if not (plan.cifg and g == 0)]


def assemble(plan, graph, x, parts, state, cell, y, intermediates=None, asymmetric=False):
    """parts: {input position: tensor}."""
    inputs = [parts.get(position, -1) for position in range(24 if plan.layer_norm else 20)]
    inputs[0], inputs[18], inputs[19] = x, state, cell
    if not plan.layer_norm and plan.units % 4:
        inputs += [-1] * 4  # the converter writes 24, older ones 20
    graph.operator("LSTM" if plan.one_step else "UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [y], plan.option(asymmetric), intermediates)
    graph.outputs = [y]


def float_lstm(random, variant, one_step=False):
    plan = Plan(random, variant, one_step)
    hybrid = variant.startswith("hybrid")
    model = Model()
    graph = model.main
    x = graph.input("input", plan.x_dims, "float32")
    parts = {}

    def weights(name, dims, spread):
        real = random.normal(0, spread, dims).astype(np.float32)
        if not hybrid:
            return graph.constant(name, real, "float32")
        scale = max(float(np.abs(real).max()) / 127, 1e-6)
        return graph.constant(name, np.clip(np.rint(real / scale), -127, 127), "int8", scale, 0)

    for g in gates_of(plan):
        parts[1 + g] = weights("input_to_" + GATES[g], [plan.units, plan.features], 1 / np.sqrt(plan.features))
        parts[5 + g] = weights("recurrent_to_" + GATES[g], [plan.units, plan.outputs], 1 / np.sqrt(plan.outputs))
        parts[12 + g] = graph.constant("bias_" + GATES[g], random.normal(0, 0.5, plan.units), "float32")
        if plan.peephole and g != 2:
            parts[{0: 9, 1: 10, 3: 11}[g]] = weights("cell_to_" + GATES[g], [plan.units], 0.5)
        if plan.layer_norm:
            parts[20 + g] = graph.constant("norm_" + GATES[g], random.normal(1, 0.3, plan.units), "float32")
    if plan.projection:
        parts[16] = weights("projection", [plan.outputs, plan.units], 1 / np.sqrt(plan.units))
        if plan.projection_bias:
            parts[17] = graph.constant("projection_bias", random.normal(0, 0.3, plan.outputs), "float32")
    state = graph.tensor("output_state", [plan.batch, plan.outputs], "float32", variable=True)
    cell = graph.tensor("cell_state", [plan.batch, plan.units], "float32", variable=True)
    y = graph.tensor("output", plan.y_dims, "float32")
    assemble(plan, graph, x, parts, state, cell, y, asymmetric="asymmetric" in variant)
    return Case(model, {x: values.data(random, plan.x_dims, "float32", 3)}, plan.note(), carry=plan.carry,
                void={"tflm": "reads the int8 weights as float32"} if hybrid else None)


def integer_lstm(random, variant, one_step=False):
    wide = variant.startswith("int16")  # TFLite Micro's 16x8
    plan = Plan(random, variant, one_step)
    activations = "int16" if wide else "int8"
    bias_type = "int64" if wide else "int32"
    model = Model()
    graph = model.main
    real_input = float(np.exp(random.uniform(-0.7, 1.2)))  # the largest real input
    x_scale = float(np.float32(real_input / (32767 if wide else 127)))
    x_zero = values.zero_point(random, activations)
    x = graph.input("input", plan.x_dims, activations, x_scale, x_zero)
    steps = 32767 if wide else 127
    h_scale = float(np.float32(pick(random, [1.0, 0.8, 0.5, random.uniform(0.1, 1.2)]) / steps))
    h_zero = 0 if wide else pick(random, [0, -1, 3, int(random.integers(-128, 128))])
    hidden_scale, hidden_zero = h_scale, h_zero
    if "hidden" in variant or (plan.projection and not wide):
        hidden_scale = float(np.float32(h_scale * random.uniform(0.5, 1.6)))
        hidden_zero = int(random.integers(-128, 128)) if chance(random, 0.6) else h_zero
    exponent = int(random.integers(-15, -8))
    if "cellscale" in variant:
        exponent = pick(random, [-16, -17, -18, -20, -8, -7, -6])
    cell_scale = 2.0 ** exponent
    parts = {}

    def weights(name, dims, spread):
        scale = np.float32(spread * np.exp(random.uniform(-0.7, 0.7)) / 74)
        return graph.constant(name, np.clip(np.rint(random.normal(0, 60, dims)), -127, 127), "int8", scale, 0), float(scale)

    gate_gain = float(np.exp(random.uniform(-0.7, 0.9)))
    if "saturating" in variant:
        gate_gain *= 6
    norm_scales = []
    for g in range(4):
        if plan.cifg and g == 0:
            norm_scales.append(2.0 ** -12)
            continue
        parts[1 + g], w_scale = weights("input_to_" + GATES[g], [plan.units, plan.features], gate_gain * 1.6 / (real_input * np.sqrt(plan.features)))
        parts[5 + g], _ = weights("recurrent_to_" + GATES[g], [plan.units, plan.outputs], gate_gain * 1.6 / np.sqrt(plan.outputs))
        if plan.layer_norm:
            norm_scale = float(np.float32(random.uniform(0.5, 2) / 32767))
            parts[20 + g] = graph.constant("norm_" + GATES[g], np.clip(np.rint(random.normal(15000, 6000, plan.units)), -32767, 32767), "int16", norm_scale, 0)
            bias_scale = norm_scale * 2.0 ** -10
            norm_scales.append(float(np.float32(random.uniform(2, 10) / 32767)))
        else:
            bias_scale = w_scale * x_scale
            norm_scales.append(2.0 ** -12)
        parts[12 + g] = graph.constant("bias_" + GATES[g], np.rint(random.normal(0.3 if g == 1 else 0, 0.5, plan.units) / bias_scale), bias_type, bias_scale, 0)
        if plan.peephole and g != 2:
            peephole = float(np.float32(1.5 / 32767))
            parts[{0: 9, 1: 10, 3: 11}[g]] = graph.constant("cell_to_" + GATES[g], values.integers(random, [plan.units], "int16"), "int16", peephole, 0)
    if plan.projection:
        parts[16], p_scale = weights("projection", [plan.outputs, plan.units], 1.2 / np.sqrt(plan.units))
        if plan.projection_bias:
            b_scale = p_scale * hidden_scale
            parts[17] = graph.constant("projection_bias", np.rint(random.normal(0, 0.2, plan.outputs) / b_scale), "int32", b_scale, 0)
    state = graph.tensor("output_state", [plan.batch, plan.outputs], activations, h_scale, h_zero, variable=True)
    cell = graph.tensor("cell_state", [plan.batch, plan.units], "int16", cell_scale, 0, variable=True)
    y = graph.tensor("output", plan.y_dims, activations, h_scale, h_zero)
    intermediates = []
    for g in range(4):
        if plan.layer_norm:
            intermediates.append(graph.tensor("intermediate_%d" % g, [0], "int16", norm_scales[g], 0))
        else:
            intermediates.append(graph.tensor("intermediate_%d" % g, [0], "float32"))
    intermediates.append(graph.tensor("intermediate_4", [0], "int8" if not wide else "int16", hidden_scale, hidden_zero))
    assemble(plan, graph, x, parts, state, cell, y, intermediates)
    note = plan.note() + ("_" if plan.note() else "") + "cell2to%d" % exponent
    return Case(model, {x: values.data(random, plan.x_dims, activations, 3)}, note, carry=plan.carry)


@operator("unidirectional_sequence_lstm", {
    "float32": 10, "float32_cifg": 3, "float32_peephole": 3, "float32_projection": 3, "float32_layernorm": 3, "float32_rich": 8,
    "int8": 40, "int8_cellscale": 14, "int8_hidden": 10, "int8_clip": 8, "int8_cifg": 8, "int8_peephole": 8, "int8_projection": 8,
    "int8_layernorm": 10, "int8_rich": 24, "int8_saturating": 10, "int8_long": 4, "int16": 16, "int16_saturating": 5,
    "float32_relu": 3, "hybrid": 6, "hybrid_asymmetric": 3, "hybrid_rich": 5})
def unidirectional_sequence_lstm(random, variant):
    if variant.startswith(("float32", "hybrid")):
        return float_lstm(random, variant)
    return integer_lstm(random, variant)
