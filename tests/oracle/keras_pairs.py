#!/usr/bin/env python3
"""Goldens of pairing: keras_pairs.py --out tests/goldens/keras/pairs.zip [--only NAME]

Small networks of the kinds that MLTK's model zoo and tutorials have, each as <name>.h5 and as <name>.tflite, which TensorFlow's
converter quantized to int8. Runs under the tf216 environment. LSTMs that are not
unrolled convert with a fixed batch only; a GRU or SimpleRNN that is not unrolled kills the converter of 2.16 when it quantizes. Weights are drawn from a generator seeded with the name.
"""
import argparse
import os
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import tensorflow as tf
import tf_keras as k
from tf_keras import layers as L

import keras_models as common

NETWORKS = {}


def network(build):
    NETWORKS[build.__name__] = build
    return build


def conv_block(x, filters, strides=1, size=3, relu=True, bias=True):
    x = L.BatchNormalization()(L.Conv2D(filters, size, strides=strides, padding="same", use_bias=bias)(x))
    return L.Activation("relu")(x) if relu else x


def depthwise_block(x, filters, strides=1):
    x = L.Activation("relu")(L.BatchNormalization()(L.DepthwiseConv2D(3, strides=strides, padding="same")(x)))
    return conv_block(x, filters, size=1)


@network
def resnet_v1():
    i = k.Input((12, 12, 3))
    x = conv_block(i, 4)
    for strides, filters in [(1, 4), (2, 6)]:
        y = conv_block(conv_block(x, filters, strides), filters, relu=False)
        if strides == 2:
            x = L.Conv2D(filters, 1, strides=2, padding="same")(x)
        x = L.Activation("relu")(L.Add()([x, y]))
    return k.Model(i, L.Dense(4, activation="softmax")(L.Flatten()(L.AveragePooling2D(6)(x))))


@network
def resnet_v2():
    """BatchNormalization before the convolution."""
    i = k.Input((8, 8, 4))
    x = L.Conv2D(4, 3, padding="same")(L.Activation("relu")(L.BatchNormalization()(i)))
    x = L.Add()([x, L.Conv2D(4, 1)(L.BatchNormalization()(x))])
    return k.Model(i, L.Dense(3, activation="softmax")(L.BatchNormalization()(L.GlobalAveragePooling2D()(x))))


@network
def mobilenet_v1():
    i = k.Input((16, 16, 3))
    x = conv_block(i, 4, 2, bias=False)
    for filters, strides in [(6, 1), (8, 2)]:
        x = depthwise_block(x, filters, strides)
    return k.Model(i, L.Dense(2, activation="softmax")(L.Flatten()(L.AveragePooling2D(x.shape[1:3])(x))))


@network
def mobilenet_v2():
    i = k.Input((15, 15, 2))
    x = L.ReLU(6.0)(L.BatchNormalization()(L.Conv2D(4, 3, strides=2, padding="same", use_bias=False)(i)))
    for strides in [1, 2]:
        y = L.ReLU(6.0)(L.BatchNormalization()(L.Conv2D(8, 1, use_bias=False)(x)))
        if strides == 2:
            y = L.ZeroPadding2D(((0, 1), (0, 1)))(y)
        y = L.DepthwiseConv2D(3, strides=strides, padding="same" if strides == 1 else "valid", use_bias=False)(y)
        y = L.ReLU(6.0)(L.BatchNormalization()(y))
        y = L.BatchNormalization()(L.Conv2D(4, 1, use_bias=False)(y))
        x = L.Add()([x, y]) if strides == 1 else y
    return k.Model(i, L.Dense(3, activation="softmax")(L.GlobalAveragePooling2D()(x)))


@network
def keyword_spotting():
    i = k.Input((25, 10, 1))
    x = depthwise_block(L.Dropout(0.2)(conv_block(i, 6, 2, (10, 4))), 6)
    return k.Model(i, L.Dense(4, activation="softmax")(L.GlobalAveragePooling2D()(x)))


@network
def tenet():
    i = k.Input((20, 1, 6))
    x = L.Conv2D(4, (3, 1), padding="same")(i)
    for n, strides in enumerate([2, 1]):
        y = L.ReLU()(L.BatchNormalization()(L.Conv2D(8, 1, use_bias=False)(x)))
        y = L.ReLU()(L.BatchNormalization()(common.MultiScaleTemporalConvolution(strides, [9], name=f"mtconv-{n}")(y)))
        y = L.BatchNormalization()(L.Conv2D(4, 1, use_bias=False)(y))
        if strides == 2:
            x = L.ReLU()(L.BatchNormalization()(L.Conv2D(4, 1, strides=2, padding="same", use_bias=False)(x)))
        x = L.ReLU()(L.Add()([y, x]))
    return k.Model(i, L.Dense(3, activation="softmax")(L.Flatten()(L.AveragePooling2D((x.shape[1], 1))(x))))


