"""Elementwise operators of two inputs."""
import numpy as np

from cases import Case, operator
from model_builder import ACTIVATIONS, Model, options
from operators import random_values as values
from operators.convolution import activation
from operators.random_values import chance, pick


def binary(random, code, dtype, option=None, output_type=None, output_scale=None, constant_share=0.25, note="", second=None,
           equal_parameters=False, input_parameters=None):
    """One case of a binary operator. output_scale: (random, first, second) -> (scale, zero point)."""
    first_dims, second_dims, out_dims = values.broadcast_pair(random)
    first_q = input_parameters or values.parameters(random, dtype)
    second_q = first_q if equal_parameters else values.parameters(random, dtype)
    if dtype in values.QUANTIZED and not equal_parameters and input_parameters is None and chance(random, 0.6):
        second_q = (float(np.float32(first_q[0] * np.exp(random.uniform(-2, 2)))), second_q[1])
    out_type = output_type or dtype
    out_q = (None, None)
    if out_type in values.QUANTIZED:
        out_q = output_scale(random, first_q, second_q, out_type) if output_scale else first_q
    model = Model()
    graph = model.main
    data = {}
    indices = []
    constant_at = int(random.integers(2)) if chance(random, constant_share) else None
    for position, (dims, parameters) in enumerate(((first_dims, first_q), (second_dims, second_q))):
        maker = second if position == 1 and second else lambda r, d: values.data(r, d, dtype)
        name = "first" if position == 0 else "second"
        if position == constant_at:
            indices.append(graph.constant(name, maker(random, dims), dtype, parameters[0], parameters[1]))
        else:
            index = graph.input(name, dims, dtype, parameters[0], parameters[1])
            indices.append(index)
            data[index] = np.stack([maker(random, dims) for _ in range(3)])
    y = graph.tensor("output", out_dims, out_type, out_q[0], out_q[1])
    graph.operator(code, indices, [y], option)
    graph.outputs = [y]
    text = "x".join(map(str, first_dims)) + "_with_" + "x".join(map(str, second_dims))
    return Case(model, data, note + text)


def sum_scale(random, first, second, dtype):
    largest = max(first[0], second[0])
    return float(np.float32(largest * np.exp(random.uniform(0.05, 1.5)))), values.zero_point(random, dtype)


def any_scale(random, first, second, dtype):
    largest = max(first[0], second[0])
    return float(np.float32(largest * np.exp(random.uniform(-2, 2)))), values.zero_point(random, dtype)


def product_scale(random, first, second, dtype):
    steps = 32767 if dtype == "int16" else 100
    return float(np.float32(first[0] * second[0] * steps * np.exp(random.uniform(-1.5, 1)))), values.zero_point(random, dtype)


def power_of_two(random):
    return 2.0 ** int(random.integers(-14, -5))


ARITHMETIC = {"float32": 12, "int8": 30, "int16": 20, "uint8": 8, "int32": 6}


def named(act):
    return "" if act == "NONE" else act.lower() + "_"


@operator("add", dict(ARITHMETIC, int16_pot=6, int64=2, int16_nearly_pot=4))
def add(random, variant):
    return added("ADD", "AddOptions", random, variant)


@operator("sub", dict(ARITHMETIC, int16_pot=6, int64=2, int16_nearly_pot=4))
def sub(random, variant):
    return added("SUB", "SubOptions", random, variant)


def added(code, table, random, variant):
    act = activation(random)
    dtype = variant.split("_")[0]
    if variant == "int16_pot":
        option = options(table, fusedActivationFunction=ACTIVATIONS[act], potScaleInt16=True)
        scales = [power_of_two(random) for _ in range(2)]
        return binary(random, code, dtype, option, note=named(act), input_parameters=(scales[0], 0), equal_parameters=chance(random, 0.5),
                      output_scale=lambda r, a, b, t: (max(a[0], 2.0 ** np.ceil(np.log2(b[0]))) * pick(r, [1, 2]), 0))
    if variant == "int16_nearly_pot":  # log2 within 1e-3 of a whole number is one: 1.0006 is, 1.0009 is not
        power = power_of_two(random)
        scale = float(np.float32(power * (1 + pick(random, [3e-4, 6e-4, -6e-4, 9e-4]))))
        option = options(table, fusedActivationFunction=ACTIVATIONS[act], potScaleInt16=True)
        return binary(random, code, dtype, option, note=named(act), input_parameters=(scale, 0), equal_parameters=True, output_scale=lambda r, a, b, t: (power, 0))
    option = options(table, fusedActivationFunction=ACTIVATIONS[act], potScaleInt16=False)
    return binary(random, code, dtype, option, note=named(act), output_scale=sum_scale if chance(random, 0.85) else any_scale)


@operator("mul", dict(ARITHMETIC, int64=2))
def mul(random, variant):
    act = activation(random)
    return binary(random, "MUL", variant, options("MulOptions", fusedActivationFunction=ACTIVATIONS[act]), note=named(act),
                  output_scale=product_scale)


@operator("squared_difference", {"float32": 8, "int8": 30, "int16": 8, "int32": 4})
def squared_difference(random, variant):
    def squared_scale(r, a, b, dtype):
        largest = max(a[0], b[0])
        steps = 32767 if dtype == "int16" else 200
        return float(np.float32(largest ** 2 * steps * np.exp(r.uniform(-1.5, 1)))), values.zero_point(r, dtype)
    return binary(random, "SQUARED_DIFFERENCE", variant, options("SquaredDifferenceOptions"), output_scale=squared_scale)
