"""TFLM_DECODE: weights that TFLite Micro decompresses at run time. Models compressed by the tflite-micro package itself, and
the codings that its kernels read and its compressor does not write yet, packed here: Huffman and pruning."""
import heapq
import warnings

import numpy as np

from cases import Case, ModelCase, operator
from model_builder import Model, NUMPY_TYPES, options
from operators import random_values as values
from operators.random_values import chance, pick

TABLE, HUFFMAN, PRUNED = 0, 1, 2
PACKED = ("table", "pruned", "huffman16", "huffman32", "several")


@operator("decode", {"lut_int8": 5, "lut_perchannel_int8": 5, "lut_float32": 3, "table": 14, "pruned": 12, "huffman16": 8, "huffman32": 10, "several": 4})
def decode(random, variant):
    return packed(random, variant) if variant in PACKED else compressed(random, variant)


def packed_bits(bits):
    bits += "0" * (-len(bits) % 32)
    return np.frombuffer(int(bits or "0" * 32, 2).to_bytes(max(len(bits), 32) // 8, "big"), np.uint8)


def ancillary(coding, parameters, tables):
    head = np.zeros(16, np.uint8)
    head[[0, 1, 4]] = coding, 1, 1
    head[5:5 + len(parameters)] = parameters
    return np.concatenate([head, np.frombuffer(np.ascontiguousarray(tables).tobytes(), np.uint8)])


class Decoded:
    """What a DECODE unpacks: its type, dimensions, quantization, and how many elements share a channel's values."""

    def __init__(self, random, dtype):
        self.dtype = dtype
        self.dims = [int(d) for d in random.integers(1, 9, int(random.integers(1, 5)))]
        if chance(random, 0.4):
            self.dims[-1] = int(random.integers(17, 70))  # the kernels unpack 16 and 32 at a time
        self.count = int(np.prod(self.dims))
        self.axis = pick(random, [None, 0, len(self.dims) - 1])
        quantized = dtype in ("int8", "int16") and chance(random, 0.7)
        if not quantized:
            self.axis = None
        self.channels = self.dims[self.axis] if self.axis is not None else 1
        self.scale = [0.02] * self.channels if quantized else None
        self.zero = random.integers(-128, 128, self.channels) if quantized and dtype == "int8" else np.zeros(self.channels, int)
        every = np.arange(self.count)
        last = self.axis == len(self.dims) - 1 and self.channels > 1
        self.channel = every % self.channels if last else every // (self.count // self.channels)

    def draw(self, random, count):
        if self.dtype in ("bool", "float32"):
            return random.integers(0, 2, count).astype(bool) if self.dtype == "bool" else random.normal(0, 1, count).astype(np.float32)
        low, high = values.limits(self.dtype)
        return random.integers(low, high, count, NUMPY_TYPES[self.dtype])

    def tensor(self, graph, name):
        return graph.tensor(name, self.dims, self.dtype, self.scale, None if self.scale is None else self.zero, self.axis or 0)


def by_table(random, out):
    bits = int(random.integers(1, 8))
    stride = int(random.integers(1, 2 ** bits + 1))
    indices = random.integers(0, stride, out.count)
    return packed_bits("".join(format(i, "0%db" % bits) for i in indices)), ancillary(TABLE, [bits, stride], out.draw(random, stride * out.channels))


def by_pruning(random, out):
    mask = random.random(out.count) < random.uniform(0, 1)
    return packed_bits("".join("1" if bit else "0" for bit in mask)), ancillary(PRUNED, [], out.draw(random, int(mask.sum())))


def huffman_codes(counts):
    """{symbol: bits}; a lone symbol gets one bit."""
    heap = [(n, i, {s: ""}) for i, (s, n) in enumerate(sorted(counts.items()))]
    if len(heap) == 1:
        return {s: "0" for s in counts}
    heapq.heapify(heap)
    fresh = len(heap)
    while len(heap) > 1:
        (a, _, left), (b, _, right) = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (a + b, fresh, {**{s: "0" + c for s, c in left.items()}, **{s: "1" + c for s, c in right.items()}}))
        fresh += 1
    return heap[0][2]


def huffman_table(codes, first, width, table, value_mask):
    """Appends to `table` the entries for codes (all of one prefix, which is cut off) by their first `first` bits; those of longer
    codes lead to a table of their own further on."""
    start = len(table)
    table.extend([0] * 2 ** first)
    for index in range(2 ** first):
        bits = format(index, "0%db" % first)
        found = [(s, c) for s, c in codes.items() if bits.startswith(c)]
        if found:
            symbol, code = found[0]
            table[start + index] = 1 << (width - 1) | len(code) << (width - 5) | symbol & value_mask
            continue
        longer = {s: c[first:] for s, c in codes.items() if c.startswith(bits)}
        if not longer:  # no code starts so: any value, never met
            table[start + index] = 1 << (width - 1) | 1 << (width - 5)
            continue
        further = min(max(len(c) for c in longer.values()), 6)
        table[start + index] = (further - 1) << (width - 5) | (len(table) - (start + index))
        huffman_table(longer, further, width, table, value_mask)


def by_huffman(random, out, width):
    pool = out.draw(random, int(random.integers(1, 40)))
    symbols = pool[np.minimum(random.geometric(random.uniform(0.05, 0.6), out.count) - 1, len(pool) - 1)].astype(int)
    codes = huffman_codes({int(s): int(n) for s, n in zip(*np.unique(symbols, return_counts=True))})
    first = int(random.integers(1, 9))
    table = []
    huffman_table(codes, first, width, table, 0xFF if out.dtype == "int8" else 0xFFFF)
    entries = np.array(table, np.uint32 if width == 32 else np.uint16)
    return packed_bits("".join(codes[int(s)] for s in symbols)), ancillary(HUFFMAN, [(first - 1) << 4 | (width == 32)], entries)


def packed(random, variant):
    """Its outputs are the model's; next to an ABS, for a model has to have an input."""
    model = Model()
    graph = model.main
    x = graph.input("input", [2], "float32")
    results = [graph.tensor("absolute", [2], "float32")]
    graph.operator("ABS", [x], results)
    inputs, outputs, words = [], [], []
    for number in range(int(random.integers(2, 4)) if variant == "several" else 1):
        coding = pick(random, PACKED[:4]) if variant == "several" else variant
        types = {"huffman16": ["int8"], "huffman32": ["int8", "int16"]}.get(coding, ["int8", "int8", "int16", "int32", "int64", "float32", "bool"])
        out = Decoded(random, pick(random, types))
        pair = {"table": by_table, "pruned": by_pruning}[coding](random, out) if coding in ("table", "pruned") else by_huffman(random, out, int(coding[-2:]))
        inputs += [graph.constant("encoded%d" % number, pair[0], "uint8"), graph.constant("ancillary%d" % number, pair[1], "uint8")]
        outputs.append(out.tensor(graph, "decoded%d" % number))
        words.append(out.dtype + ("" if out.axis is None else "_axis%d" % out.axis))
    graph.operator("TFLM_DECODE", inputs, outputs, custom=b"")
    graph.outputs = outputs + results
    return Case(model, {x: values.data(random, [2], "float32", 1)}, "_".join(words))


def compressed(random, variant):
    """A FULLY_CONNECTED whose weights hold few distinct values."""
    from tflite_micro import compression
    dtype = "float32" if variant.endswith("float32") else "int8"
    depth, channels = int(random.integers(4, 40)), int(random.integers(2, 9))
    bits = int(random.integers(1, 5))
    codes = random.integers(-127, 128, [channels, 2 ** bits])
    per_channel = "perchannel" in variant
    rows = [random.choice(codes[c if per_channel else 0], depth) for c in range(channels)]
    model = Model()
    graph = model.main
    q = values.parameters(random, dtype)
    x = graph.input("input", [1, depth], dtype, *q)
    weights = np.stack(rows)
    if dtype == "float32":
        w = graph.constant("weights", weights / 64.0, dtype)
        y = graph.tensor("output", [1, channels], dtype)
    else:
        scales = np.full(channels, 0.02, np.float32) * np.float32(random.uniform(0.5, 2)) if per_channel else np.float32([0.02])
        w = graph.constant("weights", weights, dtype, scales, np.zeros(len(scales)), 0)
        y = graph.tensor("output", [1, channels], dtype, float(np.float32(q[0] * 0.02 * 74 * np.sqrt(depth) * 2)), values.zero_point(random, dtype))
    graph.operator("FULLY_CONNECTED", [x, w, -1], [y], options("FullyConnectedOptions"))
    graph.outputs = [y]
    mode = compression.spec.PerChannel(axis=0) if per_channel else compression.spec.PerTensor()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = bytes(compression.compress(model.pack(), [compression.spec.Tensor(0, w, [compression.spec.LookUpTableCompression(bits, mode)])]))
    return ModelCase(data, lambda dims, t, s, z: values.data(random, dims, t, 3), note="%dbits_%dto%d" % (bits, depth, channels))
