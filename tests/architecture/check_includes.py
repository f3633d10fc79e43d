#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the #includes of src/ and ui/ against the table of arrows in ARCHITECTURE.md.

    check_includes.py ROOT [--unfinished]

A folder may include itself and what its row of the table names. A row may name only folders of rows above it, so that no
two folders can need each other. Qt is for ui/ only, threads are for the folders that ARCHITECTURE.md names.
With --unfinished, arrows that no file uses yet and folders without a source are no findings.
Prints one line per finding, and ends with a status other than 0 if there is any.
"""

import re
import sys
from pathlib import Path

SOURCES = {".h", ".hpp", ".cpp", ".cc", ".inc"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
ROW = re.compile(r"^\|\s*`((?:src|ui)(?:/[a-z_0-9]+)?)`\s*\|([^|]*)\|")
GENERATED = {"registry"}  # what register_items() writes
QT = re.compile(r"^(Q[A-Z]\w*|Qt\w+/.*|q[a-z]+\.h)$")
THREAD = re.compile(r"\bstd::j?thread\b(?!::hardware_concurrency)|\bstd::async\b|\bQtConcurrent::\w+|\bQThreadPool\b(?!>)|\bQThread\b(?!::|>)")
THREAD_FOLDERS = {"src/cli", "src/debugger", "src/interpreter", "ui/jobs"}


def readTable(path):
    """The arrows as {folder: allowed folders}, in the table's order, and what is wrong with the table itself."""
    arrows, findings = {}, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = ROW.match(line)
        if not row:
            continue
        folder, allowed = row.group(1), re.findall(r"`([^`]+)`", row.group(2))
        expanded = set()
        for name in allowed:
            if name in arrows:
                expanded.add(name)
            else:
                findings.append(f"{path.name}:{number}: {folder} -> {name}: {name} does not stand above {folder} in the table")
        if folder in arrows:
            findings.append(f"{path.name}:{number}: {folder} has two rows")
        arrows[folder] = expanded
    if not arrows:
        findings.append(f"{path.name}: no table of arrows")
    return arrows, findings


def folderOf(path, root):
    """src/x or ui/x; the files that lie directly in src/ or ui/ are the folder src or ui."""
    parts = path.relative_to(root).parts
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def target(root, file, name):
    """The folder that an #include "name" of file leads to; None for what is generated or not ours."""
    for base in (file.parent, root / "src", root / "ui"):
        if (base / name).is_file():
            return folderOf((base / name).resolve(), root)
    top = name.split("/")[0]
    if top in GENERATED or "/" not in name:
        return None
    return f"src/{top}" if (root / "src" / top).is_dir() else None


def withoutComments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def check(root, isUnfinished=False):
    root = Path(root).resolve()
    arrows, findings = readTable(root / "ARCHITECTURE.md")
    used, seen = set(), set()
    for file in sorted(p for top in ("src", "ui") for p in (root / top).rglob("*") if p.suffix in SOURCES):
        folder = folderOf(file, root)
        where = file.relative_to(root)
        seen.add(folder)
        if folder not in arrows:
            findings.append(f"{where}: {folder} has no row in ARCHITECTURE.md")
            continue
        text = withoutComments(file.read_text(encoding="utf-8"))
        thread = THREAD.search(text)
        if thread and folder not in THREAD_FOLDERS:
            findings.append(f"{where}: {thread.group()}: threads are for {', '.join(sorted(THREAD_FOLDERS))}")
        for quote, name in INCLUDE.findall(text):
            if folder.startswith("src") and QT.match(name):
                findings.append(f"{where}: Qt in the core: {name}")
            to = target(root, file, name) if quote == '"' else None
            if to is None or to == folder:
                continue
            used.add((folder, to))
            if to not in arrows[folder]:
                findings.append(f'{where}: #include "{name}": {folder} -> {to} is no arrow of ARCHITECTURE.md')
    for folder, allowed in ({} if isUnfinished else arrows).items():
        if folder not in seen:
            findings.append(f"ARCHITECTURE.md: {folder} has a row, but there is no source in it")
        findings += [f"ARCHITECTURE.md: {folder} -> {to} is not used: take the arrow out" for to in sorted(allowed) if folder in seen and (folder, to) not in used]
    return findings


def main():
    findings = check(sys.argv[1], isUnfinished="--unfinished" in sys.argv)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
