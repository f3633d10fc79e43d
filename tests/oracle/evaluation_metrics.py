#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expected figures of classifiers and anomaly scores, from their definitions alone: tests/data/evaluation_metrics.json.

    evaluation_metrics.py OUT.json

Nothing but the standard library, and nothing clever: pairs are counted one by one, thresholds tried one after another. The
definitions are scikit-learn's (roc_auc_score, average_precision_score, precision_recall_fscore_support, confusion_matrix).
Scores have few distinct values, so that ties matter.
"""

import json
import random
import sys


def rocArea(scores, positive):
    """Share of (positive, negative) pairs in the right order; a tie counts half. None without both."""
    ups = [s for s, p in zip(scores, positive) if p]
    downs = [s for s, p in zip(scores, positive) if not p]
    if not ups or not downs:
        return None
    return sum(1.0 if u > d else 0.5 if u == d else 0.0 for u in ups for d in downs) / (len(ups) * len(downs))


def averagePrecision(scores, positive):
    """Sum over thresholds, from the highest down, of the gain in recall times the precision there."""
    count = sum(positive)
    if count == 0:
        return None
    area, before = 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        called = [p for s, p in zip(scores, positive) if s >= threshold]
        recall = sum(called) / count
        area += (recall - before) * sum(called) / len(called)
        before = recall
    return area


def divided(part, whole):
    return part / whole if whole else None


def classification(scores, labels, classes):
    predicted = [max(range(classes), key=lambda c: (row[c], -c)) for row in scores]
    confusion = [[sum(l == r and p == c for l, p in zip(labels, predicted)) for c in range(classes)] for r in range(classes)]
    figures = []
    for c in range(classes):
        hit = sum(l == c and p == c for l, p in zip(labels, predicted))
        support, called = labels.count(c), predicted.count(c)
        positive = [l == c for l in labels]
        own = [row[c] for row in scores]
        figures.append({
            "support": support,
            "recall": divided(hit, support),
            "precision": divided(hit, called),
            "f1": divided(2 * hit, support + called),
            "falsePositiveRate": divided(called - hit, len(labels) - support),
            "falseNegativeRate": divided(support - hit, support),
            "rocArea": rocArea(own, positive),
            "averagePrecision": averagePrecision(own, positive),
        })
    present = [f for f in figures if f["support"]]

    def average(key):
        return sum(f[key] or 0.0 for f in present) / len(present)

    areas = [f["rocArea"] for f in present if f["rocArea"] is not None]
    return {
        "scores": [s for row in scores for s in row], "labels": labels, "classes": classes, "confusion": confusion, "figures": figures,
        "accuracy": sum(l == p for l, p in zip(labels, predicted)) / len(labels),
        "macroRecall": average("recall"), "macroPrecision": average("precision"), "macroF1": average("f1"),
        "macroRocArea": divided(sum(areas), len(areas)),
    }


def anomaly(scores, labels):
    positive = [l != 0 for l in labels]
    best = max(sum((s >= t) == p for s, p in zip(scores, positive)) for t in sorted(set(scores)) + [float("inf")])
    return {"scores": scores, "labels": labels, "rocArea": rocArea(scores, positive), "averagePrecision": averagePrecision(scores, positive), "bestAccuracy": best / len(scores)}


def signTest(worse, better):
    """By counting all outcomes of so many fair coins."""
    n = worse + better
    choose = [1]
    for k in range(n):
        choose.append(choose[-1] * (n - k) // (k + 1))
    return min(1.0, 2 * sum(choose[: min(worse, better) + 1]) / 2 ** n)


def main():
    generator = random.Random(7)
    cases = []
    for samples, classes, absent in [(60, 4, None), (40, 3, 2), (25, 2, None), (12, 6, 0), (1, 2, None)]:
        labels = [generator.choice([c for c in range(classes) if c != absent]) for _ in range(samples)]
        scores = [[generator.randrange(9) / 8 + (0.25 if c == label else 0.0) for c in range(classes)] for label in labels]
        cases.append(classification(scores, labels, classes))
    anomalies = []
    for samples in (80, 15):
        labels = [generator.randrange(3) for _ in range(samples)]
        anomalies.append(anomaly([generator.randrange(16) / 4 + (1.0 if label else 0.0) for label in labels], labels))
    signs = [{"worse": w, "better": b, "probability": signTest(w, b)} for w, b in [(0, 0), (1, 0), (5, 5), (9, 1), (3, 14), (60, 40)]]
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        json.dump({"classification": cases, "anomaly": anomalies, "signTest": signs}, out, separators=(",", ":"))
        out.write("\n")


if __name__ == "__main__":
    main()
