"""Gather, scatter, slice, select, fill and other operators whose result depends on indices or shapes."""
import numpy as np

from cases import Case, operator
from model_builder import NUMPY_TYPES, Model, options, type_code
from operators import random_values as values
from operators.random_values import chance, pick
from operators.rearrangement import Mover, copy_types, text


@operator("gather", copy_types(int8=10))
def gather(random, variant):
    rank = int(random.integers(1, 5))
    dims = values.shape(random, rank, 100, 6)
    axis = int(random.integers(rank))
    batch_dims = int(random.integers(0, axis + 1)) if chance(random, 0.3) else 0
    index_rank = int(random.integers(max(batch_dims, 0), 3)) if batch_dims < 3 else batch_dims
    index_dims = dims[:batch_dims] + [int(d) for d in random.integers(1, 4, max(index_rank - batch_dims, 0))]
    mover = Mover(random, variant, dims)
    index_type = pick(random, ["int32", "int32", "int64"])
    index_values = random.integers(0, dims[axis], [2] + index_dims).astype(index_type)
    if chance(random, 0.5):
        indices = mover.graph.constant("indices", index_values[0], index_type)
        more = {}
    else:
        indices = mover.graph.input("indices", index_dims, index_type)
        more = {indices: index_values}
    out = dims[:axis] + index_dims[batch_dims:] + dims[axis + 1:]
    y = mover.output(out)
    written = axis - rank if chance(random, 0.3) else axis
    mover.graph.operator("GATHER", [mover.x, indices], [y], options("GatherOptions", axis=written, batchDims=batch_dims))
    mover.graph.outputs = [y]
    return Case(mover.model, {mover.x: values.data(random, dims, variant, 2), **more},
                "%s_at_%s_axis%d%s" % (text(dims), text(index_dims), written, "_batch%d" % batch_dims if batch_dims else ""))


@operator("gather_nd", copy_types(int8=6))
def gather_nd(random, variant):
    rank = int(random.integers(1, 5))
    dims = values.shape(random, rank, 100, 6)
    depth = int(random.integers(1, rank + 1))
    outer = [int(d) for d in random.integers(1, 4, int(random.integers(1, 3)))]
    rows = np.stack([random.integers(0, dims[a], outer) for a in range(depth)], -1)
    mover = Mover(random, variant, dims)
    indices = mover.graph.constant("indices", rows, pick(random, ["int32", "int32", "int64"]))
    return mover.case("GATHER_ND", [mover.x, indices], [mover.output(outer + dims[depth:])], options("GatherNdOptions"),
                      text(dims) + "_at_" + text(rows.shape))


@operator("scatter_nd", copy_types(int8=5))
def scatter_nd(random, variant):
    rank = int(random.integers(1, 4))
    dims = values.shape(random, rank, 60, 6)
    depth = int(random.integers(1, rank + 1))
    cells = int(np.prod(dims[:depth]))
    count = int(random.integers(1, cells + 1))
    repeat = variant in ("int32", "float32") and chance(random, 0.5)
    flat = random.integers(0, cells, count) if repeat else random.permutation(cells)[:count]
    rows = np.stack(np.unravel_index(flat, dims[:depth]), -1)
    updates_dims = [count] + dims[depth:]
    mover = Mover(random, variant, updates_dims, "updates")
    indices = mover.graph.constant("indices", rows, "int32")
    shape = mover.graph.constant("shape", np.array(dims), "int32")
    return mover.case("SCATTER_ND", [indices, mover.x, shape], [mover.output(dims)], options("ScatterNdOptions"),
                      text(dims) + "_%dof%d" % (count, cells) + ("_repeated" if repeat else ""))


