"""CONCATENATION, SPLIT, SPLIT_V, UNPACK, TILE and what adds or drops axes of one."""
import numpy as np

from cases import Case, operator
from model_builder import Model, options
from operators import random_values as values
from operators.random_values import chance, pick
from operators.rearrangement import Mover, copy_types, text


@operator("concatenation", copy_types(int8=12, int8_scales=4, int16_scales=4, uint8_scales=4))
def concatenation(random, variant):
    dtype = variant.split("_")[0]
    rank = int(random.integers(1, 5))
    dims = values.shape(random, rank, 60, 5)
    axis = int(random.integers(rank))
    sizes = [int(s) for s in random.integers(1, 5, int(random.integers(1, 5)))]
    model = Model()
    graph = model.main
    q = values.parameters(random, dtype)
    data, indices, out_size = {}, [], 0
    for number, size in enumerate(sizes):
        part = dims[:axis] + [size] + dims[axis + 1:]
        out_size += size
        own = q
        if "scales" in variant and dtype == "int16":
            own = (values.scale(random, dtype), 0)
        elif "scales" in variant:
            own = values.parameters(random, dtype)
        if number and chance(random, 0.2):
            indices.append(graph.constant("part%d" % number, values.data(random, part, dtype), dtype, *own))
        else:
            indices.append(graph.input("part%d" % number, part, dtype, *own))
            data[indices[-1]] = values.data(random, part, dtype, 2)
    out = dims[:axis] + [out_size] + dims[axis + 1:]
    y = graph.tensor("output", out, dtype, *q)
    written = axis - rank if chance(random, 0.3) else axis
    graph.operator("CONCATENATION", indices, [y], options("ConcatenationOptions", axis=written, fusedActivationFunction=0))
    graph.outputs = [y]
    return Case(model, data, "%dparts_%s_axis%d" % (len(sizes), text(out), written))


@operator("split", copy_types())
def split(random, variant):
    rank = int(random.integers(1, 5))
    count = int(random.integers(1, 5))
    dims = values.shape(random, rank, 50, 4)
    axis = int(random.integers(rank))
    out = list(dims)
    dims[axis] *= count
    mover = Mover(random, variant, dims)
    written = axis - rank if chance(random, 0.3) else axis
    axis_tensor = mover.graph.constant("axis", np.array(written if chance(random, 0.5) else [written]), "int32")
    outputs = [mover.output(out, "output%d" % i) for i in range(count)]
    return mover.case("SPLIT", [axis_tensor, mover.x], outputs, options("SplitOptions", numSplits=count), "%s_axis%d_by%d" % (text(dims), written, count))


@operator("split_v", copy_types())
def split_v(random, variant):
    rank = int(random.integers(1, 5))
    dims = values.shape(random, rank, 50, 4)
    axis = int(random.integers(rank))
    sizes = [int(s) for s in random.integers(1, 5, int(random.integers(1, 5)))]
    dims[axis] = sum(sizes)
    mover = Mover(random, variant, dims)
    written_sizes = list(sizes)
    if chance(random, 0.3):
        written_sizes[int(random.integers(len(sizes)))] = -1
    size_tensor = mover.graph.constant("sizes", np.array(written_sizes), pick(random, ["int32", "int32", "int64"]))
    written = axis - rank if chance(random, 0.3) else axis
    axis_tensor = mover.graph.constant("axis", np.array(written), "int32")
    outputs = [mover.output(dims[:axis] + [s] + dims[axis + 1:], "output%d" % i) for i, s in enumerate(sizes)]
    return mover.case("SPLIT_V", [mover.x, size_tensor, axis_tensor], outputs, options("SplitVOptions", numSplits=len(sizes)),
                      "%s_axis%d_by%s" % (text(dims), written, "".join(map(str, sizes))))


