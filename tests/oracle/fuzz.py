#!/usr/bin/env python3
"""Fresh random cases against the installed references: fuzz.py --runner BUILD/bin/golden_runner --cases 20000

Cases are spread over operators and variants as the goldens are. Prints what the runner says of the differing containers and
one line with the verdict; exit code 1 when anything differs, and the differing containers stay under --keep.

Floats a little beyond the goldens' tolerance are counted apart, as near: sums that cancel leave less than 1e-5 of what was added, and a
hybrid operator whose float input rounds to another code moves by a step of int8.
"""
import argparse
import collections
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import generate
import golden_file
import references
from cases import REGISTRY

LINE = re.compile(r"^(.*\.zip) (\S+): (\d+) equal, (\d+) different, (\d+) refused")

FLOAT = re.compile(r"^(\S+): tensor \d+ \(.*\): element \d+: expected (\S+), got (\S+) \(largest magnitude (\S+)\)$")
NEAR = {"float32": 1e-4, "hybrid": 1e-2}  # of the tensor's largest magnitude


def near(lines):
    """How many of the cases in the runner's lines about one container and profile are near."""
    verdicts = collections.defaultdict(list)
    for line in lines:
        match = FLOAT.match(line)
        name = line.split(":")[0]
        limit = next((share for kind, share in NEAR.items() if name.startswith(kind)), 0)
        verdicts[name].append(bool(match) and abs(float(match[2]) - float(match[3])) <= limit * float(match[4]))
    return sum(all(each) for each in verdicts.values())


def plan(names, total):
    """{operator: {variant: count}}, in proportion to the golden counts, at least one of each variant."""
    weights = {(name, variant): count for name in names for variant, count in REGISTRY[name].variants.items()}
    factor = total / sum(weights.values())
    counts = {key: max(1, round(weight * factor)) for key, weight in weights.items()}
    keys = sorted(counts, key=lambda key: -counts[key])
    while sum(counts.values()) > max(total, len(counts)):  # the roundings
        for key in keys:
            if counts[key] > 1 and sum(counts.values()) > total:
                counts[key] -= 1
    while sum(counts.values()) < total:
        for key in keys[:total - sum(counts.values())]:
            counts[key] += 1
    return counts


def write_batch(engines, jobs, seed, folder, tally):
    """One container per operator; jobs: [(operator, variant, index)]."""
    records = collections.defaultdict(list)
    for name, variant, index in jobs:
        case = REGISTRY[name].case(variant, index, seed)
        record, rows = generate.run_case(engines, case)
        for profile, status, _ in rows:
            tally["refused" if status == golden_file.REFUSED else "run", profile] += 1
        records[name].append(record)
    paths = []
    for name, made in records.items():
        paths.append(os.path.join(folder, name + ".zip"))
        golden_file.write(paths[-1], made)
    return paths


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", help="the golden_runner binary; without it the containers are only written")
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=None, help="repeats a run; otherwise drawn from the clock and printed")
    parser.add_argument("--operators", default="all", help="comma-separated golden file names, or all")
    parser.add_argument("--batch", type=int, default=4000, help="cases per call of the runner")
    parser.add_argument("--keep", default="fuzz-failures", help="folder for the containers that differ")
    references.add_options(parser)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(1, 2 ** 31)
    names = list(REGISTRY) if arguments.operators == "all" else arguments.operators.split(",")
    engines = references.from_options(arguments)
    started = time.time()

    jobs = [(name, variant, index) for (name, variant), count in plan(names, arguments.cases).items() for index in range(count)]
    tally, different, broken = collections.Counter(), collections.Counter(), []
    for start in range(0, len(jobs), arguments.batch):
        part = jobs[start:start + arguments.batch]
        folder = tempfile.mkdtemp(prefix="quantloupe-fuzz-")
        paths = write_batch(engines, part, seed, folder, tally)
        if sys.stderr.isatty():
            print("%d of %d cases made" % (min(start + arguments.batch, len(jobs)), len(jobs)), file=sys.stderr)
        if not arguments.runner:
            print("\n".join(paths))
            continue
        run = subprocess.run([arguments.runner] + paths, capture_output=True, text=True, errors="replace")
        bad = set()
        verdicts = []  # [the container's line, matched; the lines about it]
        for line in run.stdout.splitlines():
            match = LINE.match(line)
            if match:
                verdicts.append((match, []))
            else:
                verdicts[-1][1].append(line)
        for match, lines in verdicts:
            close = near(lines)
            different[match[2]] += int(match[4]) - close
            tally["near", match[2]] += close
            tally["equal", match[2]] += int(match[3])
            if int(match[4]) > close:
                bad.add(match[1])
            if int(match[4]) > 0:
                print("\n".join([match[0]] + lines))
        if run.returncode not in (0, 1) or not verdicts:
            broken.append("the runner ended with %d: %s" % (run.returncode, run.stderr.strip()[-300:]))
            bad = set(paths)
        for path in bad:
            os.makedirs(arguments.keep, exist_ok=True)
            shutil.copy(path, os.path.join(arguments.keep, "seed%d_%d_%s" % (seed, start, os.path.basename(path))))
        shutil.rmtree(folder)

    per_profile = ", ".join("%s %d equal %d near %d different %d refused" % (
        profile, tally["equal", profile], tally["near", profile], different[profile], tally["refused", profile]) for profile in engines)
    failed = broken or sum(different.values())
    for line in broken:
        print(line)
    print("fuzz: %d cases, seed %d, %d s: %s; %s" % (len(jobs), seed, time.time() - started, "DIFFERENT" if failed else "all equal" if arguments.runner else "not judged", per_profile))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
