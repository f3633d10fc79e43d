#!/usr/bin/env python3
"""Goldens of Keras layers: keras_models.py --out tests/goldens/keras [--only FAMILY]

For every case a model file as Keras writes it and what each layer gives for a few samples: <family>.zip with
<case>.h5 or <case>.keras, and <case>.npz with in0, in1, ... and out/<layer> (out/<layer>:1 for a second output,
out/<layer>@1 for the second call of a shared layer). Runs under the tf216 environment: tf_keras for the families, Keras 3
for keras3.zip. Weights are drawn from a generator seeded with the case's name.
"""
import argparse
import io
import os
import tempfile
import zipfile
import zlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import tensorflow as tf
import tf_keras as k
from tf_keras import layers as L

SAMPLES = 2
FAMILIES = {}


def case(family, name=None):
    def add(build):
        FAMILIES.setdefault(family, {})[name or build.__name__] = build
        return build
    return add


def simple(family, name, shape, make, **options):
    """A case of one layer (or a list of them) on one input."""
    def build():
        x = k.Input(shape, **options)
        y = x
        made = make()
        for layer in made if isinstance(made, list) else [made]:
            y = layer(y)
        return k.Model(x, y)
    FAMILIES.setdefault(family, {})[name] = build


# --- activation
for activation in ["relu", "relu6", "elu", "selu", "softmax", "log_softmax", "softplus", "softsign", "tanh", "sigmoid", "hard_sigmoid", "swish",
                   "gelu", "exponential", "linear", "mish", "leaky_relu"]:
    simple("activation", "activation_" + activation, (5, 3), lambda a=activation: [L.Activation(a)])
simple("activation", "dense_with_activation", (6,), lambda: L.Dense(4, activation="relu"))
simple("activation", "relu_plain", (7,), lambda: L.ReLU())
simple("activation", "relu_max", (7,), lambda: L.ReLU(max_value=1.5))
simple("activation", "relu_six", (7,), lambda: L.ReLU(6.0))
simple("activation", "relu_slope_max", (7,), lambda: L.ReLU(max_value=1.5, negative_slope=0.1))
simple("activation", "relu_threshold", (9,), lambda: L.ReLU(threshold=0.5, negative_slope=0.2, max_value=2.0))
simple("activation", "leaky_relu_layer", (7,), lambda: L.LeakyReLU(0.15))
simple("activation", "leaky_relu_absent", (7,), lambda: L.LeakyReLU())
simple("activation", "prelu", (3, 4), lambda: L.PReLU())
simple("activation", "prelu_shared", (3, 4, 2), lambda: L.PReLU(shared_axes=[1, 2]))
simple("activation", "elu_layer", (7,), lambda: L.ELU(0.7))
simple("activation", "softmax_layer", (3, 4), lambda: L.Softmax())
simple("activation", "softmax_axis", (3, 4), lambda: L.Softmax(axis=1))
simple("activation", "thresholded_relu", (7,), lambda: L.ThresholdedReLU(0.4))
simple("activation", "layer_as_activation", (6,), lambda: L.Dense(4, activation=L.ReLU(max_value=0.5)))

# --- dense
simple("dense", "dense", (6,), lambda: L.Dense(4))
simple("dense", "without_bias", (6,), lambda: L.Dense(4, use_bias=False, activation="tanh"))
simple("dense", "of_three_dimensions", (3, 6), lambda: L.Dense(4, activation="relu"))
simple("dense", "of_four_dimensions", (2, 3, 6), lambda: L.Dense(4))

# --- convolution
for padding in ["same", "valid", "causal"]:
    simple("convolution", "conv1d_" + padding, (9, 3), lambda p=padding: L.Conv1D(4, 3, padding=p, activation="relu"))