@operator("unpack", copy_types())
def unpack(random, variant):
    rank = int(random.integers(1, 5))
    dims = values.shape(random, rank, 80, 5)
    axis = int(random.integers(rank))
    mover = Mover(random, variant, dims)
    outputs = [mover.output(dims[:axis] + dims[axis + 1:], "output%d" % i) for i in range(dims[axis])]
    written = axis - rank if chance(random, 0.3) else axis
    return mover.case("UNPACK", [mover.x], outputs, options("UnpackOptions", num=dims[axis], axis=written), "%s_axis%d" % (text(dims), written))


@operator("tile", copy_types())
def tile(random, variant):
    dims = values.shape(random, None, 30, 4)
    times = [int(t) for t in random.integers(1, 4, len(dims))]
    mover = Mover(random, variant, dims)
    multiples = mover.graph.constant("multiples", np.array(times), pick(random, ["int32", "int32", "int64"]))
    y = mover.output([d * t for d, t in zip(dims, times)])
    return mover.case("TILE", [mover.x, multiples], [y], options("TileOptions"), text(dims) + "_times" + text(times))


@operator("expand_dims", copy_types(int8=5))
def expand_dims(random, variant):
    dims = values.shape(random, int(random.integers(1, 4)), 60)
    axis = int(random.integers(len(dims) + 1))
    mover = Mover(random, variant, dims)
    written = axis - len(dims) - 1 if chance(random, 0.4) else axis
    axis_tensor = mover.graph.constant("axis", np.array([written]), pick(random, ["int32", "int32", "int64"]))
    y = mover.output(dims[:axis] + [1] + dims[axis:])
    return mover.case("EXPAND_DIMS", [mover.x, axis_tensor], [y], options("ExpandDimsOptions"), text(dims) + "_axis%d" % written)


@operator("squeeze", copy_types(int8=5))
def squeeze(random, variant):
    dims = values.shape(random, int(random.integers(2, 5)), 60, 4)
    ones = [int(a) for a in random.permutation(len(dims))[:int(random.integers(1, len(dims)))]]
    for axis in ones:
        dims[axis] = 1
    listed = [] if chance(random, 0.3) else sorted(ones)
    out = [d for a, d in enumerate(dims) if not (a in listed or (not listed and d == 1))]
    mover = Mover(random, variant, dims)
    y = mover.output(out)
    written = [a - len(dims) if chance(random, 0.3) else a for a in listed]
    return mover.case("SQUEEZE", [mover.x], [y], options("SqueezeOptions", squeezeDims=np.array(written, np.int32)), text(dims) + "_to_" + text(out))


@operator("reverse_v2", copy_types())
def reverse_v2(random, variant):
    rank = int(random.integers(1, 5))
    dims = values.shape(random, rank, 100)
    first = int(random.integers(rank))
    axes = list(range(first, int(random.integers(first + 1, rank + 1))))  # LiteRT wants neighbours
    mover = Mover(random, variant, dims)
    axis = mover.graph.constant("axes", np.array(axes), "int32")
    return mover.case("REVERSE_V2", [mover.x, axis], [mover.output(dims)], options("ReverseV2Options"), text(dims) + "_axes" + "".join(map(str, axes)))


@operator("space_to_depth", {"float32": 4, "int8": 6, "uint8": 3, "int16": 2, "int32": 2, "int64": 2})
def space_to_depth(random, variant):
    block = int(random.integers(2, 4))
    b, h, w, c = pick(random, [1, 2]), *(int(v) for v in random.integers(1, 4, 3))
    mover = Mover(random, variant, [b, h * block, w * block, c])
    return mover.case("SPACE_TO_DEPTH", [mover.x], [mover.output([b, h, w, c * block * block])],
                      options("SpaceToDepthOptions", blockSize=block), text(mover.dims) + "_block%d" % block)


