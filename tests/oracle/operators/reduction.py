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