simple("convolution", "conv1d_strided", (10, 3), lambda: L.Conv1D(4, 3, strides=2, padding="same"))
simple("convolution", "conv1d_dilated_causal", (10, 3), lambda: L.Conv1D(4, 3, dilation_rate=2, padding="causal", use_bias=False))
for padding in ["same", "valid"]:
    simple("convolution", "conv2d_" + padding, (7, 6, 3), lambda p=padding: L.Conv2D(4, (3, 2), padding=p, activation="elu"))
    simple("convolution", "conv2d_strided_" + padding, (8, 7, 3), lambda p=padding: L.Conv2D(4, 3, strides=(2, 3), padding=p, use_bias=False))
    simple("convolution", "depthwise2d_" + padding, (7, 6, 3), lambda p=padding: L.DepthwiseConv2D((3, 2), padding=p, depth_multiplier=2, activation="relu6"))
    simple("convolution", "depthwise1d_" + padding, (9, 3), lambda p=padding: L.DepthwiseConv1D(3, padding=p, depth_multiplier=2))
    simple("convolution", "separable2d_" + padding, (7, 6, 3), lambda p=padding: L.SeparableConv2D(5, 3, padding=p, depth_multiplier=2, activation="relu"))
    simple("convolution", "separable1d_" + padding, (9, 3), lambda p=padding: L.SeparableConv1D(5, 3, padding=p))
    simple("convolution", "transposed2d_" + padding, (4, 5, 3), lambda p=padding: L.Conv2DTranspose(4, (3, 2), strides=2, padding=p, activation="relu"))
    simple("convolution", "transposed2d_unit_" + padding, (4, 5, 3), lambda p=padding: L.Conv2DTranspose(2, 3, padding=p, use_bias=False))
    simple("convolution", "transposed2d_wide_stride_" + padding, (4, 5, 3), lambda p=padding: L.Conv2DTranspose(2, 2, strides=3, padding=p))
    simple("convolution", "transposed2d_output_padding_" + padding, (4, 5, 3), lambda p=padding: L.Conv2DTranspose(2, 3, strides=2, padding=p, output_padding=1))
    simple("convolution", "transposed1d_" + padding, (5, 3), lambda p=padding: L.Conv1DTranspose(4, 3, strides=2, padding=p))
simple("convolution", "conv2d_dilated", (9, 8, 3), lambda: L.Conv2D(4, 3, dilation_rate=2))
simple("convolution", "conv2d_groups", (7, 6, 4), lambda: L.Conv2D(6, 3, groups=2, padding="same"))
simple("convolution", "depthwise2d_strided", (8, 8, 3), lambda: L.DepthwiseConv2D(3, strides=2, padding="same", use_bias=False))
simple("convolution", "depthwise2d_dilated", (9, 8, 3), lambda: L.DepthwiseConv2D(3, dilation_rate=2))
simple("convolution", "separable1d_causal", (9, 3), lambda: L.SeparableConv1D(5, 3, padding="causal"))
simple("convolution", "separable2d_strided", (9, 9, 3), lambda: L.SeparableConv2D(5, 3, strides=2, padding="same", use_bias=False))


class MultiScaleTemporalConvolution(L.Layer):
    """As MLTK's models/shared/tenet.py describes it: the sum of depthwise convolutions over time."""

    def __init__(self, stride=1, scales=(9,), **kwargs):
        super().__init__(**kwargs)
        self.stride, self.scales = stride, list(scales)

    def build(self, shape):
        self.branches = [L.DepthwiseConv2D((s, 1), strides=self.stride, padding="same", use_bias=False, name=f"mtconv{s}-0") for s in self.scales]
        for branch in self.branches:
            branch.build(shape)
        super().build(shape)

    def call(self, x):
        y = self.branches[0](x)
        for branch in self.branches[1:]:
            y += branch(x)
        return y

    def get_config(self):
        return {**super().get_config(), "stride": self.stride, "scales": self.scales}


simple("convolution", "multi_scale_fused", (12, 1, 4), lambda: MultiScaleTemporalConvolution(2, [9]))
simple("convolution", "multi_scale_branches", (12, 1, 4), lambda: MultiScaleTemporalConvolution(1, [9, 5, 3]))

# --- normalization
simple("normalization", "batch", (5, 4, 3), lambda: L.BatchNormalization())
simple("normalization", "batch_plain", (6,), lambda: L.BatchNormalization(scale=False, center=False, epsilon=0.01))
simple("normalization", "batch_without_scale", (6,), lambda: L.BatchNormalization(scale=False))
simple("normalization", "batch_first_axis", (3, 4, 5), lambda: L.BatchNormalization(axis=1))
simple("normalization", "layer", (4, 6), lambda: L.LayerNormalization())
simple("normalization", "layer_plain", (4, 6), lambda: L.LayerNormalization(scale=False, center=False, epsilon=1e-5))
simple("normalization", "layer_two_axes", (4, 3, 5), lambda: L.LayerNormalization(axis=[2, 3]))
simple("normalization", "layer_middle_axis", (4, 3, 5), lambda: L.LayerNormalization(axis=2))
simple("normalization", "rescaling", (4, 3), lambda: L.Rescaling(1 / 127.5, offset=-1))
simple("normalization", "rescaling_by_channel", (4, 3), lambda: L.Rescaling([0.5, 2.0, 3.0], offset=[1.0, 0.0, -1.0]))
simple("normalization", "normalization_given", (4, 3), lambda: L.Normalization(mean=[1.0, 2.0, 3.0], variance=[0.5, 1.0, 4.0]))
simple("normalization", "normalization_inverted", (4, 3), lambda: L.Normalization(mean=0.5, variance=4.0, invert=True, axis=None))


