"""Custom operators: TFLite Micro's audio front end, CIRCULAR_BUFFER, TFLite_Detection_PostProcess, NumericVerify."""
import numpy as np
from flatbuffers import flexbuffers

from cases import Case, operator
from model_builder import Model, NUMPY_TYPES, type_code
from operators import random_values as values
from operators.random_values import chance, pick


def custom(name, inputs, outputs, attributes, constants=(), carry=False, note="", data=None, void=None):
    """inputs: [(dims, type, make)] fed per sample; constants: [(position, values, type)]; outputs: [(dims, type)]."""
    model = Model()
    graph = model.main
    indices, fed = [], {}
    for dims, dtype, make in inputs:
        index = graph.input("input%d" % len(indices), dims, dtype)
        indices.append(index)
        fed[index] = np.stack([make() for _ in range(4)]).astype(NUMPY_TYPES[dtype])
    for position, array, dtype in constants:
        indices.insert(position, graph.constant("constant%d" % position, array, dtype))
    results = [graph.tensor("output%d" % i, dims, dtype) for i, (dims, dtype) in enumerate(outputs)]
    graph.operator(name, indices, results, custom=flexbuffers.Dumps(attributes))
    graph.outputs = results
    return Case(model, fed, ("carry_" if carry else "") + note, carry=carry, void=void)


def samples(random, count, dtype="int16"):
    """Audio-like: a tone and noise, or the full range."""
    def make():
        if dtype == "float32":
            return random.normal(0, 1, count)
        if dtype == "int32":
            return random.integers(-2 ** 20, 2 ** 20, count)
        if chance(random, 0.3):
            return random.integers(-32768, 32768, count)
        t = np.arange(np.prod(count)).reshape(count)
        return np.clip(np.rint(random.uniform(100, 20000) * np.sin(t * random.uniform(0.05, 2)) + random.normal(0, 300, count)), -32768, 32767)
    return make


def energies(random, count, bits=31):
    return lambda: np.floor(2.0 ** random.uniform(0, bits, count))


@operator("signal_window", {"int16": 4})
def window(random, variant):
    size, rows = int(random.integers(4, 60)), pick(random, [1, 2])
    dims = [size] if rows == 1 else [rows, size]
    shift = int(random.integers(8, 16))
    weights = np.rint(np.hanning(size + 2)[1:-1] * 2 ** min(shift, 14))
    return custom("SignalWindow", [(dims, "int16", samples(random, dims))], [(dims, "int16")], {"shift": shift}, [(1, weights, "int16")], note="%d" % size)


FFT_TYPES = {"int16": 6, "int32": 5, "float32": 5}


