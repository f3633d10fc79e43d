"""The golden container: a zip with one entry `cases.bin`, a sequence of records; see README.md for the layout."""
import struct
import zipfile

RESET, CARRY = 0, 1
PROFILES = ("litert", "tflite-2.14", "tflm")
FOLLOWS, REFUSED, SAME_AS_LITERT = 0, 1, 2
RAW, HASHED, SAMPLED = 0, 1, 2
RAW_LIMIT = 512  # bytes per sample up to which integers are stored, not hashed


def fnv1a64(data):
    value = 0xcbf29ce484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001b3) & 0xffffffffffffffff
    return value


def _text(value):
    data = value.encode()
    return struct.pack("<I", len(data)) + data


def _tensor(index, array, sampled):
    """array: [samples, ...]"""
    data = array.tobytes()
    length = len(data) // array.shape[0]
    floating = array.dtype.kind == "f"
    if floating and sampled:
        flat = array.reshape(-1)
        count = min(32, flat.size)
        picks = [(i * (flat.size - 1)) // max(count - 1, 1) for i in range(count)]
        largest = float(abs(flat).max()) if flat.size else 0.0
        head = struct.pack("<IBIfI", index, SAMPLED, length, largest, count)
        return head + b"".join(struct.pack("<Qf", pick, float(flat[pick])) for pick in picks)
    if not sampled and (floating or length <= RAW_LIMIT):
        return struct.pack("<IBI", index, RAW, length) + data
    return struct.pack("<IBIQ", index, HASHED, length, fnv1a64(data))


def record(name, model, carry, inputs, profiles, sampled=False):
    """inputs: [(tensor index, array[samples, ...])]; profiles: [(profile, status, tensors or message)]."""
    samples = inputs[0][1].shape[0] if inputs else 2
    parts = [_text(name), struct.pack("<I", len(model)), model, struct.pack("<BI", CARRY if carry else RESET, samples),
             struct.pack("<I", len(inputs))]
    for index, array in inputs:
        data = array.tobytes()
        parts += [struct.pack("<II", index, len(data) // samples), data]
    parts.append(struct.pack("<I", len(profiles)))
    for profile, status, content in profiles:
        parts.append(struct.pack("<BB", PROFILES.index(profile), status))
        if status == REFUSED:
            parts.append(_text(content))
        elif status == FOLLOWS:
            parts.append(struct.pack("<I", len(content)))
            parts += [_tensor(index, array, sampled) for index, array in sorted(content.items())]
    return b"".join(parts)


def write(path, records):
    """Deterministic bytes: a fixed time stamp, so that an unchanged generator gives an unchanged file."""
    entry = zipfile.ZipInfo("cases.bin", (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        file.writestr(entry, b"".join(records), compresslevel=9)
