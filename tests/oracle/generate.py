#!/usr/bin/env python3
"""Makes the golden files: generate.py [--operators conv_2d,add] --out tests/goldens"""
import argparse
import collections
import glob
import json
import os
import sys
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import numpy as np

import golden_file
import references
from cases import ModelCase, REGISTRY, SEED
import graphs  # noqa: F401  both fill the registry
import operators  # noqa: F401
from operators import random_values as values

CONVERTED = "graphs_converted"
REFUSED_KEPT = 2  # models that every reference refuses, kept per variant


class Summary:
    def __init__(self):
        self.rows = collections.OrderedDict()
        self.matrix = collections.OrderedDict()

    def add(self, group, rows, variant=""):
        for profile, status, _ in rows:
            self.matrix.setdefault((group, variant), collections.Counter())[profile, status] += 1
        row = self.rows.setdefault(group, collections.Counter())
        row["cases"] += 1
        for profile, status, _ in rows:
            if status == golden_file.REFUSED:
                row["refused " + profile] += 1
            elif status == golden_file.FOLLOWS and profile != "litert":
                row["differs " + profile] += 1

    def write_matrix(self, path):
        """What each reference does with each variant, as a table."""
        lines = ["# What the references make of the cases", "",
                 "Written by tests/oracle/generate.py. `n` cases run; `=n` are identical to litert's, `x n` are refused or void.", "",
                 "| operator | variant | litert | tflite-2.14 | tflm |", "|---|---|---|---|---|"]
        for (group, variant), counts in self.matrix.items():
            cells = []
            for profile in golden_file.PROFILES:
                same, own, refused = (counts[profile, s] for s in (golden_file.SAME_AS_LITERT, golden_file.FOLLOWS, golden_file.REFUSED))
                cells.append(" ".join(
                    word for number, word in ((own, "%d" % own), (same, "=%d" % same), (refused, "x%d" % refused)) if number))
            lines.append("| %s | %s | %s |" % (group, variant, " | ".join(cells)))
        with open(path, "w") as file:
            file.write("\n".join(lines) + "\n")

    def print(self, stream=sys.stdout):
        columns = ["cases", "refused litert", "refused tflite-2.14", "refused tflm", "differs tflite-2.14", "differs tflm"]
        total = collections.Counter()
        print("%-34s" % "operator" + "".join("%21s" % c for c in columns), file=stream)
        for group, row in self.rows.items():
            total.update(row)
            print("%-34s" % group + "".join("%21d" % row[c] for c in columns), file=stream)
        print("%-34s" % "total" + "".join("%21d" % total[c] for c in columns), file=stream)


def same(result, litert):
    """Equal on the tensors both have; a missing tensor of the engine is no difference."""
    return all(index in litert and result[index].dtype == litert[index].dtype and
               result[index].tobytes() == litert[index].tobytes() for index in result)


def profile_rows(outcomes):
    """The profiles of a record; a later engine that computes what LiteRT computes takes one byte."""
    litert = dict(outcomes).get("litert")
    rows = []
    for profile, outcome in outcomes:
        if isinstance(outcome, Exception):
            rows.append((profile, golden_file.REFUSED, str(outcome)))
        elif profile != "litert" and isinstance(litert, dict) and same(outcome, litert):
            rows.append((profile, golden_file.SAME_AS_LITERT, None))
        else:
            rows.append((profile, golden_file.FOLLOWS, outcome))
    return rows


def run_case(engines, case):
    """(record bytes, profile rows)"""
    rows = profile_rows(references.run_all(engines, case))
    return golden_file.record(case.name, case.data, case.carry, case.inputs, rows), rows


def describe(case, rows):
    words = {golden_file.REFUSED: "refused", golden_file.SAME_AS_LITERT: "same", golden_file.FOLLOWS: "ok"}
    return case.name + "".join(
        "\n    %s: %s%s" % (p, words[s], " " + c if s == golden_file.REFUSED else "") for p, s, c in rows)


def cases_of(row, seed=SEED, scale=1.0):
    for variant, count in row.variants.items():
        for index in range(max(1, round(count * scale))):
            yield variant, row.case(variant, index, seed)


def converted_cases(folder):
    """What TensorFlow's converter makes of small Keras models (convert_models.py)."""
    for path in sorted(glob.glob(os.path.join(folder, "*.tflite"))):
        name = os.path.basename(path)[:-len(".tflite")]
        random = np.random.default_rng([SEED, zlib.crc32(name.encode())])
        with open(path, "rb") as file:
            case = ModelCase(file.read(), lambda dims, dtype, scale, zero: np.stack([
                values.data(random, dims, dtype) if dtype != "float32" else random.normal(0, 1, dims).astype(np.float32) for _ in range(3)]))
        case.name = name
        if name.endswith(("while_sequences_float32", "lstm_sequences_float32")) and not name.startswith("lstm"):
            case.void = {"tflm": "its WHILE hands on wrong tensors here: NaN"}
        yield name, case


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operators", default="all", help="comma-separated golden file names, or all")
    parser.add_argument("--out", default="tests/goldens")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--models", help="folder that convert_models.py filled; without it graphs_converted is left out")
    parser.add_argument("--verbose", action="store_true", help="print every case with what the references said")
    parser.add_argument("--list", action="store_true", help="print the operators and their variants")
    references.add_options(parser)
    arguments = parser.parse_args()
    every = list(REGISTRY) + ([CONVERTED] if arguments.models else [])
    names = every if arguments.operators == "all" else arguments.operators.split(",")
    if arguments.list:
        for name in names:
            print(name, json.dumps(REGISTRY[name].variants))
        return
    engines = references.from_options(arguments)
    os.makedirs(arguments.out, exist_ok=True)
    summary = Summary()
    for name in names:
        records, hopeless = [], collections.Counter()
        cases = converted_cases(arguments.models) if name == CONVERTED else cases_of(REGISTRY[name], arguments.seed)
        for variant, case in cases:
            record, rows = run_case(engines, case)
            if arguments.verbose:
                print(name + ": " + describe(case, rows), flush=True)
            if all(status == golden_file.REFUSED for _, status, _ in rows):
                hopeless[variant] += 1
                if hopeless[variant] > REFUSED_KEPT:
                    continue
            summary.add(name, rows, variant if name != CONVERTED else "")
            records.append(record)
        golden_file.write(os.path.join(arguments.out, name + ".zip"), records)
    summary.print()
    if arguments.operators == "all":
        summary.write_matrix(os.path.join(arguments.out, "summary.md"))


if __name__ == "__main__":
    main()
