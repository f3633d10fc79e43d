"""Activations and elementwise functions of one input."""
import numpy as np

from cases import Case, operator
from model_builder import Model, options
from operators import random_values as values
from operators.pointwise import unary
from operators.random_values import chance, pick


def near(random, q, dtype, low=-0.5, high=1.2):
    """An output quantization of a similar range."""
    if dtype not in values.QUANTIZED:
        return (None, None)
    if chance(random, 0.2):
        return q
    return (float(np.float32(q[0] * np.exp(random.uniform(-high, -low)))), values.zero_point(random, dtype))


def activation_like(random, code, dtype, option=None, resolver="ref", spread=3.0):
    q = values.parameters(random, dtype)
    return unary(random, code, dtype, q, near(random, q, dtype), option, spread=spread, resolver=resolver)


RELUS = {"float32": 3, "int8": 16, "int16": 8, "uint8": 5}


@operator("relu", RELUS)
def relu(random, variant):
    return activation_like(random, "RELU", variant)


@operator("relu6", RELUS)
def relu6(random, variant):
    return activation_like(random, "RELU6", variant)


@operator("relu_n1_to_1", RELUS)
def relu_n1_to_1(random, variant):
    return activation_like(random, "RELU_N1_TO_1", variant)


@operator("relu_0_to_1", {"float32": 2, "int8": 6, "uint8": 2})
def relu_0_to_1(random, variant):
    return activation_like(random, "RELU_0_TO_1", variant)


@operator("leaky_relu", RELUS)
def leaky_relu(random, variant):
    alpha = float(np.float32(pick(random, [0.1, 0.01, 0.3, 1.5, -0.2, random.uniform(0, 1)])))
    return activation_like(random, "LEAKY_RELU", variant, options("LeakyReluOptions", alpha=alpha))


@operator("prelu", {"float32": 4, "int8": 16, "uint8": 5, "int16": 2})
def prelu(random, variant):
    dims = values.shape(random, int(random.integers(2, 5)), 150)
    alpha_dims = [1] * (len(dims) - 2) + [dims[-1]]
    if chance(random, 0.2):
        alpha_dims = dims[1:]
    elif chance(random, 0.2):
        alpha_dims = [1] * len(dims)
    model = Model()
    q = values.parameters(random, variant)
    alpha_q = values.parameters(random, variant, 1e-3, 0.02)
    x = model.main.input("input", dims, variant, *q)
    alpha = model.main.constant("alpha", values.data(random, alpha_dims, variant, None, 0.3), variant, *alpha_q)
    y = model.main.tensor("output", dims, variant, *near(random, q, variant))
    model.main.operator("PRELU", [x, alpha], [y])
    model.main.outputs = [y]
    return Case(model, {x: values.data(random, dims, variant, 3)}, "x".join(map(str, dims)))


@operator("elu", {"float32": 4, "int8": 16})
def elu(random, variant):
    return activation_like(random, "ELU", variant, resolver="builtin")


@operator("hard_swish", {"float32": 4, "int8": 24, "uint8": 6})
def hard_swish(random, variant):
    q = values.parameters(random, variant)
    if variant != "float32":
        q = (float(np.float32(np.exp(random.uniform(np.log(4e-3), np.log(0.2))))), q[1])
    return unary(random, "HARD_SWISH", variant, q, near(random, q, variant, -0.3, 0.7), spread=3.0)


@operator("gelu", {"float32": 4, "int8": 12, "uint8": 4, "int16": 6})
def gelu(random, variant):
    return activation_like(random, "GELU", variant, options("GeluOptions", approximate=chance(random, 0.5)))


@operator("abs", {"float32": 3, "int8": 12, "int16": 8, "int32": 2})
def absolute(random, variant):
    return activation_like(random, "ABS", variant, options("AbsOptions"))


@operator("neg", {"float32": 3, "int8": 10, "int16": 6, "int32": 2, "int64": 2})
def neg(random, variant):
    return activation_like(random, "NEG", variant, options("NegOptions"))


