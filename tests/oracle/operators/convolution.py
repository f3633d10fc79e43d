"""CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED: float, quantized, hybrid."""
import numpy as np

from cases import Case, operator
from model_builder import ACTIVATIONS, PADDINGS, Model, options
from operators import random_values as values
from operators.random_values import chance, pick

CONVOLUTION_VARIANTS = {
    "float32": 16, "int8": 14, "int8_perchannel": 36, "int8_nobias": 4, "int8_int4weights": 8,
    "int16_int64bias": 16, "int16_int32bias": 12, "int16_nobias": 4, "uint8": 12, "hybrid": 8, "hybrid_perchannel": 8, "int8_gain": 8, "int16_int64bias_gain": 5}
INT64_BIAS, INT32_BIAS = "int64", "int32"


def activation(random):
    return pick(random, ["NONE", "NONE", "RELU", "RELU_N1_TO_1", "RELU6"])


class WeightedParameters:
    """Types and quantization of input, weights, bias and output of one multiply-accumulate operator."""

    MAY_LACK_BIAS = False

    def __init__(self, random, variant, channels, depth):
        kind = variant.split("_")[0]
        self.input_type = "float32" if kind == "hybrid" else kind
        self.weight_type = {"float32": "float32", "uint8": "uint8"}.get(kind, "int8")
        self.weight_storage = "int4" if "int4weights" in variant else self.weight_type
        per_channel = "perchannel" in variant or (kind == "int16") or ("int4" in variant and chance(random, 0.5))
        self.bias_type = None if "nobias" in variant or (self.MAY_LACK_BIAS and chance(random, 0.05)) else {
            "float32": "float32", "hybrid": "float32", "int16": INT64_BIAS}.get(kind, "int32")
        if "int32bias" in variant and self.bias_type:
            self.bias_type = INT32_BIAS
        self.input_scale, self.input_zero = values.parameters(random, self.input_type)
        self.output_scale = self.output_zero = self.weight_scale = self.weight_zero = self.bias_scale = None
        if self.weight_type == "float32":
            return
        count = channels if per_channel else 1
        self.weight_scale = np.exp(random.uniform(np.log(1e-3), np.log(0.05), count)).astype(np.float32)
        if per_channel and chance(random, 0.15):
            self.weight_scale[int(random.integers(count))] *= np.float32(2.0 ** -12)
        self.weight_zero = np.zeros(count, np.int64)
        if kind == "uint8":
            self.weight_zero[0] = pick(random, [128, 0, 255, int(random.integers(256))])
        if kind == "hybrid":
            return
        self.bias_scale = (self.weight_scale * np.float32(self.input_scale)).astype(np.float32)
        weights_spread = 5 if self.weight_storage == "int4" else 74
        input_spread = 18900 if kind == "int16" else 90
        spread = float(np.median(self.bias_scale)) * np.sqrt(depth) * weights_spread * input_spread
        steps = 32768 if kind == "int16" else 128
        self.output_scale = float(np.float32(spread * 3 / steps * np.exp(random.uniform(-1.2, 0.8))))
        if "gain" in variant:  # multipliers around and above 1
            self.output_scale = float(np.float32(np.median(self.bias_scale) * np.exp(random.uniform(-2.5, 2.5))))
        self.output_zero = values.zero_point(random, kind)

    def weights(self, random, dims):
        if self.weight_type == "float32":
            return values.floats(random, dims, 0.5)
        if self.weight_storage == "int4":
            return random.integers(-7, 8, dims)
        if self.weight_type == "uint8":
            return values.integers(random, dims, "uint8")
        return np.clip(values.integers(random, dims, "int8"), -127, 127)

    def bias(self, random, channels, depth):
        if self.bias_type == "float32":
            return values.floats(random, [channels], 1.0)
        size = 74 * (18900 if self.input_type == "int16" else 90) * np.sqrt(depth)
        return np.rint(random.normal(0, size, channels)).astype(np.int64)

    def add(self, random, graph, input_dims, weight_dims, output_dims, axis, channels, depth):
        """Adds input, weights, bias, output tensors; returns (inputs, output)."""
        x = graph.input("input", input_dims, self.input_type, self.input_scale, self.input_zero)
        w = graph.constant("weights", self.weights(random, weight_dims), self.weight_storage, self.weight_scale, self.weight_zero, axis)
        inputs = [x, w]
        if self.bias_type:
            inputs.append(graph.constant("bias", self.bias(random, channels, depth), self.bias_type, self.bias_scale, None, 0))
        elif chance(random, 0.3):
            inputs.append(-1)
        y = graph.tensor("output", output_dims, self.input_type, self.output_scale, self.output_zero)
        graph.outputs = [y]
        return inputs, x, y

    def quantized_bias_option(self):
        """LiteRT looks at this option for 16x8, TFLite Micro at the tensor."""
        return {"int32": 2, "int64": 4}.get(self.bias_type, 0) if self.input_type == "int16" else 0


