# SPDX-License-Identifier: GPL-3.0-or-later
"""Saves one small model in every form of Keras file, with what the model itself says its weights are.

    TF216/bin/python keras_files.py keras3|tf_keras OUT_FOLDER

Beside model.h5 and model.keras goes a .txt with a line per weight: the layer, the path as src/keras/keras_file.h names it
(.keras only: in a .h5 it is the variable's own name), shape, and the sum of all elements as %.6f.
"""

import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np  # noqa: E402

if sys.argv[1] == "tf_keras":
    import tf_keras as keras
else:
    import keras

PARTS = ("forward_layer", "backward_layer", "layer", "cell")  # what holds a wrapped layer


def build():
    layers = keras.layers
    inner = keras.Sequential([layers.Input((3,)), layers.Dense(2, name="a"), layers.BatchNormalization(name="b"), layers.Dense(2, name="c")], name="inner")
    x = keras.Input((4, 3), name="x")
    h = layers.Bidirectional(layers.LSTM(2, return_sequences=True), name="both")(x)
    h = layers.TimeDistributed(layers.Dense(3), name="each")(h)
    h = layers.SeparableConv1D(3, 2, name="separable")(h)
    h = layers.Dropout(0.5, seed=1)(h)
    h = layers.GlobalAveragePooling1D()(h)
    h = inner(h)
    h = layers.BatchNormalization(scale=False, name="norm")(h)
    h = layers.GRU(2, name="recurrent")(layers.RepeatVector(2)(h))
    y = layers.Dense(1, name="out")(layers.PReLU(name="slope")(h))
    return keras.Model(x, y, name="net")


def randomized(model):
    values = np.random.RandomState(20261)
    model.set_weights([values.normal(size=w.shape).astype(w.dtype) for w in model.get_weights()])
    return model


def line(layer, path, variable):
    value = np.asarray(variable, dtype=np.float64)
    shape = "x".join(str(n) for n in value.shape) or "scalar"
    return f"{layer} {path} {shape} {value.sum():.6f}"


def linesOfH5(model):
    """In the order of the file: what is trained first."""
    for layer in model.layers:
        for variable in layer.trainable_weights + layer.non_trainable_weights:
            name = variable.path if sys.argv[1] == "keras3" else variable.name
            yield line(layer.name, f"{layer.name}/{name}", variable)


def linesOfKeras(layer, top, path):
    """A layer's own variables, then those of the layers in it."""
    own = layer._trainable_variables + layer._non_trainable_variables if sys.argv[1] == "keras3" else layer._trainable_weights + layer._non_trainable_weights
    for i, variable in enumerate(own):
        yield line(top, f"{path}/{i}", variable)
    if hasattr(layer, "layers"):
        for member in layer.layers:
            yield from linesOfKeras(member, top, f"{path}/{member.name}")
        return
    for part in PARTS:
        if isinstance(getattr(layer, part, None), keras.layers.Layer):
            yield from linesOfKeras(getattr(layer, part), top, f"{path}/{part}")


def main():
    out = Path(sys.argv[2])
    name = sys.argv[1]
    model = build()
    model.compile("sgd" if name == "keras3" else "adam", "mse")
    model.fit(np.zeros((2, 4, 3)), np.zeros((2, 1)), verbose=0)
    randomized(model)
    model.save(out / f"{name}.h5")
    (out / f"{name}.h5.txt").write_text("\n".join(linesOfH5(model)) + "\n")
    model.compile()  # the optimizer need not be in both
    model.save(out / f"{name}.keras")
    lines = [text for layer in model.layers for text in linesOfKeras(layer, layer.name, layer.name)]
    (out / f"{name}.keras.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
