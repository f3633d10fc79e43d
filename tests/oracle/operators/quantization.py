"""QUANTIZE and DEQUANTIZE."""
import numpy as np

from cases import Case, operator
from model_builder import Model
from operators import random_values as values
from operators.pointwise import unary
from operators.random_values import chance, pick


@operator("quantize", {
    "float32_to_int8": 14, "float32_to_uint8": 5, "float32_to_int16": 8, "float32_to_int32": 2, "int8_to_int8": 12, "int8_to_uint8": 3,
    "uint8_to_int8": 4, "uint8_to_uint8": 3, "int16_to_int16": 6, "int16_to_int8": 6, "int8_to_int16": 5, "int16_to_int32": 4,
    "int8_to_int32": 3, "int32_to_int8": 3, "int32_to_int16": 3, "float32_to_int8_perchannel": 4})
def quantize(random, variant):
    source, _, target = variant.replace("_perchannel", "").split("_")
    dims = values.shape(random, largest=300, side=9)
    in_q = values.parameters(random, source)
    if source == "int32":
        in_q = (float(np.float32(np.exp(random.uniform(-14, -8)))), 0)
    if target == "int32":
        out_q = (float(np.float32(np.exp(random.uniform(-12, -6)))), 0)
    else:
        out_q = values.parameters(random, target)
    if source != "float32" and chance(random, 0.7):
        ratio = values.limits(source)[1] / values.limits(target)[1] if target != "int32" else 1
        out_q = (float(np.float32(in_q[0] * min(ratio, 300) * np.exp(random.uniform(-1, 1)))), out_q[1])
    spread = 1.0 if target not in values.QUANTIZED else out_q[0] * values.limits(target)[1] / 2

    def make(r):
        if source != "float32":
            return values.data(r, dims, source, None, 1.0, 2 ** 20)
        if chance(r, 0.4):  # exact halves: ties
            low, high = values.limits(target) if target != "int32" else (-1000, 1000)
            return (out_q[0] * (r.integers(low, high, dims) - (out_q[1] or 0) + 0.5)).astype(np.float32)
        return values.floats(r, dims, spread)

    if "perchannel" in variant:
        channels = dims[-1]
        model = Model()
        x = model.main.input("input", dims, source)
        scales = np.exp(random.uniform(-5, -1, channels)).astype(np.float32)
        y = model.main.tensor("output", dims, target, scales, np.zeros(channels), axis=len(dims) - 1)
        model.main.operator("QUANTIZE", [x], [y])
        model.main.outputs = [y]
        return Case(model, {x: np.stack([make(random) for _ in range(3)])})
    return unary(random, "QUANTIZE", source, in_q, out_q, out_type=target, make=make, dims=dims)


@operator("dequantize", {"int8": 8, "uint8": 4, "int16": 6, "int8_perchannel": 4, "float16": 2, "int4": 2})
def dequantize(random, variant):
    dims = values.shape(random, largest=300, side=9)
    dtype = variant.split("_")[0]
    model = Model()
    if dtype == "float16":
        x = model.main.input("input", dims, dtype)
        data = np.stack([values.floats(random, dims).astype(np.float16) for _ in range(3)])
    elif dtype == "int4":
        channels = dims[-1]
        x = model.main.constant("input", random.integers(-8, 8, dims), "int4", np.float32(0.1), 0)
        data = None
    elif "perchannel" in variant:
        x = model.main.input("input", dims, dtype, np.exp(random.uniform(-5, -1, dims[-1])).astype(np.float32), np.zeros(dims[-1]), axis=len(dims) - 1)
        data = values.data(random, dims, dtype, 3)
    else:
        x = model.main.input("input", dims, dtype, *values.parameters(random, dtype))
        data = values.data(random, dims, dtype, 3)
    y = model.main.tensor("output", dims, "float32")
    model.main.operator("DEQUANTIZE", [x], [y])
    model.main.outputs = [y]
    return Case(model, {} if data is None else {x: data})