def positive(random, dims):
    return (np.abs(values.floats(random, dims, 2)) + np.float32(1e-5)).astype(np.float32)


@operator("sqrt", {"float32": 4, "int8": 10, "int16": 3})
def sqrt(random, variant):
    dims = values.shape(random, largest=256, side=12)
    if variant == "float32":
        return unary(random, "SQRT", variant, dims=dims, make=lambda r: positive(r, dims))
    low, high = values.limits(variant)
    zero = low if variant == "int8" and chance(random, 0.6) else 0 if variant == "int16" else int(random.integers(low, 60))
    scale = values.scale(random, variant)
    out = (float(np.float32(np.sqrt(scale * (high - zero)) / (high - low) * np.exp(random.uniform(-0.5, 1)))), values.zero_point(random, variant))
    return unary(random, "SQRT", variant, (scale, zero), out, dims=dims, make=lambda r: r.integers(zero, high + 1, dims).astype(variant))


@operator("square", {"float32": 4, "int8": 3})
def square(random, variant):
    return activation_like(random, "SQUARE", variant, options("SquareOptions"))


@operator("exp", {"float32": 4, "int8": 10, "int16": 8})
def exp(random, variant):
    dims = values.shape(random, largest=256, side=12)
    if variant == "float32":
        return unary(random, "EXP", variant, dims=dims, option=options("ExpOptions"))
    low, high = values.limits(variant)
    top = random.uniform(-2, 3)
    zero = values.zero_point(random, variant)
    scale = float(np.float32((top if top > 0.3 else 1.0) / (high - low) * 2))
    out = (float(np.float32(np.exp(scale * (high - zero)) / (high - low) * np.exp(random.uniform(-0.5, 0.5)))), values.zero_point(random, variant))
    return unary(random, "EXP", variant, (scale, zero), out, options("ExpOptions"), dims=dims)


@operator("log", {"float32": 4, "int8": 10, "int16": 6})
def log(random, variant):
    dims = values.shape(random, largest=256, side=12)
    if variant == "float32":
        return unary(random, "LOG", variant, dims=dims, make=lambda r: positive(r, dims))
    low, high = values.limits(variant)
    zero = low if variant == "int8" and chance(random, 0.6) else 0
    scale = values.scale(random, variant)
    out = (float(np.float32(random.uniform(2, 12) / (high - low))), values.zero_point(random, variant))
    return unary(random, "LOG", variant, (scale, zero), out, dims=dims, make=lambda r: r.integers(zero + 1, high + 1, dims).astype(variant))


def float_only(code, resolver="ref"):
    def build(random, variant):
        return unary(random, code, variant, spread=3.0, resolver=resolver)
    return build


for _name, _resolver in (("sin", "ref"), ("cos", "ref"), ("floor", "ref"), ("ceil", "builtin"), ("round", "builtin")):
    operator(_name, {"float32": 5})(float_only(_name.upper(), _resolver))


@operator("logical_not", {"bool": 3})
def logical_not(random, variant):
    return unary(random, "LOGICAL_NOT", "bool", option=options("LogicalNotOptions"))


@operator("log_softmax", {"float32": 4, "int8": 14, "uint8": 4})
def log_softmax(random, variant):
    dims = values.shape(random, largest=200, side=14)
    q = values.parameters(random, variant, 1e-2, 0.5)
    out = {"int8": (16 / 256, 127), "uint8": (16 / 256, 255)}.get(variant, (None, None))
    return unary(random, "LOG_SOFTMAX", variant, q, out, options("LogSoftmaxOptions"), dims=dims, spread=3)


@operator("l2_normalization", {"float32": 4, "int8": 14, "uint8": 4})
def l2_normalization(random, variant):
    dims = values.shape(random, None, 200, 14)
    q = values.parameters(random, variant)
    out = {"int8": (1 / 128, 0), "uint8": (1 / 128, 128)}.get(variant, (None, None))
    return unary(random, "L2_NORMALIZATION", variant, q, out, options("L2NormOptions"), dims=dims)
