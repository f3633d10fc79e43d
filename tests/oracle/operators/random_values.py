"""Random shapes, scales, zero points and data that reach the edges of the kernels."""
import numpy as np

from model_builder import NUMPY_TYPES

QUANTIZED = ("int8", "uint8", "int16")
EDGE_SCALES = [1.0, 1 / 256, 1 / 255, 6 / 255, 2 / 255, 0.5, 2.0 ** -15, 1.0 / 32767, 3.0517578125e-05, 0.0039215689, 0.1]


def pick(random, choices):
    return choices[int(random.integers(len(choices)))]


def chance(random, probability):
    return bool(random.random() < probability)


def limits(dtype):
    info = np.iinfo(NUMPY_TYPES[dtype])
    return int(info.min), int(info.max)


def shape(random, rank=None, largest=200, side=7):
    rank = int(random.integers(1, 5)) if rank is None else rank
    while True:
        dims = [int(d) for d in random.integers(1, side + 1, rank)]
        if np.prod(dims) <= largest:
            return dims


def scale(random, dtype="int8", low=1e-3, high=0.5):
    """Log-uniform, a power of two or a scale that real models have; for int16 256 times smaller."""
    kind = random.random()
    factor = 1 / 256 if dtype == "int16" else 1.0
    if kind < 0.7:
        value = float(np.exp(random.uniform(np.log(low), np.log(high)))) * factor
    elif kind < 0.85:
        value = 2.0 ** int(random.integers(-9, 1)) * factor
    else:
        value = float(pick(random, EDGE_SCALES)) * (factor if dtype == "int16" else 1.0)
    return float(np.float32(value))


def zero_point(random, dtype):
    if dtype == "int16":
        return 0
    low, high = limits(dtype)
    kind = random.random()
    if kind < 0.5:
        return int(random.integers(low, high + 1))
    return pick(random, [low, high, 0 if dtype == "int8" else 128, low + 1])


def parameters(random, dtype, low=1e-3, high=0.5):
    """(scale, zero point), or (None, None) for a type that is not quantized."""
    if dtype not in QUANTIZED:
        return None, None
    return scale(random, dtype, low, high), zero_point(random, dtype)


def integers(random, dims, dtype):
    low, high = limits(dtype)
    kind = random.random()
    if kind < 0.5:
        return random.integers(low, high + 1, dims).astype(NUMPY_TYPES[dtype])
    if kind < 0.65:
        edge = np.array([low, low + 1, -1 if low < 0 else 1, 0, 1, high - 1, high])
        return edge[random.integers(0, len(edge), dims)].astype(NUMPY_TYPES[dtype])
    if kind < 0.85:
        centre = random.uniform(low, high) * 0.5
        spread = (high - low) / 12
        return np.clip(np.rint(random.normal(centre, spread, dims)), low, high).astype(NUMPY_TYPES[dtype])
    return np.clip(random.integers(-9, 10, dims) + (0 if low < 0 else 128), low, high).astype(NUMPY_TYPES[dtype])


def floats(random, dims, spread=1.0):
    kind = random.random()
    values = random.normal(0, spread, dims)
    if kind < 0.3:
        values = random.uniform(-3 * spread, 3 * spread, dims)
    elif kind < 0.45:
        values = values * np.exp(random.uniform(-6, 3, dims))
    elif kind < 0.55:
        values = np.rint(values * 4) / 4
    return values.astype(np.float32)


def data(random, dims, dtype, samples=None, spread=1.0, magnitude=1000):
    """One array, or [samples, *dims] with a distribution of its own per sample."""
    if samples is not None:
        return np.stack([data(random, dims, dtype, None, spread, magnitude) for _ in range(samples)])
    dims = list(dims)
    if dtype == "float32":
        return floats(random, dims, spread)
    if dtype == "bool":
        return random.integers(0, 2, dims).astype(np.bool_)
    if dtype in ("int32", "int64", "uint32", "uint64"):
        low = 0 if dtype[0] == "u" else -magnitude
        return random.integers(low, magnitude + 1, dims).astype(NUMPY_TYPES[dtype])
    return integers(random, dims, dtype)


def broadcast_pair(random, rank_limit=4, largest=160):
    """Two shapes that broadcast, often equal, and what they make."""
    rank = int(random.integers(1, rank_limit + 1)) if random.random() < 0.93 else int(random.integers(5, 7))
    out = shape(random, rank, largest, 6 if rank < 5 else 3)
    kind = random.random()
    if kind < 0.35:
        return out, list(out), out
    first, second = list(out), list(out)
    if kind < 0.5:
        second = [1]
    else:
        for axis in range(rank):
            choice = random.random()
            if choice < 0.3:
                first[axis] = 1
            elif choice < 0.6:
                second[axis] = 1
        if chance(random, 0.3):
            second = second[int(random.integers(0, rank)):]
    if chance(random, 0.5):
        first, second = second, first
    result = list(np.broadcast_shapes(tuple(first), tuple(second)))
    return first, second, [int(d) for d in result]
