"""Small random graphs of several operators: conv nets, elementwise branches, LayerNorm chains, unrolled and fused recurrent nets."""
import numpy as np

from cases import Case, operator
from model_builder import ACTIVATIONS, PADDINGS, Model, options
from operators import random_values as values
from operators.convolution import output_size
from operators.random_values import chance, pick

LAYER_TYPES = {"int8": ("int8", "int32"), "int16": ("int8", "int64"), "uint8": ("uint8", "int32"), "float32": ("float32", "float32")}


class Value:
    """A tensor in a flow: index, shape, quantization and how large its real values are expected to be."""

    def __init__(self, index, dims, scale, zero, spread):
        self.index, self.dims, self.scale, self.zero, self.spread = index, list(dims), scale, zero, spread


class Flow:
    """Appends operators to one graph; every method takes and gives Values."""

    def __init__(self, random, dtype):
        self.random, self.dtype = random, dtype
        self.model = Model()
        self.graph = self.model.main
        self.weight_type, self.bias_type = LAYER_TYPES[dtype]
        self.inputs = {}
        self.count = 0

    def quantization(self, spread, signed=True):
        """(scale, zero point) that holds about three spreads on both sides, or on one."""
        if self.dtype == "float32":
            return None, None
        room = spread * self.random.uniform(2.0, 4.0)
        if self.dtype == "int16":
            return float(np.float32(room / 32767)), 0
        low = 0 if self.dtype == "uint8" else -128
        if not signed:
            return float(np.float32(room / 255)), low
        return float(np.float32(2 * room / 255)), low + 128 + int(self.random.integers(-20, 21))

    def new(self, dims, spread, quantization=None, signed=True, name="value"):
        scale, zero = quantization if quantization is not None else self.quantization(spread, signed)
        self.count += 1
        return Value(self.graph.tensor("%s%d" % (name, self.count), dims, self.dtype, scale, zero), dims, scale, zero, spread)

    def like(self, source, dims):
        return self.new(dims, source.spread, (source.scale, source.zero))

    def input(self, dims, spread=1.0, samples=2):
        scale, zero = self.quantization(spread)
        index = self.graph.input("input%d" % len(self.inputs), dims, self.dtype, scale, zero)
        self.inputs[index] = np.stack([self.data(dims, scale, zero, spread) for _ in range(samples)])
        return Value(index, dims, scale, zero, spread)

    def data(self, dims, scale, zero, spread):
        if self.dtype == "float32":
            return self.random.normal(0, spread, dims).astype(np.float32)
        low, high = values.limits(self.dtype)
        if chance(self.random, 0.3):
            return values.integers(self.random, dims, self.dtype)
        return np.clip(np.rint(self.random.normal(0, spread, dims) / scale) + zero, low, high).astype(self.dtype)

    def constant(self, real, name="constant"):
        real = np.asarray(real, np.float64)
        spread = float(np.abs(real).max()) or 1.0
        if self.dtype == "float32":
            return Value(self.graph.constant(name, real, "float32"), real.shape, None, None, spread)
        low, high = values.limits(self.dtype)
        if self.dtype == "int16":
            scale, zero = spread / 32767, 0
        else:
            bottom, top = min(real.min(), 0.0), max(real.max(), 0.0)
            scale = (top - bottom) / 255 or 1.0
            zero = int(np.clip(np.rint(low - bottom / scale), low, high))
        scale = float(np.float32(scale))
        stored = np.clip(np.rint(real / scale) + zero, low, high)
        return Value(self.graph.constant(name, stored, self.dtype, scale, zero), real.shape, scale, zero, spread)

    def add_operator(self, code, inputs, outputs, option=None):
        self.graph.operator(code, [v.index if isinstance(v, Value) else v for v in inputs], [v.index for v in outputs], option)
        return outputs[0] if len(outputs) == 1 else outputs

    def case(self, outputs, note="", carry=False):
        self.graph.outputs = [v.index for v in outputs]
        return Case(self.model, self.inputs, note, carry=carry)

    # weighted layers

    def weights(self, dims, spread, channels, axis):
        real = self.random.normal(0, spread, dims)
        if self.dtype == "float32":
            return self.graph.constant("weights", real, "float32"), None
        if self.dtype == "uint8":
            scale = float(np.float32(2 * np.abs(real).max() / 254))
            return self.graph.constant("weights", np.clip(np.rint(real / scale) + 127, 0, 255), "uint8", scale, 127), np.float32([scale])
        if channels == 1:
            scales = np.float32([np.abs(real).max() / 127 + 1e-9])
        else:
            scales = (np.abs(real).max(axis=tuple(a for a in range(len(dims)) if a != axis)) / 127 + 1e-9).astype(np.float32)
        shaped = scales if channels == 1 else scales.reshape([-1 if a == axis else 1 for a in range(len(dims))])
        stored = np.clip(np.rint(real / shaped), -127, 127)
        return self.graph.constant("weights", stored, "int8", scales, np.zeros(len(scales)), axis), scales

    def bias(self, x, channels, weight_scales, spread):
        real = self.random.normal(0, spread, channels)
        if self.dtype == "float32":
            return self.graph.constant("bias", real, "float32")
        scales = (weight_scales * np.float32(x.scale)).astype(np.float32)
        return self.graph.constant("bias", np.rint(real / scales), self.bias_type, scales, np.zeros(len(scales)))

    def activation(self, choices=("NONE", "RELU", "RELU6")):
        return pick(self.random, choices)

    def convolution(self, x, depthwise=False):
        random = self.random
        batch, height, width, channels_in = x.dims
        while True:
            kh, kw = (int(k) for k in random.integers(1, 4, 2))
            stride = pick(random, [1, 1, 2])
            padding = pick(random, ["SAME", "SAME", "VALID"])
            oh, ow = output_size(height, kh, stride, 1, padding), output_size(width, kw, stride, 1, padding)
            if oh > 0 and ow > 0:
                break
        multiplier = pick(random, [1, 1, 2])
        channels = channels_in * multiplier if depthwise else int(random.integers(2, 9))
        depth = kh * kw * (1 if depthwise else channels_in)
        dims = [1, kh, kw, channels] if depthwise else [channels, kh, kw, channels_in]
        weight_spread = float(np.exp(random.uniform(-0.5, 0.5)) / np.sqrt(depth))
        w, scales = self.weights(dims, weight_spread, 1 if self.dtype == "uint8" else channels, 3 if depthwise else 0)
        spread = x.spread * weight_spread * np.sqrt(depth)
        act = self.activation()
        y = self.new([batch, oh, ow, channels], spread, signed=act == "NONE")
        b = self.bias(x, channels, scales, spread / 2)
        common = dict(padding=PADDINGS[padding], strideH=stride, strideW=stride, fusedActivationFunction=ACTIVATIONS[act])
        if depthwise:
            return self.add_operator("DEPTHWISE_CONV_2D", [x, w, b], [y], options("DepthwiseConv2DOptions", depthMultiplier=multiplier, **common))
        return self.add_operator("CONV_2D", [x, w, b], [y], options("Conv2DOptions", **common))

    def fully_connected(self, x, channels, act=None, per_channel=None, quantization=None):
        depth = x.dims[-1]
        weight_spread = float(np.exp(self.random.uniform(-0.3, 0.6)) / np.sqrt(depth))
        per_channel = chance(self.random, 0.3) if per_channel is None else per_channel
        w, scales = self.weights([channels, depth], weight_spread, channels if per_channel and self.dtype in ("int8", "int16") else 1, 0)
        spread = x.spread * weight_spread * np.sqrt(depth)
        act = act or self.activation()
        rows = int(np.prod(x.dims[:-1]))
        y = self.new([rows, channels], spread, quantization, signed=act == "NONE")
        b = self.bias(x, channels, scales, spread / 2)
        return self.add_operator("FULLY_CONNECTED", [x, w, b], [y], options("FullyConnectedOptions", fusedActivationFunction=ACTIVATIONS[act]))

    # one input

    def fixed(self, x, code, low, option=None):
        scale = {"int8": (1 / 256, -128) if low == 0 else (1 / 128, 0), "uint8": (1 / 256, 0) if low == 0 else (1 / 128, 128),
                 "int16": (1 / 32768, 0), "float32": (None, None)}[self.dtype]
        return self.add_operator(code, [x], [self.new(x.dims, 0.4, scale)], option)

    def logistic(self, x):
        return self.fixed(x, "LOGISTIC", 0)

    def tanh(self, x):
        return self.fixed(x, "TANH", -1)

    def softmax(self, x):
        return self.fixed(x, "SOFTMAX", 0, options("SoftmaxOptions", beta=1.0))

    def relu(self, x):
        return self.add_operator("RELU", [x], [self.new(x.dims, x.spread, signed=False)])

    def leaky_relu(self, x):
        return self.add_operator("LEAKY_RELU", [x], [self.new(x.dims, x.spread)], options("LeakyReluOptions", alpha=0.2))

    def pool(self, x, code):
        batch, height, width, channels = x.dims
        kh, kw = min(height, int(self.random.integers(1, 4))), min(width, int(self.random.integers(1, 4)))
        stride = pick(self.random, [1, 2])
        padding = pick(self.random, ["SAME", "VALID"])
        y = self.like(x, [batch, output_size(height, kh, stride, 1, padding), output_size(width, kw, stride, 1, padding), channels])
        return self.add_operator(code, [x], [y], options("Pool2DOptions", padding=PADDINGS[padding], strideH=stride, strideW=stride,
                                                         filterHeight=kh, filterWidth=kw))

    def pad(self, x):
        pads = np.zeros([len(x.dims), 2], int)
        pads[1:-1] = self.random.integers(0, 2, [len(x.dims) - 2, 2])
        constant = self.graph.constant("paddings", pads, "int32")
        return self.add_operator("PAD", [x, constant], [self.like(x, [int(d + p.sum()) for d, p in zip(x.dims, pads)])], options("PadOptions"))

    def mean(self, x, axes, keep, quantization=None):
        axis = self.graph.constant("axes", np.array(axes), "int32")
        dims = [1 if a in axes else d for a, d in enumerate(x.dims)] if keep else [d for a, d in enumerate(x.dims) if a not in axes]
        count = np.prod([x.dims[a] for a in axes])
        y = self.new(dims, x.spread / np.sqrt(count) + x.spread * 0.2, quantization)
        return self.add_operator("MEAN", [x, axis], [y], options("ReducerOptions", keepDims=keep))

    def reshape(self, x, dims):
        shape = self.graph.constant("shape", np.array(dims), "int32")
        return self.add_operator("RESHAPE", [x, shape], [self.like(x, dims)], options("ReshapeOptions", newShape=np.array(dims, np.int32)))

    def computed_reshape(self, x, dims):
        """The shape made by SHAPE, STRIDED_SLICE and PACK, as Keras' Flatten converts."""
        graph = self.graph
        shape = graph.tensor("shape_of", [len(x.dims)], "int32")
        graph.operator("SHAPE", [x.index], [shape], options("ShapeOptions", outType=2))
        ends = [graph.constant(n, np.array(v), "int32") for n, v in (("begin", [0]), ("end", [1]), ("strides", [1]))]
        first = graph.tensor("batch", [], "int32")
        graph.operator("STRIDED_SLICE", [shape] + ends, [first], options("StridedSliceOptions", shrinkAxisMask=1))
        others = [graph.constant("dim", np.array(d), "int32") for d in dims[1:]]
        packed = graph.tensor("new_shape", [len(dims)], "int32")
        graph.operator("PACK", [first] + others, [packed], options("PackOptions", valuesCount=len(dims), axis=0))
        return self.add_operator("RESHAPE", [x, packed], [self.like(x, dims)], options("ReshapeOptions"))

    def transpose(self, x, order):
        perm = self.graph.constant("permutation", np.array(order), "int32")
        return self.add_operator("TRANSPOSE", [x, perm], [self.like(x, [x.dims[a] for a in order])], options("TransposeOptions"))

    def rsqrt(self, x, spread):
        return self.add_operator("RSQRT", [x], [self.new(x.dims, spread, signed=False)])

    def time_step(self, x, step):
        """x[:, step, :] of [batch, time, features]"""
        batch, _, features = x.dims
        ends = [self.graph.constant(n, np.array(v), "int32") for n, v in (
            ("begin", [0, step, 0]), ("end", [0, step + 1, 0]), ("strides", [1, 1, 1]))]
        return self.add_operator("STRIDED_SLICE", [x] + ends, [self.like(x, [batch, features])], options(
            "StridedSliceOptions", beginMask=5, endMask=5, shrinkAxisMask=2))

    # two inputs

    def add(self, a, b, code="ADD", spread=None, signed=True, act="NONE"):
        dims = [int(d) for d in np.broadcast_shapes(tuple(a.dims), tuple(b.dims))]
        spread = spread or float(np.hypot(a.spread, b.spread))
        y = self.new(dims, spread, signed=signed)
        if self.dtype != "float32" and y.scale <= max(a.scale, b.scale):
            y = self.new(dims, spread, (float(np.float32(max(a.scale, b.scale) * 1.05)), y.zero))
        table = {"ADD": "AddOptions", "SUB": "SubOptions"}[code]
        return self.add_operator(code, [a, b], [y], options(table, fusedActivationFunction=ACTIVATIONS[act], potScaleInt16=False))

    def sub(self, a, b):
        return self.add(a, b, "SUB")

    def mul(self, a, b, signed=True, spread=None):
        dims = [int(d) for d in np.broadcast_shapes(tuple(a.dims), tuple(b.dims))]
        return self.add_operator("MUL", [a, b], [self.new(dims, spread or a.spread * b.spread, signed=signed)], options("MulOptions"))

    def squared_difference(self, a, b):
        dims = [int(d) for d in np.broadcast_shapes(tuple(a.dims), tuple(b.dims))]
        return self.add_operator("SQUARED_DIFFERENCE", [a, b], [self.new(dims, a.spread ** 2 * 1.5, signed=False)], options("SquaredDifferenceOptions"))

    def extreme(self, a, b):
        b = b if (a.scale, a.zero) == (b.scale, b.zero) else a
        return self.add_operator(pick(self.random, ["MAXIMUM", "MINIMUM"]), [a, b], [self.like(a, a.dims)], options("MaximumMinimumOptions"))

    def requantize(self, x):
        return self.add_operator("QUANTIZE", [x], [self.new(x.dims, x.spread)])

    def concatenation(self, a, b, axis):
        same = self.dtype in ("float32",) or (a.scale, a.zero) == (b.scale, b.zero)
        if not same:
            y = self.new(b.dims, b.spread, (a.scale, a.zero))
            b = self.add_operator("QUANTIZE", [b], [y])
        dims = list(a.dims)
        dims[axis] += b.dims[axis]
        return self.add_operator("CONCATENATION", [a, b], [self.like(a, dims)], options("ConcatenationOptions", axis=axis))

    def split(self, x, axis, parts):
        axis_tensor = self.graph.constant("axis", np.array(axis), "int32")
        dims = list(x.dims)
        dims[axis] //= parts
        return self.add_operator("SPLIT", [axis_tensor, x], [self.like(x, dims) for _ in range(parts)], options("SplitOptions", numSplits=parts))

    # blocks

    def layer_norm(self, x):
        """mean, variance, (x - mean) * rsqrt(variance + eps) * gamma + beta over the last axis, as Keras converts it."""
        axis = [len(x.dims) - 1]
        mean = self.mean(x, axis, True)
        variance = self.mean(self.squared_difference(x, mean), axis, True, self.quantization(x.spread ** 2, False))
        variance.spread = x.spread ** 2
        root = self.rsqrt(self.add(variance, self.constant([1e-3]), signed=False), 1.5 / x.spread)
        gamma = self.constant(self.random.uniform(0.5, 1.5, x.dims[-1]))
        beta = self.constant(self.random.normal(0, 0.3, x.dims[-1]))
        scaled = self.mul(root, gamma, False)
        shifted = self.sub(beta, self.mul(mean, scaled, spread=0.7))
        return self.add(self.mul(x, scaled, spread=1.2), shifted, spread=1.3)

    def lstm(self, x, units, time_major=False):
        """The fused operator, int8 or float."""
        random = self.random
        batch, steps = (x.dims[1], x.dims[0]) if time_major else (x.dims[0], x.dims[1])
        features = x.dims[2]
        h_scale, h_zero = (None, None) if self.dtype == "float32" else (float(np.float32(pick(random, [1 / 127, 0.8 / 127, 0.5 / 127]))), pick(random, [0, -3, 5]))
        cell_type = "float32" if self.dtype == "float32" else "int16"
        inputs = [-1] * 24
        inputs[0] = x.index
        for g in range(4):
            inputs[1 + g], scales = self.weights([units, features], 1 / (x.spread * np.sqrt(features)), 1, 0)
            inputs[5 + g], _ = self.weights([units, units], 1 / np.sqrt(units), 1, 0)
            inputs[12 + g] = self.bias(x, units, scales, 0.5)
        inputs[18] = self.graph.tensor("output_state", [batch, units], self.dtype, h_scale, h_zero, variable=True)
        inputs[19] = self.graph.tensor("cell_state", [batch, units], cell_type, None if h_scale is None else 2.0 ** int(random.integers(-15, -9)), 0, variable=True)
        intermediates = [self.graph.tensor("intermediate%d" % g, [0], "float32") for g in range(4)]
        intermediates.append(self.graph.tensor("intermediate4", [0], self.dtype, h_scale, h_zero))
        y = self.new(x.dims[:2] + [units], 0.4, (h_scale, h_zero))
        self.graph.operator("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [y.index], options(
            "UnidirectionalSequenceLSTMOptions", fusedActivationFunction=ACTIVATIONS["TANH"], cellClip=pick(random, [0.0, 10.0]), timeMajor=time_major), intermediates)
        return y

    def lstm_step(self, x, h, c, kernel, recurrent):
        z = self.add(kernel(x), recurrent(h))
        i, f, g, o = self.split(z, 1, 4)
        c = self.add(self.mul(self.logistic(f), c), self.mul(self.logistic(i), self.tanh(g)), spread=0.8)
        return self.mul(self.logistic(o), self.tanh(c), spread=0.35), c

    def gru_step(self, x, h, kernel, recurrent):
        xz, xr, xh = self.split(kernel(x), 1, 3)
        hz, hr, hh = self.split(recurrent(h), 1, 3)
        z = self.logistic(self.add(xz, hz))
        r = self.logistic(self.add(xr, hr))
        candidate = self.tanh(self.add(xh, self.mul(r, hh, spread=0.5)))
        keep = self.mul(z, h, spread=0.3)
        return self.add(keep, self.mul(self.sub(self.constant([1.0]), z), candidate, spread=0.4), spread=0.5)

    def layer(self, depth, channels, source):
        """A FULLY_CONNECTED whose weights are shared by all time steps: a function Value -> Value."""
        spread = 1 / np.sqrt(depth)
        w, scales = self.weights([channels, depth], spread, 1, 0)
        out = self.quantization(source.spread * 1.3)

        def apply(x):
            b = self.bias(x, channels, scales, 0.3)
            return self.add_operator("FULLY_CONNECTED", [x, w, b], [self.new([x.dims[0], channels], x.spread, out)], options("FullyConnectedOptions"))
        return apply