@operator("signal_rfft", FFT_TYPES)
def rfft(random, variant):
    length = pick(random, [16, 32, 64, 128])
    size = length if chance(random, 0.4) else int(random.integers(length // 2, length + 1))
    return custom("SignalRfft", [([size], variant, samples(random, [size], variant))], [([length + 2], variant)],
                  {"T": type_code(variant), "fft_length": length}, note="%dof%d" % (size, length))


@operator("signal_irfft", FFT_TYPES)
def irfft(random, variant):
    length = pick(random, [16, 32, 64, 128])
    return custom("SignalIrfft", [([length + 2], variant, samples(random, [length + 2], variant))], [([length], variant)],
                  {"T": type_code(variant), "fft_length": length}, note="%d" % length)


@operator("signal_fft_auto_scale", {"int16": 5})
def fft_auto_scale(random, variant):
    size = int(random.integers(4, 60))
    make = samples(random, [size])
    return custom("SignalFftAutoScale", [([size], "int16", lambda: np.rint(make() / 2.0 ** int(random.integers(0, 12))))],
                  [([size], "int16"), ([], "int32")], {}, note="%d" % size)


@operator("signal_energy", {"int16": 4})
def energy(random, variant):
    bins = int(random.integers(5, 40))
    start = int(random.integers(0, bins // 2))
    end = int(random.integers(start + 1, bins + 1))
    if chance(random, 0.5):
        start, end = 0, bins
    reason = None if (start, end) == (0, bins) else {"tflm": "leaves the bins outside of start and end unwritten"}
    return custom("SignalEnergy", [([2 * bins], "int16", samples(random, [2 * bins]))], [([bins], "uint32")],
                  {"end_index": end, "start_index": start}, note="%dto%dof%d" % (start, end, bins), void=reason)


@operator("signal_filter_bank", {"uint32": 5})
def filter_bank(random, variant):
    channels = int(random.integers(2, 8))
    widths = random.integers(1, 8, channels + 1)
    starts = np.concatenate([[0], np.cumsum(widths)[:-1]])
    bins = int(widths.sum())
    weights = random.integers(0, 4097, bins)
    return custom("SignalFilterBank", [([bins], "uint32", energies(random, [bins]))], [([channels], "uint64")], {"num_channels": channels},
                  [(1, weights, "int16"), (2, 4096 - weights, "int16"), (3, starts, "int16"), (4, starts, "int16"), (5, widths, "int16")],
                  note="%dchannels" % channels)


@operator("signal_filter_bank_square_root", {"uint64": 4})
def filter_bank_square_root(random, variant):
    channels = int(random.integers(2, 12))
    return custom("SignalFilterBankSquareRoot",
                  [([channels], "uint64", energies(random, [channels], 60)), ([], "int32", lambda: random.integers(0, 8))],
                  [([channels], "uint32")], {}, note="%d" % channels)


@operator("signal_filter_bank_spectral_subtraction", {"uint32": 5})
def spectral_subtraction(random, variant):
    channels = int(random.integers(2, 12))
    smoothing = int(random.integers(200, 2000))
    alternate = int(random.integers(200, 2000))
    return custom("SignalFilterBankSpectralSubtraction", [([channels], "uint32", energies(random, [channels], 24))],
                  [([channels], "uint32"), ([channels], "uint32")], {
        "alternate_one_minus_smoothing": 16384 - alternate, "alternate_smoothing": alternate, "clamping": chance(random, 0.5),
        "min_signal_remaining": int(random.integers(200, 2000)), "num_channels": channels, "one_minus_smoothing": 16384 - smoothing,
        "smoothing": smoothing, "smoothing_bits": int(random.integers(0, 11)), "spectral_subtraction_bits": 14}, carry=chance(random, 0.6),
                  note="%d" % channels)


@operator("signal_filter_bank_log", {"uint32": 4})
def filter_bank_log(random, variant):
    channels = int(random.integers(2, 12))
    return custom("SignalFilterBankLog", [([channels], "uint32", energies(random, [channels]))], [([channels], "int16")],
                  {"input_correction_bits": int(random.integers(0, 6)), "output_scale": int(random.integers(100, 2000))}, note="%d" % channels)


@operator("signal_pcan", {"uint32": 4})
def pcan(random, variant):
    channels = int(random.integers(2, 12))
    lut = np.rint(np.cumsum(random.normal(0, 60, 125)) + 2000).clip(-4000, 4000)
    return custom("SignalPCAN", [([channels], "uint32", energies(random, [channels], 20)), ([channels], "uint32", energies(random, [channels], 30))],
                  [([channels], "uint32")], {"snr_shift": int(random.integers(2, 8))}, [(2, lut, "int16")], note="%d" % channels)


@operator("signal_framer", {"int16": 5})
def framer(random, variant):
    step = int(random.integers(2, 8))
    size = step + int(random.integers(0, 2 * step))
    frames, rows = int(random.integers(1, 4)), pick(random, [1, 1, 2])
    # Without prefill TFLite Micro leaves the first frames unwritten.
    return custom("SignalFramer", [([rows, frames * step], "int16", samples(random, [rows, frames * step]))],
                  [([rows, frames, size], "int16"), ([], "bool")],
                  {"frame_size": size, "frame_step": step, "prefill": True},
                  carry=chance(random, 0.6), note="%dby%d" % (size, step))


@operator("signal_overlap_add", {"int16": 4, "float32": 4})
def overlap_add(random, variant):
    step = int(random.integers(2, 8))
    size = step + int(random.integers(0, 2 * step))
    frames, rows = int(random.integers(1, 4)), pick(random, [1, 1, 2])
    return custom("SignalOverlapAdd", [([rows, frames, size], variant, samples(random, [rows, frames, size], variant))],
                  [([rows, frames * step], variant)], {"T": type_code(variant), "frame_step": step}, carry=chance(random, 0.6), note="%dby%d" % (size, step))


@operator("signal_delay", {"int16": 4})
def delay(random, variant):
    size, length, rows = int(random.integers(2, 12)), int(random.integers(1, 9)), pick(random, [1, 1, 2])
    return custom("SignalDelay", [([rows, size], "int16", samples(random, [rows, size]))], [([rows, size], "int16")], {"delay_length": length},
                  carry=chance(random, 0.7), note="%dby%d" % (size, length))


@operator("signal_stacker", {"int16": 5})
def stacker(random, variant):
    channels, left = int(random.integers(1, 6)), int(random.integers(0, 3))
    right, step = 0, 1  # otherwise some outputs stay unwritten
    return custom("SignalStacker", [([channels], "int16", samples(random, [channels]))], [([channels * (left + right + 1)], "int16"), ([], "bool")],
                  {"num_channels": channels, "stacker_left_context": left, "stacker_right_context": right, "stacker_step": step},
                  carry=chance(random, 0.7), note="%dchannels_left%d" % (channels, left))


@operator("basic_classifier", {"int32": 4})
def basic_classifier(random, variant):
    classes, targets = int(random.integers(2, 12)), int(random.integers(1, 5))
    return custom("BasicClassifier", [([classes], "int32", lambda: random.integers(-1000, 1000, [classes]))],
                  [([targets], "bool"), ([targets], "int32")], {},
                  [(1, random.integers(0, classes, [targets]), "int32"), (2, random.integers(-500, 500, [targets]), "int32")], note="%dof%d" % (targets, classes))


@operator("circular_buffer", {"int8": 5})
def circular_buffer(random, variant):
    slots, depth = int(random.integers(2, 6)), int(random.integers(1, 8))
    cycles = pick(random, [1, 1, 2, 3])
    model = Model()
    q = values.parameters(random, "int8")
    x = model.main.input("input", [1, 1, 1, depth], "int8", *q)
    y = model.main.tensor("output", [1, slots, 1, depth], "int8", *q, variable=True)
    model.main.operator("CIRCULAR_BUFFER", [x], [y], custom=flexbuffers.Dumps({"cycles_max": cycles}))
    model.main.outputs = [y]
    carry = chance(random, 0.7)
    return Case(model, {x: values.data(random, [1, 1, 1, depth], "int8", 6)}, "%dslots_every%d%s" % (slots, cycles, "_carry" if carry else ""), carry=carry)


@operator("numeric_verify", {"int8": 4, "uint8": 2, "int16": 2})
def numeric_verify(random, variant):
    """What TensorFlow's debug models attach to every quantized tensor: dequantized minus float."""
    dims = values.shape(random)
    q = values.parameters(random, variant)
    model = Model()
    x = model.main.input("quantized", dims, variant, *q)
    reference = model.main.input("reference", dims, "float32")
    y = model.main.tensor("difference", dims, "float32")
    model.main.operator("NumericVerify", [x, reference], [y], custom=flexbuffers.Dumps({"log_if_failed": False, "tolerance": 5.0}))
    model.main.outputs = [y]
    data = values.data(random, dims, variant, 2)
    real = ((data.astype(np.float64) - q[1]) * q[0] + random.normal(0, q[0], data.shape)).astype(np.float32)
    return Case(model, {x: data, reference: real}, "x".join(map(str, dims)))


@operator("detection_postprocess", {"float32": 8, "uint8": 4, "int8": 3})
def detection_postprocess(random, variant):
    boxes, classes = int(random.integers(4, 16)), int(random.integers(1, 5))
    background = int(random.integers(0, 2))
    detections = int(random.integers(1, 8))
    regular = chance(random, 0.5)
    per_box = 1 if regular else int(random.integers(1, min(3, classes) + 1))
    model = Model()
    graph = model.main
    q = [(None, None)] * 3
    if variant != "float32":
        zero = 128 if variant == "uint8" else 0
        q = [(0.05, zero), (1 / 256, 0 if variant == "uint8" else -128), (1 / 100, 0 if variant == "uint8" else -128)]
    anchors_real = np.concatenate([random.uniform(0, 1.5, [boxes, 2]), random.uniform(0.2, 0.8, [boxes, 2])], 1)

    def stored(real, parameters):
        if variant == "float32":
            return real.astype(np.float32)
        low, high = values.limits(variant)
        return np.clip(np.rint(real / parameters[0]) + parameters[1], low, high).astype(variant)

    encodings = graph.input("encodings", [1, boxes, 4], variant, *q[0])
    scores = graph.input("scores", [1, boxes, classes + background], variant, *q[1])
    anchors = graph.constant("anchors", stored(anchors_real, q[2]), variant, *q[2])
    count = detections * per_box
    results = [graph.tensor(n, d, "float32") for n, d in (("boxes", [1, count, 4]), ("classes", [1, count]), ("scores", [1, count]), ("count", [1]))]
    graph.operator("TFLite_Detection_PostProcess", [encodings, scores, anchors], results, custom=flexbuffers.Dumps({
        "detections_per_class": int(random.integers(1, 4)) if regular else 0, "h_scale": 5.0, "max_classes_per_detection": per_box,
        "max_detections": detections, "nms_iou_threshold": 0.5, "nms_score_threshold": 0.3 if chance(random, 0.5) else 0.0, "num_classes": classes,
        "use_regular_nms": regular, "w_scale": 5.0, "x_scale": 10.0, "y_scale": 10.0}))
    graph.outputs = results
    void = {}
    if variant == "uint8" and regular:
        void["tflite-2.14"] = "sorts equal scores in an order of its own"
    if per_box > 1:
        void["tflm"] = void["tflite-2.14"] = "writes behind its outputs"
        if variant == "uint8":
            void["litert"] = "sorts equal scores in an order of its own"

    def settle(found):  # the fast form leaves what it does not fill as it was; ours makes it 0
        for sample, filled in enumerate(found[results[3]][:, 0].astype(int)):
            for result, width in zip(results, (4, 1, 1)):
                found[result][sample, filled * per_box * width:] = 0

    return Case(model, {encodings: np.stack([stored(random.normal(0, 1, [1, boxes, 4]), q[0]) for _ in range(3)]),
                        scores: np.stack([stored(random.uniform(0, 1, [1, boxes, classes + background]), q[1]) for _ in range(3)])},
                ("regular" if regular else "fast%d" % per_box) + "_%dboxes%dclasses" % (boxes, classes), void=void, settle=settle)
