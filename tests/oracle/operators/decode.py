"""TFLM_DECODE: weights that TFLite Micro decompresses at run time; models compressed by the tflite-micro package itself
(whose Huffman and pruning are not written yet)."""
import warnings

import numpy as np

from cases import ModelCase, operator
from model_builder import Model, options
from operators import random_values as values
from operators.random_values import pick


@operator("decode", {"lut_int8": 5, "lut_perchannel_int8": 5, "lut_float32": 3})
def decode(random, variant):
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