@operator("graphs_convnet", {"int8": 30, "int16": 14, "float32": 8, "uint8": 6})
def convnet(random, variant):
    flow = Flow(random, variant)
    x = flow.input([pick(random, [1, 1, 2]), int(random.integers(4, 11)), int(random.integers(4, 11)), int(random.integers(1, 4))])
    kinds = []
    for _ in range(int(random.integers(2, 7))):
        kind = pick(random, ["conv", "conv", "depthwise", "pool", "pool", "residual", "branch", "pad"])
        kinds.append(kind)
        if kind == "conv":
            x = flow.convolution(x)
        elif kind == "depthwise":
            x = flow.convolution(x, True)
        elif kind == "pool":
            x = flow.pool(x, pick(random, ["AVERAGE_POOL_2D", "MAX_POOL_2D"]))
        elif kind == "pad":
            x = flow.pad(x)
        elif kind == "residual":
            x = flow.add(x, flow.leaky_relu(x) if chance(random, 0.5) else flow.relu(x), act=flow.activation(("NONE", "RELU")))
        else:
            x = flow.concatenation(x, flow.logistic(x) if chance(random, 0.5) else flow.relu(x), 3)
    if chance(random, 0.5):
        x = flow.mean(x, [1, 2], False)
    else:
        count = int(np.prod(x.dims[1:]))
        x = flow.computed_reshape(x, [x.dims[0], count]) if chance(random, 0.4) else flow.reshape(x, [x.dims[0], count])
    x = flow.fully_connected(x, int(random.integers(2, 8)))
    return flow.case([flow.softmax(x)], "_".join(kinds))


