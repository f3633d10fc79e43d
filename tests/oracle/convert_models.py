#!/usr/bin/env python3
"""Small Keras models through TensorFlow's own converter, as users make them: convert_models.py OUTDIR [--large]

Runs under the tf216 environment; generate.py calls it for graphs_converted. Weights and calibration data come from fixed seeds.
With --large: whole networks (MobileNets, stacked and unrolled recurrent ones), too large to be committed:

    convert_models.py /tmp/large --large; generate.py --models /tmp/large --operators graphs_converted --out /tmp/g; golden_runner /tmp/g/graphs_converted.zip
"""
import os
import sys

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import numpy as np
import tensorflow as tf
import keras as keras3_package
import tf_keras as keras
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

LAYERS = keras.layers


def cnn():
    x = entry = keras.Input((12, 10, 1), batch_size=1)
    x = LAYERS.Conv2D(6, 3, strides=2, padding="same", use_bias=False)(x)
    x = LAYERS.BatchNormalization()(x)
    x = LAYERS.ReLU(6.0)(x)
    y = LAYERS.DepthwiseConv2D(3, padding="same", activation="relu")(x)
    x = LAYERS.Add()([x, LAYERS.Conv2D(6, 1)(y)])
    x = LAYERS.MaxPooling2D(2)(x)
    x = LAYERS.GlobalAveragePooling2D()(x)
    return keras.Model(entry, LAYERS.Dense(4, activation="softmax")(x))


def cnn_flatten():
    x = entry = keras.Input((9, 8, 2))
    x = LAYERS.ZeroPadding2D(((1, 0), (0, 1)))(x)
    x = LAYERS.Conv2D(5, (3, 2), dilation_rate=2, activation="relu")(x)
    x = LAYERS.AveragePooling2D(2, padding="same")(x)
    x = LAYERS.Flatten()(x)
    x = LAYERS.Dense(8, activation="tanh")(x)
    return keras.Model(entry, LAYERS.Dense(3, activation="sigmoid")(x))


def activations():
    x = entry = keras.Input((6, 6, 4), batch_size=1)
    a = LAYERS.LeakyReLU(0.1)(LAYERS.Conv2D(4, 1)(x))
    b = LAYERS.Activation("hard_sigmoid")(LAYERS.Conv2D(4, 1)(x))
    c = LAYERS.Activation("swish")(LAYERS.Conv2D(4, 3, padding="same")(x))
    d = LAYERS.PReLU(shared_axes=[1, 2])(LAYERS.Conv2D(4, 1)(x))
    x = LAYERS.Concatenate()([LAYERS.Multiply()([a, b]), LAYERS.Subtract()([c, a]), LAYERS.Maximum()([a, d])])
    return keras.Model(entry, LAYERS.Dense(2)(LAYERS.GlobalMaxPooling2D()(x)))


def autoencoder():
    x = entry = keras.Input((8, 8, 1), batch_size=1)
    x = LAYERS.Conv2D(4, 3, strides=2, padding="same", activation="relu")(x)
    x = LAYERS.Conv2D(3, 3, strides=2, padding="same", activation="relu")(x)
    x = LAYERS.UpSampling2D(2)(x)
    x = LAYERS.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu")(x)
    x = LAYERS.UpSampling2D(2, interpolation="bilinear")(LAYERS.MaxPooling2D(2)(x))
    return keras.Model(entry, LAYERS.Conv2D(1, 3, padding="same", activation="sigmoid")(x))


def dense():
    x = entry = keras.Input((20,))
    for units in (12, 6, 12):
        x = LAYERS.Dense(units, activation="relu")(x)
    return keras.Model(entry, LAYERS.Dense(20)(x))


def wide():
    """Layers of 1024 weights and more, which dynamic range quantization turns into int8."""
    x = entry = keras.Input((6, 6, 8), batch_size=1)
    x = LAYERS.Conv2D(16, 3, padding="same", activation="relu")(x)
    x = LAYERS.DepthwiseConv2D((8, 8), padding="same")(x)
    return keras.Model(entry, LAYERS.Dense(3)(LAYERS.Dense(32, activation="relu")(LAYERS.Flatten()(LAYERS.MaxPooling2D(3)(x)))))


