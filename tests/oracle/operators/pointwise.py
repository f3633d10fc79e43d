"""Operators of one input that keep its shape: activations, roots, softmax."""
import numpy as np

from cases import Case, operator
from model_builder import Model, options
from operators import random_values as values
from operators.random_values import chance, pick


def unary(random, code, dtype, in_q=None, out_q=None, option=None, out_type=None, make=None, dims=None, note="", resolver="ref", spread=1.0):
    dims = dims or values.shape(random)
    in_q = in_q or values.parameters(random, dtype)
    if out_q is None:
        out_q = values.parameters(random, out_type or dtype)
    model = Model()
    graph = model.main
    x = graph.input("input", dims, dtype, in_q[0], in_q[1])
    y = graph.tensor("output", dims, out_type or dtype, out_q[0], out_q[1])
    graph.operator(code, [x], [y], option)
    graph.outputs = [y]
    make = make or (lambda r: values.data(r, dims, dtype, None, spread))
    return Case(model, {x: np.stack([make(random) for _ in range(3)])}, note + "x".join(map(str, dims)), resolver=resolver)


def fixed_output(dtype, low):
    """The output scale the reference insists on: low = 0 for LOGISTIC, -1 for TANH."""
    if dtype == "int16":
        return (1 / 32768, 0)
    if dtype not in values.QUANTIZED:
        return (None, None)
    if low == 0:
        return (1 / 256, -128 if dtype == "int8" else 0)
    return (1 / 128, 0 if dtype == "int8" else 128)


def gate_input(random, dtype):
    """Input quantization of a sigmoid or tanh: ranges from 0.05 to 40, for int16 also the powers of two with a path of their own."""
    if dtype == "int16":
        return (pick(random, [2.0 ** -12, 2.0 ** -11, 2.0 ** -13, 2.0 ** -15, float(np.float32(np.exp(random.uniform(np.log(1e-6), np.log(2e-3)))))]), 0)
    if dtype not in values.QUANTIZED:
        return (None, None)
    return (pick(random, [2.0 ** -12, 2.0 ** -4, 2.0 ** -5, 0.1, float(np.float32(np.exp(random.uniform(np.log(4e-4), np.log(0.3)))))]),
            values.zero_point(random, dtype))


@operator("logistic", {"float32": 6, "int8": 24, "int16": 24, "uint8": 6})
def logistic(random, variant):
    return unary(random, "LOGISTIC", variant, gate_input(random, variant), fixed_output(variant, 0), spread=4, dims=values.shape(random, largest=400, side=12))


@operator("tanh", {"float32": 6, "int8": 24, "int16": 24, "uint8": 6})
def tanh(random, variant):
    return unary(random, "TANH", variant, gate_input(random, variant), fixed_output(variant, -1), spread=2, dims=values.shape(random, largest=400, side=12))


@operator("softmax", {"float32": 8, "int8": 24, "int8_to_int16": 14, "int16": 16, "uint8": 8})
def softmax(random, variant):
    dtype = variant.split("_")[0]
    out_type = "int16" if variant == "int8_to_int16" else dtype
    dims = values.shape(random, largest=200, side=12)
    if chance(random, 0.3):
        dims = dims[:-1] + [int(random.integers(1, 40))]
    beta = 1.0 if chance(random, 0.6) else float(np.float32(pick(random, [0.5, 2.0, random.uniform(0.1, 3)])))
    in_q = (None, None)
    if dtype in values.QUANTIZED:
        low, high = (1e-5, 1e-3) if dtype == "int16" else (1e-3, 1.0)
        in_q = (float(np.float32(np.exp(random.uniform(np.log(low), np.log(high))))), values.zero_point(random, dtype))
    out_q = {"int16": (1 / 32768, 0), "int8": (1 / 256, -128), "uint8": (1 / 256, 0)}.get(out_type, (None, None))
    if variant == "int8_to_int16":  # what TFLite Micro insists on
        out_q = (1 / 65536, -32768) if chance(random, 0.8) else out_q
    return unary(random, "SOFTMAX", dtype, in_q, out_q, options("SoftmaxOptions", beta=beta), out_type, dims=dims, spread=3,
                 note="" if beta == 1.0 else "beta_")


