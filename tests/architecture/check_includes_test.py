#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows that check_includes.py passes a good tree and fails on every defect it is there for."""

import tempfile
import unittest
from pathlib import Path

from check_includes import check

TABLE = """# Architecture
| folder | includes |
|---|---|
| `src/base` | |
| `src/graph` | `src/base` |
| `src/debugger` | `src/graph` |
| `ui/jobs` | `src/debugger` |
| `ui` | `ui/jobs` |
"""

GOOD = {
    "src/base/error.h": "#include <string>\n",
    "src/graph/model.h": '#include "base/error.h"\n',
    "src/graph/model.cpp": '#include "graph/model.h"\n#include "registry/operators.inc"\n',
    "src/debugger/debugger.cpp": '#include "graph/model.h"\nstd::jthread worker;\n',
    "ui/jobs/run.cpp": 'class Run : public QThread {};\n#include "debugger/debugger.h"\n',
    "src/debugger/debugger.h": "",
    "ui/jobs/run.h": "",
    "ui/main_window.cpp": '#include <QMainWindow>\n#include "jobs/run.h"\n',
}


class CheckIncludes(unittest.TestCase):
    def findings(self, changes=None, table=TABLE):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "ARCHITECTURE.md").write_text(table, encoding="utf-8")
            for name, text in {**GOOD, **(changes or {})}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return check(root)

    def assertOneFinding(self, findings, text):
        self.assertEqual(len(findings), 1, findings)
        self.assertIn(text, findings[0])

    def testGoodTreeHasNoFinding(self):
        self.assertEqual(self.findings(), [])

    def testArrowAgainstTheOrderIsFound(self):
        self.assertOneFinding(self.findings({"src/base/shape.h": '#include "graph/model.h"\n'}), "src/base -> src/graph is no arrow")

    def testArrowByARelativePathIsFound(self):
        self.assertOneFinding(self.findings({"src/base/shape.h": '#include "../graph/model.h"\n'}), "src/base -> src/graph is no arrow")

    def testArrowToAHeaderThatIsMissingIsFound(self):
        self.assertOneFinding(self.findings({"src/base/shape.h": '#include "graph/nowhere.h"\n'}), "src/base -> src/graph is no arrow")

    def testSkippedLayerIsFound(self):
        self.assertOneFinding(self.findings({"ui/main_window.h": '#include "graph/model.h"\n'}), "ui -> src/graph is no arrow")

    def testCoreThatIncludesTheAppIsFound(self):
        self.assertOneFinding(self.findings({"src/base/shape.h": '#include "jobs/run.h"\n'}), "src/base -> ui/jobs is no arrow")

    def testQtInTheCoreIsFound(self):
        for include in ("<QString>", "<QtCore/QString>", '"QString"', "<qglobal.h>"):
            self.assertOneFinding(self.findings({"src/base/shape.h": f"#  include {include}\n"}), "Qt in the core")

    def testThreadOutsideItsFoldersIsFound(self):
        for code in ("std::jthread m_worker;", "std::thread t(f);", "auto f = std::async(g);", "class Job : public QThread {};", "QtConcurrent::run(f);"):
            self.assertOneFinding(self.findings({"ui/main_window.h": code + "\n"}), "threads are for")
        self.assertOneFinding(self.findings({"src/graph/model.h": '#include "base/error.h"\nstd::jthread t;\n'}), "threads are for")

    def testNumberOfCoresIsNoThread(self):
        self.assertEqual(self.findings({"ui/main_window.h": "#include <thread>\nint cores = std::thread::hardware_concurrency();\n#include <QThread>\nint n = QThread::idealThreadCount();\n"}), [])

    def testCommentIsNoInclude(self):
        self.assertEqual(self.findings({"src/base/shape.h": '// #include <QString>\n/*\n#include "graph/model.h"\n*/\n'}), [])

    def testFolderWithoutARowIsFound(self):
        self.assertOneFinding(self.findings({"src/novel/thing.h": "\n"}), "src/novel has no row")

    def testRowWithoutAFolderIsFound(self):
        self.assertOneFinding(self.findings(table=TABLE + "| `src/gone` | |\n"), "src/gone has a row")

    def testRowThatPointsDownIsFound(self):
        table = TABLE.replace("| `src/base` | |", "| `src/base` | `src/graph` |")
        self.assertOneFinding(self.findings(table=table), "src/graph does not stand above src/base")

    def testArrowThatIsNotUsedIsFound(self):
        table = TABLE.replace("| `src/debugger` | `src/graph` |", "| `src/debugger` | `src/graph` `src/base` |")
        self.assertOneFinding(self.findings(table=table), "src/debugger -> src/base is not used")

    def testMissingTableIsFound(self):
        self.assertIn("no table of arrows", self.findings(table="# Architecture\n")[0])


if __name__ == "__main__":
    unittest.main()