@operator("slice", copy_types(int8=10))
def slice_(random, variant):
    rank = int(random.integers(1, 6))
    dims = values.shape(random, rank, 150, 6)
    begin = [int(random.integers(0, d)) for d in dims]
    size = [int(random.integers(1, d - b + 1)) for d, b in zip(dims, begin)]
    written = [-1 if chance(random, 0.3) and b + s == d else s for d, b, s in zip(dims, begin, size)]
    mover = Mover(random, variant, dims)
    index_type = pick(random, ["int32", "int32", "int64"])
    inputs = [mover.x, mover.graph.constant("begin", np.array(begin), index_type), mover.graph.constant("size", np.array(written), index_type)]
    return mover.case("SLICE", inputs, [mover.output(size)], options("SliceOptions"), text(dims) + "_to_" + text(size))


@operator("dynamic_update_slice", copy_types(int8=5))
def dynamic_update_slice(random, variant):
    rank = int(random.integers(1, 5))
    dims = values.shape(random, rank, 100, 6)
    part = [int(random.integers(1, d + 1)) for d in dims]
    mover = Mover(random, variant, dims)
    update = mover.graph.input("update", part, variant, *mover.q)
    start = mover.graph.input("start", [rank], "int32")
    y = mover.output(dims)
    mover.graph.operator("DYNAMIC_UPDATE_SLICE", [mover.x, update, start], [y], options("DynamicUpdateSliceOptions"))
    mover.graph.outputs = [y]
    return Case(mover.model, {
        mover.x: values.data(random, dims, variant, 3), update: values.data(random, part, variant, 3),
        start: random.integers(-1, np.array(dims) + 1, [3, rank]).astype(np.int32)}, text(dims) + "_part_" + text(part))


@operator("embedding_lookup", {"float32": 4, "int8": 4, "int8_to_float32": 4, "int8_perchannel_to_float32": 3, "uint8": 2, "int16": 1})
def embedding_lookup(random, variant):
    dtype = variant.split("_")[0]
    dims = values.shape(random, int(random.integers(2, 4)), 80, 8)
    count = int(random.integers(1, 6))
    model = Model()
    graph = model.main
    q = values.parameters(random, dtype)
    out_type, out_q = dtype, q
    if variant.endswith("float32"):
        out_type, out_q, q = "float32", (None, None), (q[0] or 0.1, 0)
    if "perchannel" in variant:
        q = (np.exp(random.uniform(-5, -1, dims[0])).astype(np.float32), np.zeros(dims[0], np.int64))
    lookup = graph.input("lookup", [count], "int32")
    if variant == "float32":
        q = out_q = (None, None)
    table = graph.constant("table", values.data(random, dims, dtype), dtype, *q)
    y = graph.tensor("output", [count] + dims[1:], out_type, *out_q)
    graph.operator("EMBEDDING_LOOKUP", [lookup, table], [y])
    graph.outputs = [y]
    return Case(model, {lookup: random.integers(0, dims[0], [3, count]).astype(np.int32)}, text(dims) + "_%d" % count)


@operator("one_hot", {"float32": 3, "int32": 3, "int8": 3, "uint8": 2, "int16": 2, "int64": 2, "bool": 2})
def one_hot(random, variant):
    dims = values.shape(random, int(random.integers(1, 4)), 30, 5)
    depth = int(random.integers(1, 7))
    axis = int(random.integers(-1, len(dims) + 1))
    model = Model()
    graph = model.main
    x = graph.input("indices", dims, "int32")
    depth_tensor = graph.constant("depth", np.array(depth), "int32")
    on = graph.constant("on", values.data(random, [], variant), variant)
    off = graph.constant("off", values.data(random, [], variant), variant)
    at = len(dims) if axis == -1 else axis
    y = graph.tensor("output", dims[:at] + [depth] + dims[at:], variant)
    graph.operator("ONE_HOT", [x, depth_tensor, on, off], [y], options("OneHotOptions", axis=axis))
    graph.outputs = [y]
    return Case(model, {x: random.integers(-1, depth + 1, [2] + dims).astype(np.int32)}, text(dims) + "_depth%d_axis%d" % (depth, axis))