def wide_lstm():
    x = entry = keras.Input((4, 32), batch_size=1)
    return keras.Model(entry, LAYERS.Dense(3)(LAYERS.LSTM(32)(x)))


def layer_norm():
    x = entry = keras.Input((6, 8), batch_size=1)
    x = LAYERS.LayerNormalization()(LAYERS.Dense(8)(x))
    x = LAYERS.LayerNormalization()(LAYERS.Dense(5, activation="relu")(x))
    return keras.Model(entry, LAYERS.Dense(3, activation="softmax")(LAYERS.GlobalAveragePooling1D()(x)))


def attention():
    x = entry = keras.Input((5, 8), batch_size=1)
    q, k, v = (LAYERS.Dense(8)(x) for _ in range(3))
    x = LAYERS.Add()([x, LAYERS.Attention(use_scale=False)([q, v, k])])
    return keras.Model(entry, LAYERS.Dense(3)(LAYERS.Flatten()(x)))


def recurrent(cell, sequences=False, **options):
    def build():
        x = entry = keras.Input((6, 5), batch_size=1)
        x = getattr(LAYERS, cell)(4, return_sequences=sequences, **options)(x)
        if sequences:
            x = LAYERS.LayerNormalization()(x)
            x = LAYERS.Lambda(lambda t: t[:, -1, :])(x)
        return keras.Model(entry, LAYERS.Dense(3, activation="softmax")(x))
    return build


def bidirectional():
    x = entry = keras.Input((6, 5), batch_size=1)
    x = LAYERS.Bidirectional(LAYERS.LSTM(3, return_sequences=True))(x)
    return keras.Model(entry, LAYERS.Dense(3)(LAYERS.GlobalAveragePooling1D()(x)))


def cnn_lstm():
    x = entry = keras.Input((14, 8, 1), batch_size=1)
    x = LAYERS.Conv2D(4, 3, strides=2, padding="same", activation="relu")(x)
    x = LAYERS.Reshape((7, 16))(x)
    x = LAYERS.LayerNormalization()(x)
    x = LAYERS.LSTM(5, return_sequences=True)(x)
    x = LAYERS.LayerNormalization()(x)
    return keras.Model(entry, LAYERS.Dense(4, activation="softmax")(LAYERS.Lambda(lambda t: t[:, -1, :])(x)))


def mobilenet():
    """MobileNetV2's blocks: expansion, depthwise, linear projection, residuals."""
    x = entry = keras.Input((16, 16, 3), batch_size=1)
    x = LAYERS.ReLU(6.0)(LAYERS.BatchNormalization()(LAYERS.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(x)))
    for channels, stride in ((8, 1), (8, 1), (12, 2), (12, 1)):
        y = LAYERS.ReLU(6.0)(LAYERS.BatchNormalization()(LAYERS.Conv2D(3 * x.shape[-1], 1, use_bias=False)(x)))
        if stride == 2:
            y = LAYERS.ZeroPadding2D(((0, 1), (0, 1)))(y)
        y = LAYERS.DepthwiseConv2D(3, strides=stride, padding="valid" if stride == 2 else "same", use_bias=False)(y)
        y = LAYERS.ReLU(6.0)(LAYERS.BatchNormalization()(y))
        y = LAYERS.BatchNormalization()(LAYERS.Conv2D(channels, 1, use_bias=False)(y))
        x = LAYERS.Add()([x, y]) if stride == 1 and x.shape[-1] == channels else y
    return keras.Model(entry, LAYERS.Dense(5, activation="softmax")(LAYERS.GlobalAveragePooling2D()(x)))


def conv1d():
    x = entry = keras.Input((24, 4), batch_size=1)
    x = LAYERS.Conv1D(6, 3, padding="causal", dilation_rate=2, activation="relu")(x)
    x = LAYERS.SeparableConv1D(8, 5, strides=2, padding="same")(x)
    x = LAYERS.LeakyReLU(0.3)(LAYERS.MaxPooling1D(2)(x))
    return keras.Model(entry, LAYERS.Dense(3, activation="sigmoid")(LAYERS.GlobalAveragePooling1D()(x)))