def window(random, size, limit=4):
    """(filter, stride, dilation) of one axis."""
    return int(random.integers(1, limit + 1)), int(random.integers(1, 4)), pick(random, [1, 1, 1, 2, 3])


def output_size(size, filter_size, stride, dilation, padding):
    effective = (filter_size - 1) * dilation + 1
    if padding == "SAME":
        return -(-size // stride)
    return -(-(size - effective + 1) // stride)


def geometry(random):
    """A window that leaves at least one output cell."""
    while True:
        height, width = (int(d) for d in random.integers(1, 9, 2))
        (kh, sh, dh), (kw, sw, dw) = window(random, height), window(random, width)
        if chance(random, 0.15):
            kh = kw = 1
        if chance(random, 0.3):
            sw = sh
        padding = pick(random, ["SAME", "VALID"])
        oh, ow = output_size(height, kh, sh, dh, padding), output_size(width, kw, sw, dw, padding)
        if oh > 0 and ow > 0:
            return height, width, kh, kw, sh, sw, dh, dw, padding, oh, ow


def note(kh, kw, sh, sw, dh, dw, padding, act):
    text = "%dx%d_stride%dx%d_%s" % (kh, kw, sh, sw, padding.lower())
    if (dh, dw) != (1, 1):
        text += "_dilation%dx%d" % (dh, dw)
    return text + ("" if act == "NONE" else "_" + act.lower())


@operator("conv_2d", dict(CONVOLUTION_VARIANTS, int8_grouped=4, float32_grouped=2))
def conv_2d(random, variant):
    height, width, kh, kw, sh, sw, dh, dw, padding, oh, ow = geometry(random)
    batch = pick(random, [1, 1, 2])
    channels_in, channels = int(random.integers(1, 7)), int(random.integers(1, 9))
    groups = 1
    if "grouped" in variant:
        groups = int(random.integers(2, 4))
        channels = groups * int(random.integers(1, 4))
    act = activation(random)
    depth = kh * kw * channels_in
    parameters = WeightedParameters(random, variant.replace("grouped", "perchannel"), channels, depth)
    model = Model()
    inputs, x, y = parameters.add(
        random, model.main, [batch, height, width, channels_in * groups], [channels, kh, kw, channels_in],
        [batch, oh, ow, channels], 0, channels, depth)
    model.main.operator("CONV_2D", inputs, [y], options(
        "Conv2DOptions", padding=PADDINGS[padding], strideH=sh, strideW=sw, dilationHFactor=dh, dilationWFactor=dw,
        fusedActivationFunction=ACTIVATIONS[act], quantizedBiasType=parameters.quantized_bias_option()))
    data = values.data(random, [batch, height, width, channels_in * groups], parameters.input_type, 3)
    return Case(model, {x: data}, note(kh, kw, sh, sw, dh, dw, padding, act))


@operator("depthwise_conv_2d", CONVOLUTION_VARIANTS)
def depthwise_conv_2d(random, variant):
    height, width, kh, kw, sh, sw, dh, dw, padding, oh, ow = geometry(random)
    if chance(random, 0.85):  # some engines take only equal strides
        sw = sh
        ow = output_size(width, kw, sw, dw, padding)
        if ow <= 0:
            padding = "SAME"
            oh, ow = output_size(height, kh, sh, dh, padding), output_size(width, kw, sw, dw, padding)
    batch = pick(random, [1, 1, 2])
    channels_in, multiplier = int(random.integers(1, 6)), pick(random, [1, 1, 2, 3, 8])
    channels = channels_in * multiplier
    act = activation(random)
    depth = kh * kw
    parameters = WeightedParameters(random, variant, channels, depth)
    model = Model()
    inputs, x, y = parameters.add(
        random, model.main, [batch, height, width, channels_in], [1, kh, kw, channels], [batch, oh, ow, channels], 3, channels, depth)
    model.main.operator("DEPTHWISE_CONV_2D", inputs, [y], options(
        "DepthwiseConv2DOptions", padding=PADDINGS[padding], strideH=sh, strideW=sw, depthMultiplier=multiplier,
        dilationHFactor=dh, dilationWFactor=dw, fusedActivationFunction=ACTIVATIONS[act]))
    data = values.data(random, [batch, height, width, channels_in], parameters.input_type, 3)
    return Case(model, {x: data}, "m%d_" % multiplier + note(kh, kw, sh, sw, dh, dw, padding, act),
                void={"tflm": "reads the int32 bias as int64"} if variant == "int16_int32bias" else None)


@operator("fully_connected", {
    "float32": 12, "int8": 30, "int8_perchannel": 20, "int8_weightzero": 8, "int8_int4weights": 8,
    "int8_variableweights": 4, "int16_int64bias": 16, "int16_int32bias": 12, "int16_nobias": 8,
    "int16_perchannel_int64bias": 8, "uint8": 12, "hybrid": 10, "hybrid_perchannel": 6, "hybrid_asymmetric": 6, "int8_gain": 10,
    "int16_int64bias_gain": 6, "uint8_many": 3})
def fully_connected(random, variant):
    depth, channels = int(random.integers(1, 40)), int(random.integers(1, 12))
    if variant == "uint8_many":  # litert and 2.14 differ near ties alone
        depth, channels, variant = 3, 1200, "uint8"
    keep = chance(random, 0.25)
    dims = [int(random.integers(1, 4)), depth]
    if keep or chance(random, 0.2):
        dims = [int(d) for d in random.integers(1, 4, int(random.integers(1, 3)))] + [depth]
    rows = int(np.prod(dims[:-1]))
    act = activation(random)
    kind = variant
    if variant.startswith("int16") and "perchannel" not in variant:
        kind = variant.replace("int16", "int16pertensor")
    parameters = FullyConnectedParameters(random, kind, channels, depth)
    model = Model()
    graph = model.main
    out_dims = dims[:-1] + [channels] if keep else [rows, channels]
    if variant == "int8_variableweights":
        x = graph.input("input", dims, "int8", parameters.input_scale, parameters.input_zero)
        w = graph.input("weights", [channels, depth], "int8", parameters.weight_scale, parameters.weight_zero)
        y = graph.tensor("output", out_dims, "int8", parameters.output_scale, parameters.output_zero)
        graph.outputs = [y]
        inputs = [x, w, -1]
    else:
        inputs, x, y = parameters.add(random, graph, dims, [channels, depth], out_dims, 0, channels, depth)
    graph.operator("FULLY_CONNECTED", inputs, [y], options(
        "FullyConnectedOptions", fusedActivationFunction=ACTIVATIONS[act], keepNumDims=keep,
        asymmetricQuantizeInputs="asymmetric" in variant, quantizedBiasType=parameters.quantized_bias_option()))
    data = {x: values.data(random, dims, parameters.input_type, 3)}
    if variant == "int8_variableweights":
        data[w] = values.data(random, [channels, depth], "int8", 3)
    return Case(model, data, ("keepdims_" if keep else "") + "%dto%d" % (depth, channels) + ("" if act == "NONE" else "_" + act.lower()),
                void={"tflite-2.14": "takes the first two axes of the output for rows and channels"}
                if "perchannel" in variant and len(out_dims) != 2 and not variant.startswith("hybrid") else None)


class FullyConnectedParameters(WeightedParameters):
    MAY_LACK_BIAS = True

    def __init__(self, random, variant, channels, depth):
        super().__init__(random, variant.replace("int16pertensor", "int16"), channels, depth)
        if variant.startswith("int16pertensor"):
            self.weight_scale, self.weight_zero = self.weight_scale[:1], self.weight_zero[:1]
            self.bias_scale = self.bias_scale[:1]
        if "weightzero" in variant:
            self.weight_zero[0] = int(random.integers(-128, 128))