@case("normalization")
def normalization_adapted():
    layer = L.Normalization()
    layer.adapt(np.random.default_rng(5).normal(2, 3, (50, 4)).astype(np.float32))
    x = k.Input((4,))
    return k.Model(x, layer(x)), False


# --- pooling
for kind in ["Max", "Average"]:
    for padding in ["same", "valid"]:
        simple("pooling", f"{kind.lower()}1d_{padding}", (9, 3), lambda c=kind, p=padding: getattr(L, c + "Pooling1D")(3, strides=2, padding=p))
        simple("pooling", f"{kind.lower()}2d_{padding}", (7, 8, 3), lambda c=kind, p=padding: getattr(L, c + "Pooling2D")((2, 3), padding=p))
        simple("pooling", f"{kind.lower()}2d_overlapping_{padding}", (7, 8, 3), lambda c=kind, p=padding: getattr(L, c + "Pooling2D")(3, strides=(1, 2), padding=p))
    for axes, shape in [(1, (6, 3)), (2, (5, 4, 3))]:
        simple("pooling", f"global_{kind.lower()}{axes}d", shape, lambda c=kind, a=axes: getattr(L, f"Global{c}Pooling{a}D")())
        simple("pooling", f"global_{kind.lower()}{axes}d_keepdims", shape, lambda c=kind, a=axes: getattr(L, f"Global{c}Pooling{a}D")(keepdims=True))

# --- borders
simple("borders", "zero_padding1d", (4, 3), lambda: L.ZeroPadding1D(2))
simple("borders", "zero_padding1d_pair", (4, 3), lambda: L.ZeroPadding1D((1, 3)))
simple("borders", "zero_padding2d", (4, 5, 3), lambda: L.ZeroPadding2D(2))
simple("borders", "zero_padding2d_pair", (4, 5, 3), lambda: L.ZeroPadding2D((1, 2)))
simple("borders", "zero_padding2d_pairs", (4, 5, 3), lambda: L.ZeroPadding2D(((0, 1), (1, 2))))
simple("borders", "cropping1d", (6, 3), lambda: L.Cropping1D((1, 2)))
simple("borders", "cropping2d", (6, 7, 3), lambda: L.Cropping2D(((1, 2), (0, 3))))
simple("borders", "up_sampling1d", (4, 3), lambda: L.UpSampling1D(3))
simple("borders", "up_sampling2d", (3, 4, 2), lambda: L.UpSampling2D((2, 3)))
simple("borders", "up_sampling2d_bilinear", (3, 4, 2), lambda: L.UpSampling2D((2, 3), interpolation="bilinear"))
simple("borders", "resizing", (5, 4, 2), lambda: L.Resizing(8, 7))
simple("borders", "resizing_nearest", (5, 4, 2), lambda: L.Resizing(8, 3, interpolation="nearest"))

# --- reshaping
simple("reshaping", "flatten", (3, 4, 2), lambda: L.Flatten())
simple("reshaping", "flatten_channels_first", (3, 4, 2), lambda: L.Flatten(data_format="channels_first"))
simple("reshaping", "flatten_nothing", (5,), lambda: L.Flatten())
simple("reshaping", "reshape", (3, 4), lambda: L.Reshape((2, 6)))
simple("reshaping", "reshape_open", (3, 4), lambda: L.Reshape((2, -1, 3)))
simple("reshaping", "permute", (2, 3, 4), lambda: L.Permute((3, 1, 2)))
simple("reshaping", "repeat_vector", (4,), lambda: L.RepeatVector(3))
simple("reshaping", "embedding", (5,), lambda: [L.Embedding(10, 4), L.Flatten()])
simple("reshaping", "embedding_of_integers", (5,), lambda: L.Embedding(10, 4), dtype="int32")

