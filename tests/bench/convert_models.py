#!/usr/bin/env python3
"""The models that against_litert.py compares on, as pairs NAME.float32.tflite and NAME.int8.tflite: convert_models.py ARCHIVES OUTDIR

Runs under the tf216 environment of tests/oracle. The float graphs come from the .h5 of MLTK archives; the ResNet of MLTK's
image_classification, which no archive holds, is built here with weights of a fixed seed: time does not depend on them.
"""
import os
import sys
import zipfile

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import numpy as np
import tensorflow as tf
import tf_keras as keras

LAYERS = keras.layers
FROM_ARCHIVES = ("keyword_spotting_with_transfer_learning", "keyword_spotting")
CALIBRATION_SAMPLES = 32


def resnet():
    """ResNet-8 for 32 x 32 x 3 images: a stem and three stacks of 16, 32 and 64 channels."""
    def convolution(x, channels, size, stride):
        return LAYERS.BatchNormalization()(LAYERS.Conv2D(channels, size, stride, padding="same")(x))

    x = entry = keras.Input((32, 32, 3))
    x = LAYERS.ReLU()(convolution(x, 16, 3, 1))
    for channels, stride in ((16, 1), (32, 2), (64, 2)):
        y = convolution(LAYERS.ReLU()(convolution(x, channels, 3, stride)), channels, 3, 1)
        x = x if stride == 1 else LAYERS.Conv2D(channels, 1, stride, padding="same")(x)
        x = LAYERS.ReLU()(LAYERS.Add()([x, y]))
    x = LAYERS.Flatten()(LAYERS.AveragePooling2D(8)(x))
    return keras.Model(entry, LAYERS.Dense(10, activation="softmax")(x))


def load(archive):
    with zipfile.ZipFile(archive) as file:
        name = next(n for n in file.namelist() if n.endswith(".h5"))
        path = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"bench-{os.getpid()}.h5")
        with open(path, "wb") as out:
            out.write(file.read(name))
    try:
        return keras.models.load_model(path, compile=False)
    finally:
        os.remove(path)


def samples(model):
    random = np.random.default_rng(20261)
    shape = [1, *model.input_shape[1:]]
    for _ in range(CALIBRATION_SAMPLES):
        yield [random.normal(0, 1, shape).astype(np.float32)]


def write_pair(model, name, folder):
    model = keras.Model(model.inputs, model.outputs)
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    with open(os.path.join(folder, name + ".float32.tflite"), "wb") as out:
        out.write(converter.convert())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: samples(model)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    with open(os.path.join(folder, name + ".int8.tflite"), "wb") as out:
        out.write(converter.convert())


def main():
    archives, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    keras.utils.set_random_seed(20261)
    write_pair(resnet(), "resnet", folder)
    for name in FROM_ARCHIVES:
        write_pair(load(os.path.join(archives, name + ".mltk.zip")), name, folder)
    with zipfile.ZipFile(os.path.join(archives, "spoken_digits.mltk.zip")) as file:
        for suffix, entry in ((".float32", ".float32"), (".int8", "")):
            with open(os.path.join(folder, f"spoken_digits{suffix}.tflite"), "wb") as out:
                out.write(file.read(f"spoken_digits{entry}.tflite"))


if __name__ == "__main__":
    main()