def select_model(random, dtype, code, table, condition_dims, first_dims, second_dims, out_dims):
    model = Model()
    graph = model.main
    q = values.parameters(random, dtype)
    condition = graph.input("condition", condition_dims, "bool")
    first, second = graph.input("first", first_dims, dtype, *q), graph.input("second", second_dims, dtype, *q)
    y = graph.tensor("output", out_dims, dtype, *q)
    graph.operator(code, [condition, first, second], [y], options(table))
    graph.outputs = [y]
    return Case(model, {condition: values.data(random, condition_dims, "bool", 2), first: values.data(random, first_dims, dtype, 2),
                        second: values.data(random, second_dims, dtype, 2)},
                "_".join(text(d) for d in (condition_dims, first_dims, second_dims)))


SELECTED = {"float32": 4, "int8": 6, "uint8": 2, "int16": 4, "int32": 2, "int64": 2, "bool": 2}


@operator("select", SELECTED)
def select(random, variant):
    dims = values.shape(random)
    kind = random.random()
    condition = dims if kind < 0.6 else [dims[0]] if kind < 0.85 else []
    return select_model(random, variant, "SELECT", "SelectOptions", condition, dims, dims, dims)


@operator("select_v2", SELECTED)
def select_v2(random, variant):
    condition, first, both = values.broadcast_pair(random)
    second = [1 if chance(random, 0.4) else d for d in both]
    out = [int(d) for d in np.broadcast_shapes(tuple(condition), tuple(first), tuple(second))]
    return select_model(random, variant, "SELECT_V2", "SelectV2Options", condition, first, second, out)


@operator("where", {"bool": 4, "float32": 2, "int32": 2, "int8": 2, "uint8": 1, "int64": 1})
def where(random, variant):
    dims = values.shape(random, int(random.integers(1, 4)), 60, 6)
    model = Model()
    x = model.main.input("condition", dims, variant)
    y = model.main.tensor("output", [0, len(dims)], "int64", signature=[-1, len(dims)])
    model.main.operator("WHERE", [x], [y], options("WhereOptions"))
    model.main.outputs = [y]
    total = int(np.prod(dims))
    base = np.zeros(total, NUMPY_TYPES[variant])
    count = int(random.integers(1, total + 1))
    base[:count] = 1
    return Case(model, {x: np.stack([random.permutation(base).reshape(dims) for _ in range(3)])}, text(dims) + "_%dset" % count)


@operator("broadcast_to", copy_types(int8=5))
def broadcast_to(random, variant):
    first, _, out = values.broadcast_pair(random)
    mover = Mover(random, variant, first)
    shape = mover.graph.constant("shape", np.array(out), pick(random, ["int32", "int64"]))
    return mover.case("BROADCAST_TO", [mover.x, shape], [mover.output(out)], options("BroadcastToOptions"), text(first) + "_to_" + text(out), version=pick(random, [2, 3]))


@operator("broadcast_args", {"int32": 4, "int64": 3})
def broadcast_args(random, variant):
    first, second, out = values.broadcast_pair(random)
    model = Model()
    a = model.main.input("first", [len(first)], variant)
    b = model.main.input("second", [len(second)], variant)
    y = model.main.tensor("output", [len(out)], variant)
    model.main.operator("BROADCAST_ARGS", [a, b], [y])
    model.main.outputs = [y]
    return Case(model, {a: np.array([first] * 2, NUMPY_TYPES[variant]), b: np.array([second] * 2, NUMPY_TYPES[variant])}, text(first) + "_" + text(second))


@operator("fill", {"float32": 3, "int8": 3, "int16": 3, "int32": 3, "int64": 2, "bool": 2, "uint8": 1})
def fill(random, variant):
    dims = values.shape(random)
    model = Model()
    q = values.parameters(random, variant)
    shape = model.main.constant("dims", np.array(dims), pick(random, ["int32", "int64"]))
    value = model.main.input("value", [], variant, *q)
    y = model.main.tensor("output", dims, variant, *q)
    model.main.operator("FILL", [shape, value], [y], options("FillOptions"))
    model.main.outputs = [y]
    return Case(model, {value: values.data(random, [], variant, 3)}, text(dims))