# --- identity
simple("identity", "all", (4, 5, 3), lambda: [L.Dropout(0.3), L.SpatialDropout2D(0.2), L.GaussianDropout(0.3), L.GaussianNoise(0.2), L.AlphaDropout(0.2),
                                             L.ActivityRegularization(0.1), L.Conv2D(2, 3), L.Dropout(0.5)])


# --- merging
def merging(name, layer, shapes=((4, 3), (4, 3)), **options):
    def build():
        xs = [k.Input(s) for s in shapes]
        return k.Model(xs, layer(**options)(xs))
    FAMILIES.setdefault("merging", {})[name] = build


for merge in ["Add", "Multiply", "Average", "Maximum", "Minimum"]:
    merging(merge.lower(), getattr(L, merge))
    merging(merge.lower() + "_of_three", getattr(L, merge), ((4, 3),) * 3)
merging("subtract", L.Subtract)
merging("add_broadcast", L.Add, ((5, 4, 3), (1, 1, 3)))
merging("multiply_of_other_rank", L.Multiply, ((5, 4, 3), (3,)))
merging("concatenate", L.Concatenate)
merging("concatenate_first_axis", L.Concatenate, ((4, 3), (2, 3)), axis=1)
merging("concatenate_of_three", L.Concatenate, ((4, 3), (4, 1), (4, 5)))

# --- recurrent
for cell in ["SimpleRNN", "GRU", "LSTM"]:
    layer = getattr(L, cell)
    for sequences in [False, True]:
        for backwards in [False, True]:
            simple("recurrent", f"{cell.lower()}_{'sequences' if sequences else 'last'}_{'backwards' if backwards else 'forwards'}", (5, 3),
                   lambda l=layer, s=sequences, b=backwards: l(4, return_sequences=s, go_backwards=b))
    simple("recurrent", f"{cell.lower()}_without_bias", (5, 3), lambda l=layer: l(4, use_bias=False))
    simple("recurrent", f"{cell.lower()}_relu", (5, 3), lambda l=layer: l(4, activation="relu"))
    simple("recurrent", f"{cell.lower()}_unrolled", (5, 3), lambda l=layer: l(4, unroll=True, return_sequences=True))
    simple("recurrent", f"{cell.lower()}_stateful", (5, 3), lambda l=layer: l(4, stateful=True), batch_size=1)
    for mode in ["concat", "sum", "mul", "ave", None]:
        simple("recurrent", f"bidirectional_{cell.lower()}_{mode}", (5, 3), lambda l=layer, m=mode: L.Bidirectional(l(4, return_sequences=True), merge_mode=m))
    simple("recurrent", f"bidirectional_{cell.lower()}_last", (5, 3), lambda l=layer: L.Bidirectional(l(4)))

    def with_state(layer=layer, sequences=True):
        x = k.Input((5, 3))
        y, *states = layer(4, return_sequences=sequences, return_state=True)(x)
        return k.Model(x, [y, *states])
    FAMILIES["recurrent"][f"{cell.lower()}_return_state"] = with_state

    def from_state(layer=layer, cell=cell):
        x = k.Input((5, 3))
        states = [k.Input((4,)) for _ in range(2 if cell == "LSTM" else 1)]
        return k.Model([x, *states], layer(4)(x, initial_state=states))
    FAMILIES["recurrent"][f"{cell.lower()}_initial_state"] = from_state
simple("recurrent", "gru_reset_before", (5, 3), lambda: L.GRU(4, reset_after=False, return_sequences=True))
simple("recurrent", "gru_reset_before_without_bias", (5, 3), lambda: L.GRU(4, reset_after=False, use_bias=False))
simple("recurrent", "gru_hard_sigmoid", (5, 3), lambda: L.GRU(4, recurrent_activation="hard_sigmoid"))
simple("recurrent", "lstm_hard_sigmoid", (5, 3), lambda: L.LSTM(4, recurrent_activation="hard_sigmoid"))
simple("recurrent", "two_layers", (5, 3), lambda: [L.LSTM(4, return_sequences=True), L.GRU(3)])
simple("recurrent", "time_distributed_dense", (5, 3), lambda: L.TimeDistributed(L.Dense(4, activation="relu")))
simple("recurrent", "time_distributed_conv", (3, 6, 5, 2), lambda: [L.TimeDistributed(L.Conv2D(4, 3)), L.TimeDistributed(L.Flatten())])

# --- model


