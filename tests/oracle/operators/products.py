"""BATCH_MATMUL, TRANSPOSE_CONV, SVDF."""
import numpy as np

from cases import Case, operator
from model_builder import ACTIVATIONS, PADDINGS, Model, options
from operators import random_values as values
from operators.convolution import WeightedParameters, activation
from operators.random_values import chance, pick


@operator("batch_matmul", {"float32": 8, "int8": 24, "int16": 12, "hybrid": 4, "int8_constant": 8, "int8_gain": 5, "int16_constant": 4, "float32_constant": 2})
def batch_matmul(random, variant):
    kind = variant.split("_")[0]
    dtype = "float32" if kind == "hybrid" else kind
    right_type = "int8" if kind == "hybrid" else dtype
    rows, depth, columns = (int(v) for v in random.integers(1, 8, 3))
    rank = int(random.integers(0, 3))
    batch = [int(v) for v in random.integers(1, 4, rank)]
    left_batch = [1 if chance(random, 0.25) else b for b in batch]
    right_batch = [1 if chance(random, 0.25) else b for b in batch]
    adj_x, adj_y = chance(random, 0.3), chance(random, 0.3)
    left_dims = left_batch + ([depth, rows] if adj_x else [rows, depth])
    right_dims = right_batch + ([columns, depth] if adj_y else [depth, columns])
    out_dims = [max(a, b) for a, b in zip(left_batch, right_batch)] + [rows, columns]
    left_q, right_q = values.parameters(random, dtype), values.parameters(random, right_type)
    if kind == "hybrid":
        right_q = (right_q[0], 0)
    out_q = (None, None)
    if dtype in values.QUANTIZED:
        steps = (90 * 90 / 40) if dtype == "int8" else 18900 * 18900 / 10000
        out_q = (float(np.float32(left_q[0] * right_q[0] * np.sqrt(depth) * steps * np.exp(random.uniform(-1, 1)))), values.zero_point(random, dtype))
        if "gain" in variant:
            out_q = (float(np.float32(left_q[0] * right_q[0] * np.exp(random.uniform(-2, 2)))), out_q[1])
    model = Model()
    graph = model.main
    left = graph.input("left", left_dims, dtype, *left_q)
    data = {left: values.data(random, left_dims, dtype, 3)}
    if "constant" in variant or kind == "hybrid":
        right = graph.constant("right", values.data(random, right_dims, right_type), right_type, *right_q)
    else:
        right = graph.input("right", right_dims, right_type, *right_q)
        data[right] = values.data(random, right_dims, right_type, 3)
    y = graph.tensor("output", out_dims, dtype, *out_q)
    graph.operator("BATCH_MATMUL", [left, right], [y], options("BatchMatMulOptions", adjX=adj_x, adjY=adj_y))
    graph.outputs = [y]
    return Case(model, data, "x".join(map(str, left_dims)) + "_by_" + "x".join(map(str, right_dims)) + ("_adjx" if adj_x else "") + ("_adjy" if adj_y else ""),
                void={"tflite-2.14": "transposes only the first left matrix"} if adj_x and left_batch != right_batch else None)


