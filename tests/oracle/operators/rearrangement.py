"""Operators that move elements: pads, shapes, slices."""
import numpy as np

from cases import Case, operator
from model_builder import Model, options
from operators import random_values as values
from operators.random_values import chance, pick

COPIED = {"float32": 4, "int8": 10, "int16": 5, "uint8": 3, "int32": 3, "int64": 2, "bool": 2}


def copy_types(**more):
    return dict(COPIED, **more)


def text(dims):
    return "x".join(map(str, dims)) or "scalar"


class Mover:
    """A model with one data input and an output of the same type and quantization."""

    def __init__(self, random, dtype, dims, name="input"):
        self.random, self.dtype, self.dims = random, dtype, dims
        self.model = Model()
        self.graph = self.model.main
        self.q = values.parameters(random, dtype)
        self.x = self.graph.input(name, dims, dtype, *self.q)

    def output(self, dims, name="output"):
        return self.graph.tensor(name, dims, self.dtype, *self.q)

    def case(self, code, inputs, outputs, option=None, note="", samples=2, version=1):
        self.graph.operator(code, inputs, outputs, option, version=version)
        self.graph.outputs = outputs
        return Case(self.model, {self.x: values.data(self.random, self.dims, self.dtype, samples)}, note)


@operator("pad", copy_types(int8=14))
def pad(random, variant):
    return padded(random, variant, "PAD", "PadOptions")


@operator("padv2", copy_types())
def padv2(random, variant):
    return padded(random, variant, "PADV2", "PadV2Options")


def padded(random, dtype, code, table):
    dims = values.shape(random, largest=60, side=5)
    pads = random.integers(0, 3, [len(dims), 2])
    mover = Mover(random, dtype, dims)
    paddings = mover.graph.constant("paddings", pads, pick(random, ["int32", "int32", "int64"]))
    inputs = [mover.x, paddings]
    if code == "PADV2":
        fill = values.data(random, [1], dtype)
        inputs.append(mover.graph.constant("fill", fill, dtype, *mover.q))
    y = mover.output([int(d + p.sum()) for d, p in zip(dims, pads)])
    return mover.case(code, inputs, [y], options(table), text(dims))


@operator("reshape", copy_types(int8_shapeinput=3, float32_shapeinput=1))
def reshape(random, variant):
    dims = values.shape(random, largest=120)
    total = int(np.prod(dims))
    factors = []
    while len(factors) < 3 and total > 1:
        divisors = [d for d in range(1, total + 1) if total % d == 0]
        factors.append(pick(random, divisors))
        total //= factors[-1]
    new = factors + [total]
    mover = Mover(random, variant.split("_")[0], dims)
    y = mover.output(new)
    if variant.endswith("shapeinput"):
        shape = mover.graph.input("shape", [len(new)], "int32")
        made = mover.case("RESHAPE", [mover.x, shape], [y], options("ReshapeOptions"), text(dims) + "_to_" + text(new))
        made.inputs.append((shape, np.array([new, new], np.int32)))
        return made
    written = list(new)
    if chance(random, 0.4):
        written[int(random.integers(len(new)))] = -1
    inputs = [mover.x]
    option = options("ReshapeOptions", newShape=np.array(written, np.int32))
    if chance(random, 0.7):
        inputs.append(mover.graph.constant("shape", np.array(written), "int32"))
        if chance(random, 0.5):
            option = None
    return mover.case("RESHAPE", inputs, [y], option, text(dims) + "_to_" + text(new))


@operator("transpose", copy_types(int8=14))
def transpose(random, variant):
    rank = int(random.integers(1, 7))
    dims = values.shape(random, rank, 200, 5)
    order = random.permutation(rank)
    mover = Mover(random, variant, dims)
    perm = mover.graph.constant("permutation", order, "int32")
    y = mover.output([dims[a] for a in order])
    return mover.case("TRANSPOSE", [mover.x, perm], [y], options("TransposeOptions"), text(dims) + "_by" + "".join(map(str, order)))