@case("model")
def sequential():
    return k.Sequential([k.Input((6,)), L.Dense(4, activation="relu"), L.Dense(3)])


@case("model")
def sequential_without_input_layer():
    return k.Sequential([L.Dense(4, activation="relu", input_shape=(6,)), L.Dense(3)])


@case("model")
def several_inputs_and_outputs():
    a, b = k.Input((4,), name="left"), k.Input((3,), name="right")
    c = L.Concatenate()([L.Dense(5)(b), L.Dense(5)(a)])
    return k.Model([a, b], [L.Dense(2, name="second")(c), L.Dense(3, name="first")(c)])


@case("model")
def shared_layer():
    a, b = k.Input((4,)), k.Input((4,))
    shared = L.Dense(3, activation="tanh")
    return k.Model([a, b], L.Subtract()([shared(a), shared(b)]))


@case("model")
def nested_sequential():
    inner = k.Sequential([k.Input((4,)), L.Dense(5, activation="relu"), L.BatchNormalization(), L.Dense(2)])
    x = k.Input((4,))
    return k.Model(x, L.Dense(3)(inner(x)))


@case("model")
def nested_twice():
    x = k.Input((4,))
    innermost = k.Model(x, L.Dense(3, name="deep")(x), name="innermost")
    y = k.Input((4,))
    inner = k.Model(y, L.Dense(2, name="middle")(innermost(y)), name="inner")
    z = k.Input((4,))
    return k.Model(z, L.Dense(2, name="top")(inner(z)))


@case("model")
def shared_nested_model():
    x = k.Input((4,))
    tower = k.Model(x, L.Dense(3, activation="relu")(L.Dense(5)(x)), name="tower")
    a, b = k.Input((4,)), k.Input((4,))
    return k.Model([a, b], L.Multiply()([tower(a), tower(b)]))


@case("model")
def frozen_nested():
    inner = k.Sequential([k.Input((6, 6, 2)), L.Conv2D(3, 3), L.BatchNormalization(), L.ReLU()])
    inner.trainable = False
    x = k.Input((6, 6, 2))
    return k.Model(x, L.Dense(2)(L.GlobalAveragePooling2D()(inner(x))))


@case("model")
def residual():
    x = k.Input((6, 6, 3))
    y = L.ReLU()(L.BatchNormalization()(L.Conv2D(4, 3, padding="same")(x)))
    z = L.Add()([L.Conv2D(4, 1)(x), L.Conv2D(4, 3, padding="same")(y)])
    return k.Model(x, L.Dense(2, activation="softmax")(L.Flatten()(L.Activation("relu")(z))))


# --- functions


@case("functions")
def arithmetic():
    x = k.Input((6, 4, 3))
    y = k.activations.swish(k.activations.relu(k.backend.mean(x, axis=2, keepdims=True)))
    z = 2.0 * ((y + x) + 1.0)
    z = tf.nn.relu6(z) - x
    z = tf.math.square(z) / (1 + tf.abs(x))
    return k.Model(x, tf.squeeze(L.GlobalAveragePooling2D(keepdims=True)(z), [1, 2]))


@case("functions")
def shapes():
    x = k.Input((6, 4, 3))
    w = tf.reshape(x, [-1, 24, 3])
    last = w[:, -1, :]
    part = x[:, 1:5:2, ::2]
    strided = x[..., 1:]
    total = tf.reduce_sum(part, axis=[1, 2])
    joined = tf.concat([last, total], axis=-1)
    turned = tf.transpose(x, [0, 2, 1, 3])
    stacked = tf.stack([last, total], axis=1)
    return k.Model(x, [joined, turned, stacked, tf.expand_dims(last, 1), tf.pad(x, [[0, 0], [1, 2], [0, 0], [0, 0]]), strided, tf.split(w, 3, axis=-1)[1]])


@case("functions")
def distance():
    a, b = k.Input((5,)), k.Input((5,))
    u, v = tf.nn.l2_normalize(a, axis=1), tf.nn.softmax(b)
    return k.Model([a, b], tf.sqrt(tf.maximum(tf.reduce_sum(tf.square(u - v), axis=1, keepdims=True), 1e-7)))


# A .h5 cannot hold the branches: they name their weights alike.
KERAS_CONTAINER = {"multi_scale_branches", "nested_twice"}