@operator("depth_to_space", {"float32": 4, "int8": 6, "uint8": 3, "int16": 2, "int32": 2, "int64": 2})
def depth_to_space(random, variant):
    block = int(random.integers(2, 4))
    b, h, w, c = pick(random, [1, 2]), *(int(v) for v in random.integers(1, 4, 3))
    mover = Mover(random, variant, [b, h, w, c * block * block])
    return mover.case("DEPTH_TO_SPACE", [mover.x], [mover.output([b, h * block, w * block, c])],
                      options("DepthToSpaceOptions", blockSize=block), text(mover.dims) + "_block%d" % block)


@operator("space_to_batch_nd", {"float32": 4, "int8": 8, "uint8": 3, "int16": 3, "int32": 2, "int64": 2})
def space_to_batch_nd(random, variant):
    spatial = pick(random, [1, 2, 2])
    block = [int(v) for v in random.integers(1, 4, spatial)]
    padded = chance(random, 0.6)  # TFLite Micro leaves padding unwritten
    pads = random.integers(0, 3, [spatial, 2]) * padded
    dims = [pick(random, [1, 2])]
    for axis in range(spatial):
        size = int(random.integers(1, 6)) if padded else block[axis] * int(random.integers(1, 4))
        pads[axis, 1] += -(size + pads[axis].sum()) % block[axis]
        dims.append(size)
    dims.append(int(random.integers(1, 4)))
    mover = Mover(random, variant, dims)
    block_tensor = mover.graph.constant("block", np.array(block), "int32")
    pad_tensor = mover.graph.constant("paddings", pads, "int32")
    out = [dims[0] * int(np.prod(block))] + [int(dims[1 + a] + pads[a].sum()) // block[a] for a in range(spatial)] + [dims[-1]]
    return mover.case("SPACE_TO_BATCH_ND", [mover.x, block_tensor, pad_tensor], [mover.output(out)], options("SpaceToBatchNDOptions"),
                      text(dims) + "_block" + text(block))


@operator("batch_to_space_nd", {"float32": 4, "int8": 8, "uint8": 3, "int16": 3, "int32": 2, "int64": 2})
def batch_to_space_nd(random, variant):
    spatial = pick(random, [1, 2, 2])
    block = [int(v) for v in random.integers(1, 4, spatial)]
    batch = int(random.integers(1, 3))
    size = [int(v) for v in random.integers(1, 5, spatial)]
    channels = int(random.integers(1, 4))
    crops, out = [], [batch]
    for axis in range(spatial):
        full = block[axis] * size[axis]
        before = int(random.integers(0, min(3, full)))
        after = int(random.integers(0, min(3, full - before)))
        crops.append([before, after])
        out.append(full - before - after)
    out.append(channels)
    dims = [batch * int(np.prod(block))] + size + [channels]
    mover = Mover(random, variant, dims)
    block_tensor = mover.graph.constant("block", np.array(block), "int32")
    crop_tensor = mover.graph.constant("crops", np.array(crops), "int32")
    return mover.case("BATCH_TO_SPACE_ND", [mover.x, block_tensor, crop_tensor], [mover.output(out)], options("BatchToSpaceNDOptions"),
                      text(dims) + "_block" + text(block))


@operator("mirror_pad", {"float32": 4, "int8": 6, "int16": 3, "uint8": 3, "int32": 2, "int64": 2, "bool": 1})
def mirror_pad(random, variant):
    dims = values.shape(random, None, 60, 5)
    mode = pick(random, ["REFLECT", "SYMMETRIC"])
    offset = 1 if mode == "REFLECT" else 0
    pads = np.array([[int(random.integers(0, min(3, d - offset + 1))) for _ in range(2)] for d in dims])
    mover = Mover(random, variant, dims)
    paddings = mover.graph.constant("paddings", pads, pick(random, ["int32", "int32", "int64"]))
    out = [int(d + p.sum()) for d, p in zip(dims, pads)]
    return mover.case("MIRROR_PAD", [mover.x, paddings], [mover.output(out)], options("MirrorPadOptions", mode=1 - offset), mode.lower() + "_" + text(dims))
