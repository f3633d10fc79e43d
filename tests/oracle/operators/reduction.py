"""Reductions over axes."""
import numpy as np

from cases import Case, operator
from model_builder import Model, options
from operators import random_values as values
from operators.random_values import chance, pick


def reduce(random, code, dtype, out_q=None, spread=1.0, magnitude=1000):
    rank = int(random.integers(1, 5))
    dims = values.shape(random, rank, 250)
    count = int(random.integers(1, rank + 1))
    axes = sorted(int(a) for a in random.permutation(rank)[:count])
    if rank == 4 and chance(random, 0.4):
        axes = [1, 2]
    keep = chance(random, 0.5)
    out_dims = [1 if a in axes else d for a, d in enumerate(dims)] if keep else [d for a, d in enumerate(dims) if a not in axes]
    in_q = values.parameters(random, dtype)
    out_q = out_q(random, in_q, dtype, int(np.prod([dims[a] for a in axes]))) if out_q and dtype in values.QUANTIZED else in_q
    written = [a - rank if chance(random, 0.2) else a for a in axes]
    if chance(random, 0.2):
        written = written[::-1]
    model = Model()
    x = model.main.input("input", dims, dtype, *in_q)
    axis = model.main.constant("axes", np.array(written), "int32")
    y = model.main.tensor("output", out_dims, dtype, *out_q)
    model.main.operator(code, [x, axis], [y], options("ReducerOptions", keepDims=keep))
    model.main.outputs = [y]
    return Case(model, {x: values.data(random, dims, dtype, 3, spread, magnitude)},
                "x".join(map(str, dims)) + "_over" + "".join(map(str, axes)) + ("_keep" if keep else ""))


def free_scale(random, in_q, dtype, count):
    kind = random.random()
    if kind < 0.3:
        return in_q
    return float(np.float32(in_q[0] * np.exp(random.uniform(-2, 1)))), values.zero_point(random, dtype)


def sum_scale(random, in_q, dtype, count):
    return float(np.float32(in_q[0] * np.sqrt(count) * np.exp(random.uniform(-0.5, 1.5)))), values.zero_point(random, dtype)


@operator("mean", {"float32": 10, "int8": 36, "int16": 14, "uint8": 8, "int32": 3, "int64": 2})
def mean(random, variant):
    return reduce(random, "MEAN", variant, free_scale)


@operator("sum", {"float32": 6, "int8": 20, "int16": 10, "uint8": 6, "int32": 3, "int64": 2})
def sum_(random, variant):
    return reduce(random, "SUM", variant, sum_scale)


REDUCED = {"float32": 4, "int8": 8, "uint8": 3, "int16": 4, "int32": 3, "int64": 2}


@operator("reduce_max", REDUCED)
def reduce_max(random, variant):
    return reduce(random, "REDUCE_MAX", variant)


@operator("reduce_min", REDUCED)
def reduce_min(random, variant):
    return reduce(random, "REDUCE_MIN", variant)


@operator("reduce_prod", {"float32": 4, "int8": 8, "int16": 4, "int32": 3, "int64": 2})
def reduce_prod(random, variant):
    return reduce(random, "REDUCE_PROD", variant, free_scale, 1.0, 3)


@operator("reduce_any", {"bool": 4})
def reduce_any(random, variant):
    return reduce(random, "REDUCE_ANY", variant)


@operator("reduce_all", {"bool": 4})
def reduce_all(random, variant):
    return reduce(random, "REDUCE_ALL", variant)


def arg_extreme(code, table):
    def build(random, variant):
        dtype, _, out_type = variant.partition("_to_")
        out_type = out_type or "int32"
        rank = int(random.integers(1, 5))
        dims = values.shape(random, rank, 150)
        axis = int(random.integers(-rank, rank))
        model = Model()
        x = model.main.input("input", dims, dtype, *values.parameters(random, dtype))
        axis_tensor = model.main.constant("axis", np.array(axis if chance(random, 0.5) else [axis]), "int32")
        at = axis % rank
        y = model.main.tensor("output", dims[:at] + dims[at + 1:], out_type)
        model.main.operator(code, [x, axis_tensor], [y], options(table, outputType={"int32": 2, "int64": 4}[out_type]))
        model.main.outputs = [y]
        return Case(model, {x: values.data(random, dims, dtype, 3)}, "x".join(map(str, dims)) + "_axis%d" % axis)
    return build


ARGUMENTS = {"float32": 4, "int8": 6, "uint8": 2, "int16": 2, "int32": 2, "int64": 1, "bool": 1, "float32_to_int64": 2, "int8_to_int64": 2}
operator("arg_max", ARGUMENTS)(arg_extreme("ARG_MAX", "ArgMaxOptions"))
operator("arg_min", ARGUMENTS)(arg_extreme("ARG_MIN", "ArgMinOptions"))