def step_model():
    """One step of an LSTM with its state as inputs and outputs: the state-transfer form of recurrent models."""
    x, h, c = keras.Input((5,), batch_size=1), keras.Input((4,), batch_size=1), keras.Input((4,), batch_size=1)
    out, (h2, c2) = LAYERS.LSTMCell(4)(x, [h, c])
    return keras.Model([x, h, c], [LAYERS.Dense(3)(out), h2, c2])


def keras3(cell, layer_norm=False):
    """Keras 3 no longer fuses recurrent layers: WHILE with GATHER, SPLIT and friends; its LayerNormalization has NEG."""
    def build():
        x = entry = keras3_package.Input((6, 5), batch_size=1)
        if cell:
            x = getattr(keras3_package.layers, cell)(4, return_sequences=layer_norm)(x)
        if layer_norm:
            x = keras3_package.layers.LayerNormalization()(x)
            x = keras3_package.layers.GlobalAveragePooling1D()(x)
        return keras3_package.Model(entry, keras3_package.layers.Dense(3, activation="softmax")(x))
    return build


# name: (model, conversions); WHILE-based models convert to float only
MODELS = {
    "cnn": (cnn, "float32 float16 int8 int8_io int16"), "cnn_flatten": (cnn_flatten, "float32 int8 int16"),
    "activations": (activations, "float32 int8"), "autoencoder": (autoencoder, "float32 int8 int16"),
    "dense": (dense, "float32 int8 uint8_io int16"), "layer_norm": (layer_norm, "float32 int8"), "attention": (attention, "float32 int8 int16"),
    "lstm": (recurrent("LSTM"), "float32 int8"), "lstm_sequences": (recurrent("LSTM", True), "float32 int8 int8_io"),
    "lstm_unrolled": (recurrent("LSTM", unroll=True), "float32 int8 int16"), "gru_unrolled": (recurrent("GRU", unroll=True), "float32 int8 int16"),
    "gru_unrolled_before": (recurrent("GRU", unroll=True, reset_after=False), "int8 int16"),
    "rnn_unrolled": (recurrent("SimpleRNN", unroll=True), "int8 int16"), "gru_while": (recurrent("GRU"), "float32"),
    "bidirectional": (bidirectional, "float32 int8"), "cnn_lstm": (cnn_lstm, "float32 int8"), "mobilenet": (mobilenet, "float32 int8 int16"), "conv1d": (conv1d, "float32 int8 int16"),
    "gru_while_sequences": (recurrent("GRU", True), "float32"), "keras3_lstm": (keras3("LSTM"), "float32"), "keras3_gru": (keras3("GRU"), "float32"),
    "keras3_lstm_sequences": (keras3("LSTM", True), "float32"), "keras3_layer_norm": (keras3(None, True), "float32 int8"),
    "rnn_while": (recurrent("SimpleRNN"), "float32"),
    "gru_while_before": (recurrent("GRU", reset_after=False), "float32"), "step_model": (step_model, "float32 int8 int16"),
}


def application(name, **options):
    return lambda: getattr(keras.applications, name)(weights=None, classes=4, **options)


def ds_cnn():
    """The keyword spotting network of MLPerf Tiny."""
    x = entry = keras.Input((49, 10, 1), batch_size=1)
    x = LAYERS.ReLU()(LAYERS.BatchNormalization()(LAYERS.Conv2D(64, (10, 4), strides=2, padding="same")(x)))
    for _ in range(4):
        x = LAYERS.ReLU()(LAYERS.BatchNormalization()(LAYERS.DepthwiseConv2D(3, padding="same")(x)))
        x = LAYERS.ReLU()(LAYERS.BatchNormalization()(LAYERS.Conv2D(64, 1)(x)))
    return keras.Model(entry, LAYERS.Dense(12, activation="softmax")(LAYERS.Flatten()(LAYERS.AveragePooling2D((25, 5))(x))))


def stacked(cell, shape, units, batch=1, **options):
    def build():
        x = entry = keras.Input(shape, batch_size=batch)
        for count in units[:-1]:
            x = getattr(LAYERS, cell)(count, return_sequences=True, **options)(x)
        return keras.Model(entry, LAYERS.Dense(4, activation="softmax")(getattr(LAYERS, cell)(units[-1], **options)(x)))
    return build