@operator("transpose_conv", {"float32": 8, "int8": 8, "int8_perchannel": 20, "int8_nobias": 6, "int16_int64bias": 10, "int16_nobias": 4, "uint8": 6, "int16_int32bias": 2, "int8_gain": 4})
def transpose_conv(random, variant):
    height, width = (int(v) for v in random.integers(1, 6, 2))
    kh, kw = (int(v) for v in random.integers(1, 5, 2))
    sh, sw = (int(v) for v in random.integers(1, 4, 2))
    padding = pick(random, ["SAME", "VALID"])
    if padding == "SAME":
        oh, ow = height * sh - int(random.integers(0, sh)), width * sw - int(random.integers(0, sw))
    else:
        oh, ow = (height - 1) * sh + kh, (width - 1) * sw + kw
    batch = pick(random, [1, 1, 2])
    channels_in, channels = int(random.integers(1, 6)), int(random.integers(1, 6))
    act = activation(random) if chance(random, 0.3) else "NONE"
    depth = max(1, kh * kw * channels_in // (sh * sw))
    parameters = WeightedParameters(random, variant, channels, depth)
    model = Model()
    graph = model.main
    (x, w, *bias), _, y = parameters.add(
        random, graph, [batch, height, width, channels_in], [channels, kh, kw, channels_in], [batch, oh, ow, channels], 0, channels, depth)
    shape = graph.constant("output_shape", np.array([batch, oh, ow, channels]), "int32")
    graph.operator("TRANSPOSE_CONV", [shape, w, x] + bias, [y], options(
        "TransposeConvOptions", padding=PADDINGS[padding], strideH=sh, strideW=sw, fusedActivationFunction=ACTIVATIONS[act],
        quantizedBiasType=parameters.quantized_bias_option()))
    data = values.data(random, [batch, height, width, channels_in], parameters.input_type, 3)
    return Case(model, {x: data}, "%dx%d_stride%dx%d_%s%s" % (kh, kw, sh, sw, padding.lower(), "" if act == "NONE" else "_" + act.lower()),
                void={"tflm": "reads the int32 bias as int64"} if variant == "int16_int32bias" else None)


@operator("svdf", {"float32": 8, "float32_nobias": 3, "int8": 24, "int8_nobias": 4, "int8_state8": 8, "hybrid": 4})
def svdf(random, variant):
    kind = variant.split("_")[0]
    batch, units, rank = pick(random, [1, 1, 2]), int(random.integers(1, 6)), pick(random, [1, 1, 2, 3])
    features, memory = int(random.integers(1, 8)), int(random.integers(2, 9))
    filters = units * rank
    act = "NONE" if kind == "float32" and chance(random, 0.4) else "RELU"
    if kind == "int8" and chance(random, 0.1):  # LiteRT refuses it
        act = "NONE"
    model = Model()
    graph = model.main
    has_bias = "nobias" not in variant  # TFLite Micro dies without one
    if kind != "int8":
        x = graph.input("input", [batch, features], "float32")
        if kind == "hybrid":
            feature = graph.constant("feature", random.integers(-127, 128, [filters, features]), "int8", 0.5 / 127, 0)
            time = graph.constant("time", random.integers(-127, 128, [filters, memory]), "int8", 0.5 / 127, 0)
        else:
            feature = graph.constant("feature", random.normal(0, 0.5, [filters, features]), "float32")
            time = graph.constant("time", random.normal(0, 0.5, [filters, memory]), "float32")
        bias = graph.constant("bias", random.normal(0, 0.5, units), "float32") if has_bias else -1
        state = graph.tensor("state", [batch, memory * filters], "float32", variable=True)
        y = graph.tensor("output", [batch, units], "float32")
        data = values.data(random, [batch, features], "float32", 4)
    else:
        x_scale, x_zero = values.parameters(random, "int8")
        feature_scale = values.scale(random, "int8", 1e-3, 0.05)
        state_type = "int8" if "state8" in variant else "int16"
        time_type = state_type
        state_steps = 127 if state_type == "int8" else 32767
        state_scale = float(np.float32(x_scale * feature_scale * 74 * 90 * np.sqrt(features) * 3 / state_steps * np.exp(random.uniform(-0.7, 0.7))))
        time_scale = float(np.float32(np.exp(random.uniform(-1, 0)) / state_steps))
        out_scale = float(np.float32(state_scale * time_scale * np.sqrt(memory * rank) * (state_steps / 3) * (state_steps / 2) / 40 * np.exp(random.uniform(-0.7, 0.7))))
        x = graph.input("input", [batch, features], "int8", x_scale, x_zero)
        feature = graph.constant("feature", np.clip(values.integers(random, [filters, features], "int8"), -127, 127), "int8", feature_scale, 0)
        time = graph.constant("time", np.clip(values.integers(random, [filters, memory], time_type), -state_steps, state_steps), time_type, time_scale, 0)
        bias_scale = state_scale * time_scale
        bias = graph.constant("bias", np.rint(random.normal(0, 20, units) * out_scale / bias_scale), "int32", bias_scale, 0) if has_bias else -1
        state = graph.tensor("state", [batch, memory * filters], state_type, state_scale, 0, variable=True)
        y = graph.tensor("output", [batch, units], "int8", out_scale, values.zero_point(random, "int8"))
        data = values.data(random, [batch, features], "int8", 6)
    graph.operator("SVDF", [x, feature, time, bias, state], [y], options(
        "SVDFOptions", rank=rank, fusedActivationFunction=ACTIVATIONS[act], asymmetricQuantizeInputs=False))
    graph.outputs = [y]
    carry = chance(random, 0.7)
    return Case(model, {x: data}, "rank%d_memory%d%s%s" % (rank, memory, "_relu" if act == "RELU" else "", "_carry" if carry else ""), carry=carry,
                void={p: "reads the int8 state as int16" for p in ("litert", "tflite-2.14")} if "state8" in variant else None)