@operator("strided_slice", copy_types(int8=20, int8_masks=12, float32_masks=2, int8_inputs=3))
def strided_slice(random, variant):
    if variant.endswith("_masks"):
        return masked_slice(random, variant.split("_")[0])
    bounds_as_inputs = variant.endswith("_inputs")
    variant = variant.split("_")[0]
    rank = int(random.integers(1, 5))
    dims = values.shape(random, rank, 200, 8)
    count = rank if chance(random, 0.8) else int(random.integers(1, rank + 1))
    begin, end, stride, out = [], [], [], []
    begin_mask = end_mask = shrink = ellipsis = new_axis = 0
    for axis in range(count):
        size = dims[axis]
        while True:
            step = pick(random, [1, 1, 1, 2, 3, -1, -2])
            first, last = int(random.integers(-size, size)), int(random.integers(-size - 1, size + 2))
            masks = chance(random, 0.25), chance(random, 0.25)
            shrunk = chance(random, 0.2)
            if shrunk:
                begin.append(first); end.append(first + 1); stride.append(1)
                shrink |= 1 << axis
                break
            picked = range(size)[slice(None if masks[0] else first, None if masks[1] else last, step)]
            if len(picked):
                begin.append(first); end.append(last); stride.append(step)
                begin_mask |= masks[0] << axis
                end_mask |= masks[1] << axis
                out.append(len(picked))
                break
    out += dims[count:]
    mover = Mover(random, variant, dims)
    rows = (("begin", begin), ("end", end), ("strides", stride))
    y = mover.output(out)
    if bounds_as_inputs:
        indices = [mover.graph.input(n, [len(v)], "int32") for n, v in rows]
        made = mover.case("STRIDED_SLICE", [mover.x] + indices, [y], options(
            "StridedSliceOptions", beginMask=begin_mask, endMask=end_mask, shrinkAxisMask=shrink), text(dims) + "_to_" + text(out))
        made.inputs += [(i, np.array([v, v], np.int32)) for i, (_, v) in zip(indices, rows)]
        return made
    constants = [mover.graph.constant(n, np.array(v), "int32") for n, v in rows]
    return mover.case("STRIDED_SLICE", [mover.x] + constants, [y], options(
        "StridedSliceOptions", beginMask=begin_mask, endMask=end_mask, shrinkAxisMask=shrink, ellipsisMask=ellipsis,
        newAxisMask=new_axis), text(dims) + "_to_" + text(out))