def seed(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


def randomize(model, rng):
    values = []
    for w in model.weights:
        shape = tuple(w.shape)
        path = getattr(w, "path", None) or w.name
        v = rng.normal(0, 0.5, shape)
        values.append((np.abs(v) + 0.3 if "variance" in path else v).astype(np.float32))
    if model.weights:
        model.set_weights(values)


def inputs_for(model, rng):
    xs = []
    for t in model.inputs:
        shape = [SAMPLES if t.shape[0] is None else t.shape[0], *t.shape[1:]]
        is_index = any(type(l).__name__ == "Embedding" for l in model.layers)
        xs.append(rng.integers(0, 10, shape).astype(np.int32 if "int" in str(t.dtype) else np.float32) if is_index else rng.normal(0, 1, shape).astype(np.float32))
    return xs


def layer_values(model, xs, prefix=""):
    """Every layer's outputs, of nested models too."""
    outputs = {}
    nested = []
    for layer in model.layers:
        if type(layer).__name__ == "InputLayer":
            continue
        if isinstance(layer, k.Model):
            own = layer.inputs[0]
            reads = [layer.get_input_at(i) for i in range(len(layer._inbound_nodes))]
            reads = [r for r in reads if (r[0] if isinstance(r, list) else r) is not own] or reads[-1:]
            if len(reads) == 1: # called once, besides its own node
                nested.append((layer, reads[0]))
            continue
        for node in range(len(layer._inbound_nodes)):
            outs = layer.get_output_at(node)
            for i, o in enumerate(outs if isinstance(outs, (list, tuple)) else [outs]):
                outputs[prefix + layer.name + (f"@{node}" if node else "") + (f":{i}" if i else "")] = o
    keys = list(outputs)
    reads = [t for _, t in nested]
    results = k.Model(model.inputs, [*[outputs[key] for key in keys], *reads], name="probe").predict_on_batch(xs if len(xs) > 1 else xs[0])
    results = results if isinstance(results, list) else [results]
    values = {key: np.asarray(v) for key, v in zip(keys, results)}
    for (layer, _), x in zip(nested, results[len(keys):]):
        values.update(layer_values(layer, x if isinstance(x, list) else [x], prefix + layer.name + "/"))
    return values


def saved(model, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model" + suffix)
        model.save(path)
        with open(path, "rb") as file:
            return file.read()


def packed(arrays):
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def add(archive, name, content):
    info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content, compresslevel=9)


def channels_first(archive):
    """TensorFlow computes NCHW convolutions on GPUs only: the same layers channels_last tell what comes out."""
    def network(fmt):
        first = fmt == "channels_first"
        x = k.Input((3, 8, 7) if first else (8, 7, 3))
        y = L.Conv2D(4, 3, padding="same", data_format=fmt, activation="relu")(x)
        y = L.BatchNormalization(axis=1 if first else -1)(y)
        y = L.DepthwiseConv2D(3, data_format=fmt)(y)
        y = L.MaxPooling2D(2, data_format=fmt)(y)
        y = L.ZeroPadding2D(1, data_format=fmt)(y)
        y = L.SeparableConv2D(5, 3, data_format=fmt)(y)
        y = L.Conv2DTranspose(2, 2, strides=2, data_format=fmt)(y)
        y = L.UpSampling2D(2, data_format=fmt)(y)
        y = L.Cropping2D(1, data_format=fmt)(y)
        y = L.AveragePooling2D(2, data_format=fmt)(y)
        return k.Model(x, [L.Dense(3)(L.Flatten(data_format=fmt)(y)), L.GlobalAveragePooling2D(data_format=fmt)(y), y])
    k.backend.clear_session()
    rng = seed("channels_first")
    first = network("channels_first")
    randomize(first, rng)
    k.backend.clear_session()
    last = network("channels_last")
    last.set_weights(first.get_weights())
    x = rng.normal(0, 1, (SAMPLES, 3, 8, 7)).astype(np.float32)
    values = layer_values(last, [np.transpose(x, (0, 2, 3, 1))])
    out = {}
    for name, value in values.items():
        if name == "flatten":
            continue
        out["out/" + name] = np.ascontiguousarray(np.transpose(value, (0, 3, 1, 2)) if value.ndim == 4 else value)
    # Flatten gives the order of channels_last for both: the dense layer after it proves that.
    add(archive, "channels_first.h5", saved(first, ".h5"))
    add(archive, "channels_first.npz", packed({"in0": x, **out}))


def write_family(folder, family, cases):
    with zipfile.ZipFile(os.path.join(folder, family + ".zip"), "w") as archive:
        for name, build in cases.items():
            k.backend.clear_session()
            made = build()
            model, is_random = made if isinstance(made, tuple) else (made, True)
            rng = seed(name)
            if is_random:
                randomize(model, rng)
            xs = inputs_for(model, rng)
            stateful = [l for l in model.layers if getattr(l, "stateful", False)]
            for layer in stateful:
                layer.reset_states()
            values = layer_values(model, xs)
            for layer in stateful:
                layer.reset_states()
            suffix = ".keras" if name in KERAS_CONTAINER else ".h5"
            add(archive, name + suffix, saved(model, suffix))
            add(archive, name + ".npz", packed({**{f"in{i}": x for i, x in enumerate(xs)}, **{"out/" + key: v for key, v in values.items()}}))
        if family == "convolution":
            channels_first(archive)
    print(family, len(cases), os.path.getsize(os.path.join(folder, family + ".zip")))


def write_keras3(folder):
    """The same way with Keras 3: the .keras container, and its .h5."""
    import keras
    from keras import layers as K

    def functional():
        x = keras.Input((8, 6, 3))
        y = K.Conv2D(4, 3, padding="same", use_bias=False)(x)
        y = K.BatchNormalization()(y)
        y = K.ReLU(max_value=6.0)(y)
        y = K.DepthwiseConv2D(3, padding="same")(y)
        y = K.SeparableConv2D(4, 3, padding="same", activation="hard_sigmoid")(y)
        y = K.Add()([y, K.Conv2D(4, 1)(x)])
        y = K.Activation("gelu")(y)
        return keras.Model(x, K.Dense(3, activation="softmax")(K.Flatten()(K.MaxPooling2D()(y))))

    def sequential():
        return keras.Sequential([K.Input((5, 3)), K.Conv1D(4, 3, padding="causal", activation="leaky_relu"), K.LayerNormalization(), K.LSTM(4, return_sequences=True),
                                 K.Bidirectional(K.GRU(3, return_sequences=True)), K.TimeDistributed(K.Dense(2, activation="tanh")), K.SimpleRNN(3), K.PReLU(), K.Dense(2)])

    def nested():
        inner = keras.Sequential([K.Input((4,)), K.Dense(3, activation="relu"), K.Dense(4)], name="inner")
        x, y = keras.Input((4,)), keras.Input((4,))
        return keras.Model([x, y], K.Subtract()([inner(x), inner(y)]))

    def operations():
        x = keras.Input((6, 4, 3))
        y = keras.activations.relu(keras.ops.mean(x, axis=2, keepdims=True)) + x * 2.0
        w = keras.ops.reshape(y, [-1, 24, 3])
        _, state = K.GRU(4, return_state=True)(w)
        return keras.Model(x, [keras.ops.squeeze(K.GlobalAveragePooling2D(keepdims=True)(y), [1, 2]), w[:, -1, :], K.GRU(4)(w, initial_state=state)])

    with zipfile.ZipFile(os.path.join(folder, "keras3.zip"), "w") as archive:
        for build in [functional, sequential, nested, operations]:
            for suffix in [".keras", ".h5"]:
                name = build.__name__ + suffix.replace(".", "_")
                keras.backend.clear_session()
                model = build()
                rng = seed(name)
                randomize(model, rng)
                xs = inputs_for(model, rng)
                layers = [l for l in model.layers if type(l).__name__ not in ("InputLayer", "Sequential")]
                outs = {}
                for layer in layers:
                    if len(layer._inbound_nodes) == 1:
                        for i, o in enumerate(layer.output if isinstance(layer.output, (list, tuple)) else [layer.output]):
                            outs[layer.name + (f":{i}" if i else "")] = o
                values = keras.Model(model.inputs, list(outs.values())).predict_on_batch(xs if len(xs) > 1 else xs[0])
                values = values if isinstance(values, list) else [values]
                add(archive, name + suffix, saved(model, suffix))
                add(archive, name + ".npz", packed({**{f"in{i}": x for i, x in enumerate(xs)}, **{"out/" + key: np.asarray(v) for key, v in zip(outs, values)}}))
    print("keras3", os.path.getsize(os.path.join(folder, "keras3.zip")))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--only", action="append")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for family, cases in FAMILIES.items():
        if not options.only or family in options.only:
            write_family(options.out, family, cases)
    if not options.only or "keras3" in options.only:
        write_keras3(options.out)


if __name__ == "__main__":
    main()