@operator("graphs_elementwise", {"int8": 24, "int16": 14, "float32": 4})
def elementwise(random, variant):
    """A directed graph: every step takes from all values made so far."""
    flow = Flow(random, variant)
    dims = values.shape(random, int(random.integers(2, 5)), 60)
    made = [flow.input(dims) for _ in range(int(random.integers(1, 4)))]
    for _ in range(int(random.integers(4, 14))):
        a, b = pick(random, made), pick(random, made)
        kind = pick(random, ["add", "add", "sub", "mul", "mul", "logistic", "tanh", "relu", "leaky", "extreme", "requantize", "square", "constant"])
        if kind == "square" and variant == "int16":
            kind = "mul"
        made.append({
            "add": lambda: flow.add(a, b), "sub": lambda: flow.sub(a, b), "mul": lambda: flow.mul(a, b),
            "logistic": lambda: flow.logistic(a), "tanh": lambda: flow.tanh(a), "relu": lambda: flow.relu(a),
            "leaky": lambda: flow.leaky_relu(a), "extreme": lambda: flow.extreme(a, b),
            "requantize": lambda: flow.requantize(a) if variant != "float32" else flow.tanh(a),
            "square": lambda: flow.squared_difference(a, b),
            "constant": lambda: flow.mul(a, flow.constant(random.normal(0, 1, dims[-1]))),
        }[kind]())
    used = {int(i) for row in flow.graph.table.operators for i in row.inputs}
    return flow.case([v for v in made if v.index not in used])