@network
def bc_resnet():
    i = k.Input((12, 10, 1))
    x = L.Conv2D(4, 5, strides=(1, 2), padding="same")(i)
    x = k.activations.relu(L.BatchNormalization()(L.Conv2D(4, 1, use_bias=False)(x)))
    residual = L.BatchNormalization()(L.DepthwiseConv2D((1, 3), padding="same", use_bias=False)(x))
    x = k.backend.mean(residual, axis=2, keepdims=True)
    x = L.BatchNormalization()(L.DepthwiseConv2D((3, 1), dilation_rate=(2, 1), padding="same", use_bias=False)(x))
    x = L.Conv2D(4, 1, use_bias=False)(k.activations.swish(x))
    x = k.activations.relu(L.SpatialDropout2D(0.1)(x) + residual)
    x = L.GlobalAveragePooling2D(keepdims=True)(k.backend.mean(x, axis=2, keepdims=True))
    return k.Model(i, L.Activation("softmax")(tf.squeeze(L.Conv2D(3, 1, use_bias=False)(x), [1, 2])))


@network
def dense_autoencoder():
    i = k.Input((4, 8, 1))
    x = L.Flatten()(i)
    for units in [8, 4, 8]:
        x = L.Activation("relu")(L.BatchNormalization()(L.Dense(units)(x)))
    return k.Model(i, L.Reshape((4, 8, 1))(L.Dense(32)(x)))


@network
def nested_autoencoder():
    encoder = k.Sequential([k.Input((12,)), L.Dense(6, activation="relu"), L.Dense(3, activation="relu")], name="encoder")
    decoder = k.Sequential([L.Dense(6, activation="relu"), L.Dense(12, activation="sigmoid")], name="decoder")
    i = k.Input((12,))
    return k.Model(i, decoder(encoder(i)))


