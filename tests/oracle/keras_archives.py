#!/usr/bin/env python3
"""Goldens of the .h5 models inside real MLTK archives: keras_archives.py --archives DIR --out tests/goldens/keras/archives.zip

The models are not stored. For each archive <name>.npz: in0 as int8, 1/32 a step; for each layer out/<layer> as float32:
largest magnitude, Euclidean norm, then pairs of element and value, for every sample one after another. Runs under tf216.
Lambda layers hold Python bytecode and are never run: those of the archives at hand are x[:, -1, :].
"""
import argparse
import glob
import os
import tempfile
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tf_keras as k

import keras_models

SAMPLES, PICKED = 2, 6


class LastStep(k.layers.Layer):
    def __init__(self, name=None, **_):
        super().__init__(name=name)

    def call(self, x):
        return x[:, -1, :]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archives", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    known = {"MultiScaleTemporalConvolution": keras_models.MultiScaleTemporalConvolution, "Lambda": LastStep}
    with zipfile.ZipFile(options.out, "w") as out:
        for path in sorted(glob.glob(os.path.join(options.archives, "*.mltk.zip"))):
            name = os.path.basename(path)[: -len(".mltk.zip")]
            with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
                entries = [e for e in archive.namelist() if e.endswith(".h5")]
                if not entries:
                    continue
                file = archive.extract(entries[0], folder)
                k.backend.clear_session()
                model = k.models.load_model(file, custom_objects=known, compile=False)
            rng = keras_models.seed(name)
            shape = model.inputs[0].shape
            codes = rng.integers(-100, 100, [SAMPLES, *shape[1:]]).astype(np.int8)
            x = codes.astype(np.float32) / 32
            parts = [keras_models.layer_values(model, [x[i : i + 1]]) for i in range(SAMPLES)]
            arrays = {"in0": codes}
            for layer in parts[0]:
                rows = []
                for part in parts:
                    flat = part[layer].reshape(-1).astype(np.float64)
                    picked = rng.choice(flat.size, min(PICKED, flat.size), replace=False)
                    rows.append([np.abs(flat).max(), np.sqrt((flat**2).sum()), *np.stack([picked, flat[picked]], 1).reshape(-1)])
                arrays["out/" + layer] = np.array(rows, np.float32)
            keras_models.add(out, name + ".npz", keras_models.packed(arrays))
            print(name, len(parts[0]))


if __name__ == "__main__":
    main()