@operator("graphs_layernorm", {"int8": 14, "int16": 3, "float32": 3})
def layernorm(random, variant):
    """FULLY_CONNECTED and LayerNorm in turn; int16 exists in TFLite Micro only (SQUARED_DIFFERENCE)."""
    flow = Flow(random, variant)
    x = flow.input([int(random.integers(1, 5)), int(random.integers(4, 16))], float(np.exp(random.uniform(-1, 1))))
    for _ in range(int(random.integers(1, 3))):
        x = flow.layer_norm(x)
        x = flow.fully_connected(x, int(random.integers(4, 12)))
    return flow.case([x])


@operator("graphs_unrolled_lstm", {"int8": 8, "int16": 8, "float32": 2})
def unrolled_lstm(random, variant):
    flow = Flow(random, variant)
    steps, features, units = int(random.integers(2, 5)), int(random.integers(2, 7)), int(random.integers(2, 6))
    x = flow.input([1, steps, features])
    h, c = flow.constant(np.zeros([1, units])), flow.constant(np.zeros([1, units]))
    h.spread = c.spread = 0.5
    kernel, recurrent = flow.layer(features, 4 * units, x), flow.layer(units, 4 * units, x)
    for step in range(steps):
        h, c = flow.lstm_step(flow.time_step(x, step), h, c, kernel, recurrent)
    return flow.case([flow.softmax(flow.fully_connected(h, 3, "NONE"))], "%dsteps" % steps)