@network
def convolution_autoencoder():
    i = k.Input((8, 8, 1))
    x = L.Conv2D(3, 3, strides=2, padding="same", activation="relu")(L.Conv2D(4, 3, strides=2, padding="same", activation="relu")(i))
    x = L.BatchNormalization()(L.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu")(x))
    return k.Model(i, L.Conv2D(1, 3, padding="same", activation="sigmoid")(L.UpSampling2D(2)(x)))


def tower():
    i = k.Input((12, 12, 1))
    x = L.AveragePooling2D(2)(L.Conv2D(3, 3, activation="tanh")(L.BatchNormalization()(i)))
    return k.Model(i, L.Dense(4, activation="tanh")(L.BatchNormalization()(L.Flatten()(x))), name="tower")


@network
def siamese():
    """The distance is a Lambda: its operators are inferred."""
    t, a, b = tower(), k.Input((12, 12, 1)), k.Input((12, 12, 1))
    d = L.Lambda(lambda v: tf.sqrt(tf.maximum(tf.reduce_sum(tf.square(v[0] - v[1]), axis=1, keepdims=True), 1e-7)))([t(a), t(b)])
    return k.Model([a, b], L.Dense(1, activation="sigmoid")(L.BatchNormalization()(d)))


@network
def conv1d():
    return k.Sequential([k.Input((30, 3)), L.Conv1D(4, 5, activation="relu"), L.Conv1D(4, 3, padding="same"), L.BatchNormalization(), L.ReLU(), L.MaxPooling1D(3),
                         L.SeparableConv1D(5, 3, activation="relu"), L.GlobalAveragePooling1D(), L.Dropout(0.5), L.Dense(4, activation="softmax")])


@network
def lstm():
    i = k.Input((12, 6, 1), batch_size=1)
    x = L.LayerNormalization()(L.Reshape((6, 24))(conv_block(i, 8, 2)))
    x = L.Lambda(lambda t: t[:, -1, :])(L.LSTM(5, return_sequences=True)(x))
    return k.Model(i, L.Dense(3, activation="softmax")(x))


@network
def lstm_last_step():
    return k.Sequential([k.Input((7, 5), batch_size=1), L.LSTM(4), L.Dense(3)])


@network
def bidirectional_lstm():
    return k.Sequential([k.Input((6, 4), batch_size=1), L.Bidirectional(L.LSTM(3, return_sequences=True)), L.Bidirectional(L.LSTM(3)), L.Dense(2)])


@network
def lstm_unrolled():
    return k.Sequential([k.Input((4, 3)), L.LSTM(3, activation="relu", unroll=True), L.Dense(2)])


@network
def gru_unrolled():
    return k.Sequential([k.Input((4, 4)), L.GRU(3, unroll=True), L.Dense(2)])


@network
def simple_rnn_unrolled():
    return k.Sequential([k.Input((4, 3)), L.SimpleRNN(4, unroll=True, return_sequences=True), L.Flatten(), L.Dense(2)])


@network
def activations():
    i = k.Input((10, 10, 2))
    x = L.PReLU(shared_axes=[1, 2])(L.Conv2D(3, 3, use_bias=False)(i))
    x = L.LeakyReLU(0.2)(L.Conv2D(3, 3)(x))
    x = L.ELU()(L.Conv2D(3, 3)(x))
    x = L.Conv2D(3, 1, activation="swish")(L.Conv2D(3, 1, activation="hard_sigmoid")(x))
    x = L.Activation("tanh")(L.BatchNormalization()(L.Conv2D(3, 1)(x)))
    return k.Model(i, L.Dense(3, activation="softmax")(L.GlobalMaxPooling2D()(x)))


@network
def squeeze_and_excite():
    i = k.Input((8, 8, 3))
    x = L.Rescaling(1 / 128.0)(i)
    x = L.Concatenate()([x, conv_block(x, 5)])
    s = L.Dense(8, activation="sigmoid")(L.Dense(4, activation="relu")(L.GlobalAveragePooling2D()(x)))
    x = L.Multiply()([x, L.Reshape((1, 1, 8))(s)])
    x = L.MaxPooling2D(2)(L.Cropping2D(1)(L.ZeroPadding2D(2)(x)))
    return k.Model(i, L.Dense(3)(L.Flatten()(L.Permute((2, 1, 3))(x))))


@network
def two_inputs_and_outputs():
    a, b = k.Input((8,), name="zeta"), k.Input((6,), name="alpha")
    x = L.Concatenate()([L.Dense(5, activation="relu")(a), L.Dense(5, activation="relu")(b)])
    return k.Model([a, b], [L.Dense(3, activation="softmax", name="zz")(x), L.Dense(2, name="aa")(x)])


@network
def time_distributed():
    return k.Sequential([k.Input((4, 6)), L.TimeDistributed(L.Dense(5, activation="relu")), L.Dense(4), L.Flatten(), L.Dense(2)])


@network
def transfer_learning():
    i = k.Input((12, 12, 3))
    base = k.Model(i, conv_block(conv_block(i, 4, 2), 6), name="base")
    return k.Sequential([k.Input((12, 12, 3)), base, L.GlobalAveragePooling2D(), L.Dense(3, activation="softmax")])


@network
def text():
    return k.Sequential([k.Input((8,)), L.Embedding(20, 4), L.GlobalAveragePooling1D(), L.Dense(4, activation="relu"), L.Dense(1, activation="sigmoid")])


@network
def keyword_spotting_16x8():
    return keyword_spotting()


def make(name):
    k.backend.clear_session()
    model = NETWORKS[name]()
    rng = common.seed(name)
    common.randomize(model, rng)
    is_text = any(isinstance(layer, L.Embedding) for layer in model.layers)

    def samples():
        for _ in range(12):
            yield [(rng.integers(0, 20, [1, *t.shape[1:]]) if is_text else rng.normal(0, 1, [1, *t.shape[1:]])).astype(np.float32) for t in model.inputs]
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = samples
    sets = tf.lite.OpsSet
    integer = sets.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8 if name.endswith("16x8") else sets.TFLITE_BUILTINS_INT8
    converter.target_spec.supported_ops = [integer, sets.TFLITE_BUILTINS]
    return common.saved(model, ".h5"), converter.convert()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--only", action="append")
    options = parser.parse_args()
    with zipfile.ZipFile(options.out, "w") as archive:
        for name in options.only or NETWORKS:
            try:
                model, quantized = make(name)
            except Exception as error:  # the converter does not take every network
                print(name, "FAILED", str(error)[:300], flush=True)
                continue
            common.add(archive, name + ".h5", model)
            common.add(archive, name + ".tflite", quantized)
            print(name, len(model), len(quantized), flush=True)
    print(os.path.getsize(options.out))


if __name__ == "__main__":
    main()
