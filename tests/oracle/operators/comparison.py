"""Comparisons, logic, minimum and maximum, division, and other operators of two inputs."""
import numpy as np

from cases import Case, operator
from model_builder import ACTIVATIONS, Model, NUMPY_TYPES, options
from operators import random_values as values
from operators.arithmetic import binary, named
from operators.convolution import activation
from operators.random_values import chance, pick


def comparison(code, table):
    def build(random, variant):
        option = options(table)
        if variant.endswith("above_one"):  # LiteRT shifts by negative counts then; the odd one has equal parameters
            dtype = variant.split("_")[0]
            large = (float(np.float32(np.exp(random.uniform(0.02, 3)))), values.zero_point(random, dtype))
            return binary(random, code, dtype, option, output_type="bool", equal_parameters=chance(random, 0.3), input_parameters=large)
        return binary(random, code, variant, option, output_type="bool", equal_parameters=chance(random, 0.3))
    return build


ORDERED = {"float32": 3, "int8": 10, "uint8": 3, "int16": 2, "int32": 2, "int64": 2, "int8_above_one": 3, "uint8_above_one": 1}
for _name, _table in (("equal", "EqualOptions"), ("not_equal", "NotEqualOptions"), ("greater", "GreaterOptions"),
                      ("greater_equal", "GreaterEqualOptions"), ("less", "LessOptions"), ("less_equal", "LessEqualOptions")):
    operator(_name, dict(ORDERED, bool=2) if "equal" in _name and "_equal" not in _name or _name == "not_equal" else ORDERED)(comparison(_name.upper(), _table))


def logic(code, table):
    return lambda random, variant: binary(random, code, "bool", options(table))


for _name, _table in (("logical_and", "LogicalAndOptions"), ("logical_or", "LogicalOrOptions")):
    operator(_name, {"bool": 4})(logic(_name.upper(), _table))


def extreme(code):
    return lambda random, variant: binary(random, code, variant, options("MaximumMinimumOptions"), equal_parameters=True)


for _name in ("maximum", "minimum"):
    operator(_name, {"float32": 4, "int8": 8, "uint8": 2, "int16": 4, "int32": 3, "int64": 3})(extreme(_name.upper()))


def quotient_scale(random, first, second, dtype):
    steps = 100 if dtype != "int16" else 32767
    return float(np.float32(first[0] / second[0] / steps * np.exp(random.uniform(1, 4)))), values.zero_point(random, dtype)


def nonzero(random, dims, dtype, zero=0):
    data = values.data(random, dims, dtype)
    return np.where(data == zero, data.dtype.type(zero + 1 if zero < 127 else zero - 1), data).astype(data.dtype)


@operator("div", {"float32": 6, "int8": 16, "int16": 8, "uint8": 6, "int32": 3})
def div(random, variant):
    act = activation(random)
    option = options("DivOptions", fusedActivationFunction=ACTIVATIONS[act])
    if variant not in values.QUANTIZED:
        return binary(random, "DIV", variant, option, note=named(act), second=lambda r, d: nonzero(r, d, variant))
    q = values.parameters(random, variant)
    return binary(random, "DIV", variant, option, note=named(act), output_scale=quotient_scale, equal_parameters=True, input_parameters=q,
                  second=lambda r, d: nonzero(r, d, variant, q[1]))


@operator("floor_div", {"float32": 4, "int32": 4, "int8": 2, "int16": 2})
def floor_div(random, variant):
    return binary(random, "FLOOR_DIV", variant, options("FloorDivOptions"), second=lambda r, d: nonzero(r, d, variant))


@operator("floor_mod", {"float32": 4, "int32": 4, "int64": 3, "int8": 2, "int16": 2})
def floor_mod(random, variant):
    return binary(random, "FLOOR_MOD", variant, options("FloorModOptions"), second=lambda r, d: nonzero(r, d, variant))


@operator("pow", {"float32": 3, "int32": 3})
def pow_(random, variant):
    if variant == "int32":
        return binary(random, "POW", variant, options("PowOptions"), constant_share=0,
                      second=lambda r, d: r.integers(0, 3, d).astype(np.int32))
    return binary(random, "POW", variant, options("PowOptions"), constant_share=0, second=lambda r, d: r.integers(-2, 4, d).astype(np.float32))


@operator("add_n", {"float32": 4, "int32": 3, "int8": 8})
def add_n(random, variant):
    dims = values.shape(random)
    count = int(random.integers(2, 5))
    model = Model()
    q = values.parameters(random, variant)
    same = chance(random, 0.85)
    indices = [model.main.input("part%d" % i, dims, variant, *(q if same else values.parameters(random, variant))) for i in range(count)]
    out_q = q
    if variant == "int8":
        out_q = (float(np.float32(0.5 * np.exp(random.uniform(0, 1.5)))), values.zero_point(random, variant))
    y = model.main.tensor("output", dims, variant, *out_q)
    model.main.operator("ADD_N", indices, [y], options("AddNOptions"))
    model.main.outputs = [y]
    return Case(model, {i: values.data(random, dims, variant, 2) for i in indices}, "%dparts" % count)