def multiplied(values_, multiplier):
    """The reference's fixed-point product, rounded twice, with a factor below 1."""
    mantissa, exponent = np.frexp(multiplier)
    high = np.floor(values_ * np.floor(mantissa * 2.0 ** 31 + 0.5) / 2.0 ** 31 + 0.5)
    return np.floor(high * 2.0 ** int(exponent) + 0.5)


def reciprocal_root_ties(scale, out):
    """Codes where it matters whether the scales are multiplied in float or in double, and some more."""
    codes = np.arange(1, 32768)
    roots = np.rint(2.0 ** 20 / np.sqrt(codes))
    in_float, in_double = 1 / float(np.sqrt(np.float32(scale)) * np.float32(out)), 1 / (np.sqrt(scale) * out)
    differing = codes[multiplied(roots, in_float / 2 ** 20) != multiplied(roots, in_double / 2 ** 20)]
    return np.concatenate([differing, codes[::250]])[:200]


@operator("rsqrt", {"float32": 5, "int8": 24, "int16": 10, "int16_ties": 8})
def rsqrt(random, variant):
    if variant == "int16_ties":
        scale, out = values.scale(random, "int16", 1e-4, 0.1), float(np.float32(np.exp(random.uniform(-4.5, -3))))
        return unary(random, "RSQRT", "int16", (scale, 0), (out, 0), make=lambda r: np.resize(reciprocal_root_ties(scale, out), 200).astype(np.int16), dims=[200])
    dims = values.shape(random, largest=256, side=12)
    if variant == "float32":
        return unary(random, "RSQRT", variant, make=lambda r: np.abs(values.floats(r, dims, 2)) + np.float32(1e-6), dims=dims)
    low, high = values.limits(variant)
    zero = 0 if variant == "int16" else pick(random, [-128, -128, int(random.integers(-128, 100))])
    scale = values.scale(random, variant, 1e-4, 0.1)
    out = (float(np.float32(1 / np.sqrt(scale) / 100 * np.exp(random.uniform(-1.5, 1.5)))) * (1 / 256 if variant == "int16" else 1), values.zero_point(random, variant))
    def make(r):  # values below the zero point are refused
        if chance(r, 0.5):
            return r.integers(zero, high + 1, dims).astype(variant)
        return np.minimum(zero + np.abs(np.rint(r.normal(0, (high - zero) / 30 + 1, dims))).astype(np.int64), high).astype(variant)
    return unary(random, "RSQRT", variant, (scale, zero), out, make=make, dims=dims)


@operator("sign", {"float32": 3, "int32": 2})
def sign(random, variant):
    return unary(random, "SIGN", variant)


@operator("fake_quant", {"float32": 8})
def fake_quant(random, variant):
    low, high = sorted(float(np.float32(v)) for v in (-np.exp(random.uniform(-3, 3)), np.exp(random.uniform(-3, 3))))
    if chance(random, 0.3):
        low = 0.0
    return unary(random, "FAKE_QUANT", variant, option=options("FakeQuantOptions", min=low, max=high, numBits=pick(random, [8, 8, 4, 16]), narrowRange=chance(random, 0.4)))


@operator("local_response_normalization", {"float32": 6})
def local_response_normalization(random, variant):
    dims = [int(d) for d in random.integers(1, 5, 3)] + [int(random.integers(1, 12))]
    option = options("LocalResponseNormalizationOptions", radius=int(random.integers(0, 6)), bias=float(random.uniform(0.5, 2)), alpha=float(random.uniform(0, 0.5)),
                     beta=pick(random, [0.5, 0.75, 1.0]))
    return unary(random, "LOCAL_RESPONSE_NORMALIZATION", variant, option=option, dims=dims)
