"""Runs cases on the reference engines, each in a child process that is started again when the engine aborts or hangs."""
import os
import pickle
import re
import select
import struct
import subprocess
import sys
import tempfile

import numpy as np

from golden_file import PROFILES
from reference_worker import pack, unpack

TIMEOUT_SECONDS = 20


class Refused(Exception):
    pass


class Reference:
    """Every case runs twice, in two processes whose fresh memory holds different bytes and, unless state is carried, with the samples
    in opposite orders: what a reference makes of uninitialised memory, or of what the sample before left there, is no result to
    compare with."""

    def __init__(self, profile, python):
        self.profile = profile
        self.workers = [Worker(profile, python, fill) for fill in (85, 170)]

    def run(self, case):
        """{tensor index: array[samples, ...]}, or raises Refused."""
        if self.profile in case.void:
            raise Refused("void: " + case.void[self.profile])
        first, second = (worker.run(case, worker is not self.workers[0]) for worker in self.workers)
        if case.settle:
            case.settle(first)
            case.settle(second)
        if any(first[index].tobytes() != second[index].tobytes() for index in first):
            raise Refused("undetermined: the reference reads uninitialised memory")
        return first

    def close(self):
        for worker in self.workers:
            worker.close()


class Worker:
    def __init__(self, profile, python, fill):
        self.profile = profile
        self.python = python
        self.fill = fill
        self.process = None

    def _start(self):
        self.log = tempfile.TemporaryFile()
        environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="1", MALLOC_PERTURB_=str(self.fill))
        worker = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference_worker.py")
        self.process = subprocess.Popen(
            [self.python, worker, self.profile], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, env=environment)

    def _last_words(self):
        self.log.seek(max(0, self.log.seek(0, 2) - 2000))
        lines = [line for line in self.log.read().decode(errors="replace").splitlines() if line.strip()]
        return lines[-1] if lines else ""

    def _read(self, count):
        data = b""
        while len(data) < count:
            ready, _, _ = select.select([self.process.stdout], [], [], TIMEOUT_SECONDS)
            if not ready:
                self.process.kill()
                self.process.wait()
                self.process = None
                raise Refused("no answer within %d s" % TIMEOUT_SECONDS)
            piece = os.read(self.process.stdout.fileno(), count - len(data))
            if not piece:
                code = self.process.wait()
                self.process = None
                raise Refused("died with %s: %s" % (code, self._last_words()))
            data += piece
        return data

    def run(self, case, backwards=False):
        """{tensor index: array[samples, ...]}, or raises Refused."""
        if self.process is None:
            self._start()
        request = case.request()
        backwards = backwards and not request["carry"]
        if backwards:
            request["inputs"] = [(index, pack(unpack(array)[::-1])) for index, array in request["inputs"]]
        data = pickle.dumps(request, 4)
        try:
            self.process.stdin.write(struct.pack("<I", len(data)) + data)
            self.process.stdin.flush()
            kind, content = pickle.loads(self._read(struct.unpack("<I", self._read(4))[0]))
        except BrokenPipeError:
            self.process.wait()
            self.process = None
            raise Refused("died: " + self._last_words())
        if kind == "refused":
            if self.profile == "tflm":
                content += "; " + self._last_words()
            # Addresses and printed garbage differ from run to run.
            raise Refused(re.sub(r"\s+", " ", re.sub(r"0x[0-9a-f]+|-?[0-9]{6,}", "#", content))[:300])
        result = {}
        for index, arrays in content.items():
            arrays = [unpack(a) for a in arrays]
            if len({a.nbytes for a in arrays}) != 1:
                raise Refused("lengths differ between samples")
            if arrays[0].size:  # nothing to compare in an empty tensor
                result[index] = np.stack([a.reshape(-1) for a in (arrays[::-1] if backwards else arrays)])
        return result

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process = None


def add_options(parser):
    """The interpreters of the venvs (README.md says how to make them)."""
    lite = os.environ.get("QUANTLOUPE_ORACLE_LITE", sys.executable)
    parser.add_argument("--lite-python", default=lite, help="Python with ai-edge-litert and tflite-micro [$QUANTLOUPE_ORACLE_LITE, else this one]")
    parser.add_argument("--rt214-python", default=os.environ.get("QUANTLOUPE_ORACLE_RT214"),
                        help="Python with tflite-runtime 2.14 [$QUANTLOUPE_ORACLE_RT214]; without it that profile is left out")


def from_options(arguments):
    pythons = {"litert": arguments.lite_python, "tflite-2.14": arguments.rt214_python, "tflm": arguments.lite_python}
    return {profile: Reference(profile, pythons[profile]) for profile in PROFILES if pythons[profile]}


def run_all(references, case):
    """[(profile, result dict or Refused)] in the order of PROFILES."""
    outcomes = []
    for profile, reference in references.items():
        try:
            outcomes.append((profile, reference.run(case)))
        except Refused as refusal:
            outcomes.append((profile, refusal))
    return outcomes