def time_major():
    x = entry = keras.Input((2, 9), batch_size=7)
    return keras.Model(entry, LAYERS.Dense(3)(LAYERS.LSTM(6, time_major=True, return_sequences=True)(x)))


def go_backwards():
    x = entry = keras.Input((11, 6), batch_size=2)
    x = LAYERS.Bidirectional(LAYERS.LSTM(8, return_sequences=True), merge_mode="sum")(x)
    x = LAYERS.Bidirectional(LAYERS.LSTM(5))(x)
    return keras.Model(entry, LAYERS.Dense(3)(x))


LARGE = {
    "mobilenet_v1": (application("MobileNet", input_shape=(96, 96, 1), alpha=0.25), "float32 int8 int16 dynamic"),
    "mobilenet_v2": (application("MobileNetV2", input_shape=(96, 96, 3), alpha=0.35), "float32 int8 int16"),
    "ds_cnn": (ds_cnn, "float32 int8 int16 dynamic"),
    "lstm_stacked": (stacked("LSTM", (20, 12), (16, 24, 8)), "float32 int8"), "lstm_batch3": (stacked("LSTM", (9, 5), (7, 6), 3), "float32 int8"),
    "lstm_large": (stacked("LSTM", (40, 32), (64,)), "float32 int8 dynamic"), "lstm_hard": (stacked("LSTM", (8, 6), (10,), recurrent_activation="hard_sigmoid", unroll=True), "int8 int16"),
    "lstm_time_major": (time_major, "float32 int8"), "lstm_bidirectional": (go_backwards, "float32 int8"),
    "gru_unrolled_stacked": (stacked("GRU", (20, 8), (16, 12), unroll=True), "float32 int8 int16 dynamic"),
    "lstm_unrolled_stacked": (stacked("LSTM", (16, 8), (16, 12), unroll=True), "float32 int8 int16"),
    "gru_unrolled_batch2": (stacked("GRU", (10, 8), (6,), 2, unroll=True), "int8 int16"),
    "wide": (wide, "dynamic"), "wide_lstm": (wide_lstm, "dynamic"),
}


def convert(model, kind, random):
    if isinstance(model, keras.Model):
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
    else:
        function = tf.function(lambda x: model(x, training=False)).get_concrete_function(tf.TensorSpec(model.inputs[0].shape, tf.float32))
        converter = tf.lite.TFLiteConverter.from_concrete_functions([convert_variables_to_constants_v2(function, lower_control_flow=False)])
    if kind == "float32":
        return converter.convert()
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if kind in ("dynamic", "float16"):
        return converter.convert()
    shapes = [tuple(1 if d is None else d for d in tensor.shape) for tensor in model.inputs]
    samples = [[random.normal(0, 1, shape).astype(np.float32) for shape in shapes] for _ in range(20)]
    converter.representative_dataset = lambda: iter(samples)
    if kind.startswith("int16"):
        converter.target_spec.supported_ops = [tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
    else:
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    if kind.endswith("_io"):
        converter.inference_input_type = converter.inference_output_type = getattr(tf, kind[:-3])
    return converter.convert()


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for number, (name, (build, kinds)) in enumerate((LARGE if "--large" in sys.argv[2:] else MODELS).items()):
        keras.backend.clear_session()
        keras.utils.set_random_seed(100 + number)
        keras3_package.utils.set_random_seed(100 + number)
        model = build()
        random = np.random.default_rng(number)
        for layer in model.layers:  # biases and running averages are zero and one otherwise
            layer.set_weights([w + random.normal(0, 0.1, w.shape).astype(np.float32) if w.ndim == 1 else w for w in layer.get_weights()])
        for kind in kinds.split():
            try:
                data = convert(model, kind, np.random.default_rng(1000 + number))
            except Exception as error:  # the converter's refusals are facts too
                print("%s_%s: not convertible: %s" % (name, kind, str(error).splitlines()[0][:200]), file=sys.stderr)
                continue
            with open(os.path.join(folder, "%s_%s.tflite" % (name, kind)), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main()