@operator("graphs_unrolled_gru", {"int8": 8, "int16": 8, "float32": 2})
def unrolled_gru(random, variant):
    flow = Flow(random, variant)
    steps, features, units = int(random.integers(2, 5)), int(random.integers(2, 7)), int(random.integers(2, 6))
    x = flow.input([1, steps, features])
    h = flow.constant(np.zeros([1, units]))
    h.spread = 0.5
    kernel, recurrent = flow.layer(features, 3 * units, x), flow.layer(units, 3 * units, x)
    for step in range(steps):
        h = flow.gru_step(flow.time_step(x, step), h, kernel, recurrent)
    return flow.case([flow.fully_connected(h, 3, "NONE")], "%dsteps" % steps)


@operator("graphs_while", {"int8_gru": 6, "int16_gru": 4, "int8_lstm": 6, "int16_lstm": 4, "float32_gru": 2, "float32_lstm": 2})
def while_net(random, variant):
    """A recurrent layer as a loop over its steps, quantized inside: what TensorFlow's converter makes in float only."""
    dtype, cell = variant.split("_")
    flow = Flow(random, dtype)
    steps, features, units = int(random.integers(2, 6)), int(random.integers(2, 7)), int(random.integers(2, 6))
    x = flow.input([steps, 1, features])
    main, condition, body = flow.graph, flow.model.subgraph("condition"), flow.model.subgraph("body")
    forms = [flow.quantization(0.5) for _ in range(2 if cell == "lstm" else 1)]
    counter = condition.input("counter", [], "int32")
    condition.input("steps", [steps, 1, features], dtype, x.scale, x.zero)
    for i, form in enumerate(forms):
        condition.input("state%d" % i, [1, units], dtype, *form)
    go_on = condition.tensor("go_on", [], "bool")
    condition.operator("LESS", [counter, condition.constant("count", np.int32(steps), "int32")], [go_on], options("LessOptions"))
    condition.outputs = [go_on]

    flow.graph = body
    counter = body.input("counter", [], "int32")
    inputs = Value(body.input("steps", [steps, 1, features], dtype, x.scale, x.zero), [steps, 1, features], x.scale, x.zero, x.spread)
    states = [Value(body.input("state%d" % i, [1, units], dtype, *form), [1, units], *form, 0.5) for i, form in enumerate(forms)]
    now = flow.like(inputs, [1, features])
    flow.add_operator("GATHER", [inputs, counter], [now], options("GatherOptions", axis=0))
    gates = 4 if cell == "lstm" else 3
    kernel, recurrent = flow.layer(features, gates * units, x), flow.layer(units, gates * units, x)
    made = flow.lstm_step(now, *states, kernel, recurrent) if cell == "lstm" else [flow.gru_step(now, *states, kernel, recurrent)]
    after = []
    for value, form in zip(made, forms):  # a loop's state has one form
        if dtype != "float32":
            value = flow.add_operator("QUANTIZE", [value], [flow.new([1, units], 0.5, form)], options("QuantizeOptions"))
        after.append(value.index)
    next_counter = body.tensor("next_counter", [], "int32")
    body.operator("ADD", [counter, body.constant("one", np.int32(1), "int32")], [next_counter], options("AddOptions"))
    body.outputs = [next_counter, inputs.index] + after

    flow.graph = main
    zeros = [main.constant("zeros%d" % i, np.full([1, units], form[1] or 0), dtype, *form) for i, form in enumerate(forms)]
    ends = [main.tensor("end_counter", [], "int32"), main.tensor("end_steps", [steps, 1, features], dtype, x.scale, x.zero)]
    ends += [main.tensor("end_state%d" % i, [1, units], dtype, *form) for i, form in enumerate(forms)]
    main.operator("WHILE", [main.constant("start", np.int32(0), "int32"), x.index] + zeros, ends, options("WhileOptions", condSubgraphIndex=1, bodySubgraphIndex=2))
    h = Value(ends[2], [1, units], *forms[0], 0.5)
    return flow.case([flow.fully_connected(h, 3, "NONE"), h], "%dsteps" % steps)


@operator("graphs_lstm", {"int8": 16, "float32": 4})
def lstm_net(random, variant):
    """Convolutions, the fused LSTM with or without LayerNorm around it, the last step, a softmax."""
    flow = Flow(random, variant)
    x = flow.input([1, int(random.integers(5, 12)), int(random.integers(3, 7)), 1])
    words = []
    if chance(random, 0.6):
        x = flow.convolution(x)
        words.append("conv")
    x = flow.reshape(x, [1, x.dims[1], x.dims[2] * x.dims[3]])
    if chance(random, 0.4):
        x = flow.layer_norm(x)
        words.append("layernorm")
    for _ in range(int(random.integers(1, 3))):
        if chance(random, 0.3):
            x = flow.transpose(flow.lstm(flow.transpose(x, [1, 0, 2]), int(random.integers(2, 7)), True), [1, 0, 2])
            words.append("time_major")
        else:
            x = flow.lstm(x, int(random.integers(2, 7)))
    x = flow.time_step(x, x.dims[1] - 1) if chance(random, 0.7) else flow.mean(x, [1], False)
    carry = chance(random, 0.4)
    return flow.case([flow.softmax(flow.fully_connected(x, 4, "NONE"))], "_".join(words + (["carry"] if carry else [])), carry)