@operator("zeros_like", {"float32": 2, "int8": 2, "int32": 2, "int64": 2})
def zeros_like(random, variant):
    dims = values.shape(random)
    mover = Mover(random, variant, dims)
    return mover.case("ZEROS_LIKE", [mover.x], [mover.output(dims)], options("ZerosLikeOptions"), text(dims))


@operator("rank", {"float32": 1, "int8": 1, "int32": 1})
def rank(random, variant):
    dims = values.shape(random)
    mover = Mover(random, variant, dims)
    y = mover.graph.tensor("output", [], "int32")
    return mover.case("RANK", [mover.x], [y], options("RankOptions"), text(dims))


@operator("range", {"int32": 4, "float32": 4, "int64": 2})
def range_(random, variant):
    model = Model()
    count = int(random.integers(1, 12))
    start = random.integers(-9, 10)
    step = pick(random, [1, 2, 3, -1, -2])
    if variant == "float32":
        start, step = start + random.random(), step * 0.37
    limit = start + count * step - (0 if variant != "float32" else 0.1 * step)
    scalars = [np.array(v).astype(NUMPY_TYPES[variant]) for v in (start, limit, step)]
    names = ("start", "limit", "delta")
    constant = chance(random, 0.4)
    indices = [model.main.constant(n, v, variant) if constant else model.main.input(n, [], variant) for n, v in zip(names, scalars)]
    y = model.main.tensor("output", [count], variant, signature=[-1])
    model.main.operator("RANGE", indices, [y], options("RangeOptions"))
    model.main.outputs = [y]
    return Case(model, {} if constant else {i: np.stack([v, v]) for i, v in zip(indices, scalars)}, "%d" % count)


@operator("cumsum", {"float32": 4, "int32": 3, "int64": 3, "int8": 6})
def cumsum(random, variant):
    rank = int(random.integers(1, 5))
    dims = values.shape(random, rank, 120)
    axis = int(random.integers(-rank, rank))
    exclusive, reverse = chance(random, 0.4), chance(random, 0.4)
    model = Model()
    q = values.parameters(random, variant)
    x = model.main.input("input", dims, variant, *q)
    axis_tensor = model.main.constant("axis", np.array(axis), "int32")
    out_q = q
    if variant == "int8":
        out_q = (float(np.float32(q[0] * np.exp(random.uniform(0, 1.5)))), values.zero_point(random, variant))
    y = model.main.tensor("output", dims, variant, *out_q)
    model.main.operator("CUMSUM", [x, axis_tensor], [y], options("CumsumOptions", exclusive=exclusive, reverse=reverse))
    model.main.outputs = [y]
    return Case(model, {x: values.data(random, dims, variant, 3)},
                text(dims) + "_axis%d%s%s" % (axis, "_exclusive" if exclusive else "", "_reverse" if reverse else ""))


@operator("cast", {"float32_to_float16": 2, "float16_to_float32": 2, "uint32_to_float32": 1, "float32_to_uint32": 1, **{a + "_to_" + b: 2 for a in ("float32", "int8", "uint8", "int16", "int32", "int64", "bool")
                   for b in ("float32", "int8", "uint8", "int16", "int32", "int64", "bool") if a != b}})
def cast(random, variant):
    source, _, target = variant.split("_")
    dims = values.shape(random)
    model = Model()
    x = model.main.input("input", dims, source)
    y = model.main.tensor("output", dims, target)
    model.main.operator("CAST", [x], [y], options("CastOptions", inDataType=type_code(source), outDataType=type_code(target)))
    model.main.outputs = [y]
    data = values.data(random, dims, "float32" if source == "float16" else source, 2, 20, 100000).astype(NUMPY_TYPES[source])
    if source == "float32" and target not in ("float32", "float16"):  # outside of the target's range C++ says nothing
        data = np.clip(data, 0 if target in ("uint8", "uint32", "bool") else -120, 120).astype(np.float32)
    return Case(model, {x: data}, text(dims))