def masked_slice(random, dtype):
    """Slices with an ellipsis or with new axes, checked against numpy's own indexing."""
    rank = int(random.integers(2, 5))
    dims = values.shape(random, rank, 120, 5)
    kind = pick(random, ["ellipsis", "newaxis", "both"])
    entries, begin, end, stride, masks = [], [], [], [], {"begin": 0, "end": 0, "shrink": 0, "ellipsis": 0, "new": 0}
    axis, ellipsis_used = 0, kind == "newaxis"
    places = int(random.integers(1, rank + 1))
    while len(entries) < places + 1 and axis < rank:
        bit = 1 << len(entries)
        choice = random.random()
        if not ellipsis_used and choice < 0.4:
            skip = int(random.integers(0, rank - axis))
            entries.append(Ellipsis)
            masks["ellipsis"] |= bit
            row = (0, 0, 1)
            # the ellipsis takes what the later entries leave, so the later ones are plain
            rest = rank - axis - skip
            begin.append(0); end.append(0); stride.append(1)
            for _ in range(rest):
                entries.append(slice(None, None, 1))
                masks["begin"] |= 1 << (len(entries) - 1)
                masks["end"] |= 1 << (len(entries) - 1)
                begin.append(0); end.append(0); stride.append(1)
            axis = rank
            ellipsis_used = True
            break
        if kind != "ellipsis" and choice < 0.6 and len(dims) + bin(masks["new"]).count("1") < 5:
            entries.append(np.newaxis)
            masks["new"] |= bit
            row = (0, 1, 1)
        elif choice < 0.75:
            at = int(random.integers(0, dims[axis]))
            entries.append(at)
            masks["shrink"] |= bit
            row = (at, at + 1, 1)
            axis += 1
        else:
            first = int(random.integers(0, dims[axis]))
            last = int(random.integers(first + 1, dims[axis] + 1))
            step = pick(random, [1, 1, 2])
            entries.append(slice(first, last, step))
            row = (first, last, step)
            axis += 1
        begin.append(row[0]); end.append(row[1]); stride.append(row[2])
    out = [int(d) for d in np.zeros(dims)[tuple(entries)].shape]
    mover = Mover(random, dtype, dims)
    constants = [mover.graph.constant(n, np.array(v), "int32") for n, v in (("begin", begin), ("end", end), ("strides", stride))]
    return mover.case("STRIDED_SLICE", [mover.x] + constants, [mover.output(out)], options(
        "StridedSliceOptions", beginMask=masks["begin"], endMask=masks["end"], shrinkAxisMask=masks["shrink"],
        ellipsisMask=masks["ellipsis"], newAxisMask=masks["new"]), kind + "_" + text(dims) + "_to_" + text(out))


@operator("shape", {"float32": 2, "int8": 3, "int16": 2, "int32": 2, "int8_to_int64": 2, "bool": 1})
def shape(random, variant):
    dtype = variant.split("_")[0]
    out_type = "int64" if variant.endswith("int64") else "int32"
    dims = values.shape(random)
    mover = Mover(random, dtype, dims)
    y = mover.graph.tensor("output", [len(dims)], out_type)
    return mover.case("SHAPE", [mover.x], [y], options("ShapeOptions", outType={"int32": 2, "int64": 4}[out_type]), text(dims))


@operator("pack", copy_types())
def pack(random, variant):
    dims = values.shape(random, int(random.integers(0, 4)), 40) if chance(random, 0.9) else []
    count = int(random.integers(1, 5))
    axis = int(random.integers(0, len(dims) + 1))
    mover = Mover(random, variant, dims)
    others = [mover.graph.input("input%d" % i, dims, variant, *mover.q) for i in range(1, count)]
    y = mover.output(dims[:axis] + [count] + dims[axis:])
    written = axis - len(dims) - 1 if chance(random, 0.3) else axis
    case_inputs = [mover.x] + others
    mover.graph.operator("PACK", case_inputs, [y], options("PackOptions", valuesCount=count, axis=written))
    mover.graph.outputs = [y]
    return Case(mover.model, {i: values.data(random, dims, variant, 2) for i in case_inputs}, text(dims) + "_axis%d" % written)


@operator("reverse_sequence", {"float32": 6, "uint8": 2, "int16": 2, "int32": 2, "int64": 1})
def reverse_sequence(random, variant):
    dims = values.shape(random, int(random.integers(2, 5)), 200)
    sequence, batch = (int(a) for a in random.permutation(len(dims))[:2])
    q = (0.1, 0) if variant in values.QUANTIZED else ()
    model = Model()
    graph = model.main
    x = graph.input("input", dims, variant, *q)
    kind = pick(random, ["int32", "int64"])
    lengths = graph.constant("lengths", random.integers(0 if chance(random, 0.3) else 1, dims[sequence] + 1, dims[batch]), kind)
    y = graph.tensor("output", dims, variant, *q)
    graph.operator("REVERSE_SEQUENCE", [x, lengths], [y], options("ReverseSequenceOptions", seqDim=sequence, batchDim=batch))
    graph.outputs = [y]
    return Case(model, {x: values.data(random, dims, variant, 3)}, "axis%d_batch%d" % (sequence, batch))
