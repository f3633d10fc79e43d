#!/usr/bin/env python3
"""A full report against LiteRT merely running the two models: against_litert.py --cli BUILD/bin/quantloupe-cli --models DIR [NAME ...]

Runs under the `lite` environment of tests/oracle. DIR holds NAME.float32.tflite and NAME.int8.tflite; with --convert ARCHIVES they are
made there first (convert_models.py, under --tf216 or QUANTLOUPE_ORACLE_TF216).

The report has both kinds of error, all metrics and histograms of every tensor; its time per sample is the slope between two numbers of
samples, so that start and end cancel. LiteRT (XNNPACK, one thread) invokes both models on the same samples. Both are taken by turns, as
often as --rounds says, since machines are noisy; the medians and the minima are printed. Processor time is what one thread's ratio rests
on; two threads need the clock on the wall, and two free cores.
"""
import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter

DEFAULT_MODELS = ("spoken_digits", "resnet", "keyword_spotting_with_transfer_learning")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=[])
    parser.add_argument("--cli", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--convert", metavar="ARCHIVES")
    parser.add_argument("--tf216", default=os.environ.get("QUANTLOUPE_ORACLE_TF216"))
    parser.add_argument("--few", type=int, default=64)
    parser.add_argument("--many", type=int, default=576)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", default="1,2")
    return parser.parse_args()


class LiteRT:
    def __init__(self, model, samples):
        self.interpreter = Interpreter(model_path=model, num_threads=1)
        self.interpreter.allocate_tensors()
        entry = self.interpreter.get_input_details()[0]
        self.index = entry["index"]
        scale, zero = entry["quantization"]
        if entry["dtype"] != np.float32:
            limits = np.iinfo(entry["dtype"])
            samples = np.clip(np.rint(samples / scale + zero), limits.min, limits.max)
        self.samples = samples.astype(entry["dtype"])

    def run(self):
        """Seconds a sample, of processor and wall, in invoke() alone."""
        processor = wall = 0.0
        for sample in self.samples:
            self.interpreter.set_tensor(self.index, sample)
            start, start_wall = time.thread_time(), time.perf_counter()
            self.interpreter.invoke()
            processor += time.thread_time() - start
            wall += time.perf_counter() - start_wall
        return np.array([processor, wall]) / len(self.samples)


def report_times(arguments, name, dataset, samples, threads):
    paths = [os.path.join(arguments.models, f"{name}.{kind}.tflite") for kind in ("float32", "int8")]
    command = [arguments.cli, "report", "--float", paths[0], "--quantized", paths[1], "--dataset", dataset, "--samples", str(samples),
               "--error", "both", "--threads", str(threads), "--quiet", "--csv", "-"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return np.array([after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall])


def compare(arguments, name, folder):
    path = os.path.join(arguments.models, name)
    probe = Interpreter(model_path=path + ".float32.tflite")
    shape = probe.get_input_details()[0]["shape"]
    samples = np.random.default_rng(20261).normal(0, 1, (arguments.many, *shape)).astype(np.float32)
    dataset = os.path.join(folder, name + ".npz")
    np.savez(dataset, x=samples.reshape(arguments.many, *shape[1:]))
    engines = [LiteRT(f"{path}.{kind}.tflite", samples[:arguments.few * 2]) for kind in ("float32", "int8")]
    threads = [int(count) for count in arguments.threads.split(",")]
    figures = {"float": [], "int8": [], **{count: [] for count in threads}}
    for _ in range(arguments.rounds):
        for key, engine in zip(("float", "int8"), engines):
            figures[key].append(engine.run())
        for count in threads:
            few = report_times(arguments, name, dataset, arguments.few, count)
            many = report_times(arguments, name, dataset, arguments.many, count)
            figures[count].append((many - few) / (arguments.many - arguments.few))
    os.remove(dataset)

    def summary(key):
        return {what: (statistics.median(row[i] for row in figures[key]) * 1e3, min(row[i] for row in figures[key]) * 1e3) for i, what in enumerate(("cpu", "wall"))}

    lite = {key: summary(key) for key in ("float", "int8")}
    print(f"{name}: milliseconds a sample, median (minimum) of {arguments.rounds} rounds")
    for clock in ("cpu", "wall"):
        base = [sum(lite[key][clock][i] for key in lite) for i in (0, 1)]
        print(f"  {clock:4}  LiteRT float32 + int8: {lite['float'][clock][0]:.3f} + {lite['int8'][clock][0]:.3f} ({lite['float'][clock][1]:.3f} + {lite['int8'][clock][1]:.3f})")
        for count in threads:
            if clock == "cpu" and count > 1:
                continue
            ours = summary(count)[clock]
            print(f"  {clock:4}  report, {count} thread{'s' if count > 1 else ''}: {ours[0]:.3f} ({ours[1]:.3f})   ratio {ours[0] / base[0]:.2f} ({ours[1] / base[1]:.2f})", flush=True)


def main():
    arguments = options()
    if arguments.convert:
        if not arguments.tf216:
            sys.exit("--convert needs --tf216 PYTHON or QUANTLOUPE_ORACLE_TF216")
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "convert_models.py")
        subprocess.run([arguments.tf216, script, arguments.convert, arguments.models], check=True, stderr=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.names or DEFAULT_MODELS:
            compare(arguments, name, folder)


if __name__ == "__main__":
    main()
