#!/usr/bin/env python3
"""Goldens of the models inside real MLTK archives: archives.py --archives DIR --out tests/goldens/archives

The model itself is not stored (model_length 0); the case's name says where it lies: "<archive file>/<entry>".
"""
import argparse
import glob
import os
import sys
import zipfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import numpy as np

import generate
import golden_file
import references
from cases import SEED, ModelCase
from operators import random_values as values

SAMPLES = 3


def samples_of(random, dims, dtype, zero_point):
    """Full range, narrow around the zero point, and a mixture."""
    rows = []
    for sample in range(SAMPLES):
        if dtype == "float32":
            rows.append(random.normal(0, [1.0, 0.2, 3.0][sample % 3], dims).astype(np.float32))
            continue
        low, high = values.limits(dtype)
        row = random.integers(low, high + 1, dims)
        narrow = np.clip(np.rint(random.normal(zero_point, (high - low) / 16, dims)), low, high)
        rows.append([row, narrow, np.where(random.random(dims) < 0.5, row, narrow)][sample % 3].astype(dtype))
    return np.stack(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archives", required=True)
    parser.add_argument("--out", default="tests/goldens/archives")
    references.add_options(parser)
    arguments = parser.parse_args()
    engines = references.from_options(arguments)
    engines.pop("tflite-2.14", None)
    os.makedirs(arguments.out, exist_ok=True)
    summary = generate.Summary()
    for path in sorted(glob.glob(os.path.join(arguments.archives, "*.mltk.zip"))):
        archive = os.path.basename(path)
        with zipfile.ZipFile(path) as file:
            for entry in sorted(n for n in file.namelist() if n.endswith(".tflite")):
                data = file.read(entry)
                random = np.random.default_rng([SEED, zlib.crc32((archive + "/" + entry).encode())])
                case = ModelCase(data, lambda dims, dtype, scale, zero: samples_of(random, dims, dtype, zero or 0))
                case.name = archive + "/" + entry
                rows = generate.profile_rows(references.run_all(engines, case))
                summary.add(case.name, rows)
                record = golden_file.record(case.name, b"", False, case.inputs, rows, sampled=True)
                golden_file.write(os.path.join(arguments.out, "%s.%s.zip" % (archive, entry.replace("/", "_"))), [record])
                print(generate.describe(case, rows), flush=True)
    summary.print()


if __name__ == "__main__":
    main()
