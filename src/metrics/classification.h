// SPDX-License-Identifier: GPL-3.0-or-later
//
// How good a classifier is on labelled samples. The definitions are scikit-learn's (precision_recall_fscore_support,
// roc_curve, auc, average_precision_score); what would divide by 0 is NaN, so that "no such sample" is not taken for "bad".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace quantloupe {

struct CurvePoint {
    double x = 0.0;
    double y = 0.0;
    double threshold = 0.0; ///< scores at or above it count as positive; infinite at the start of a ROC
    bool operator==(const CurvePoint &) const = default;
};

/// A curve over all thresholds and the area under it. Points on a straight line between others are left out, and at most
/// kMostPoints are kept; the area comes from all of them.
struct Curve {
    static constexpr std::size_t kMostPoints = 256;
    std::vector<CurvePoint> points;
    double area = 0.0; ///< NaN without both kinds of samples
    bool operator==(const Curve &) const = default;
};

/// x: false positive rate, y: true positive rate. The area is the share of pairs in the right order, ties counting half.
Curve rocCurve(std::span<const float> scores, std::span<const char> isPositive);
/// x: recall, y: precision. The area is the average precision: a sum of steps, not of trapezoids.
Curve precisionRecallCurve(std::span<const float> scores, std::span<const char> isPositive);

/// One class against all others.
struct ClassFigures {
    std::size_t support = 0;        ///< samples of this class
    double recall = 0.0;            ///< what MLTK calls the class's accuracy
    double precision = 0.0;
    double f1 = 0.0;
    double falsePositiveRate = 0.0; ///< of the samples of other classes, those taken for this one
    double falseNegativeRate = 0.0; ///< 1 - recall
    Curve roc;                      ///< by this class's score
    Curve precisionRecall;
    bool operator==(const ClassFigures &) const = default;
};

struct Classification {
    std::size_t samples = 0;
    std::size_t right = 0;
    double accuracy = 0.0;
    double macroRecall = 0.0; ///< averages over the classes that have samples
    double macroPrecision = 0.0;
    double macroF1 = 0.0;
    double macroRocArea = 0.0;
    std::vector<std::vector<std::uint64_t>> confusion; ///< [label][prediction]
    std::vector<ClassFigures> classes;
    bool operator==(const Classification &) const = default;
};

/// The class with the largest score; of equal ones the first, as argmax.
std::size_t predictedClass(std::span<const float> scores);

/// `scores` holds `classes` values a sample; labels are 0 .. classes-1, one a sample.
Classification classify(std::span<const float> scores, std::size_t classes, std::span<const std::int64_t> labels);

/// Probability of so uneven a split or a worse one when either side of a changed answer is as likely: the exact
/// two-sided sign test of `worse` against `better` (McNemar's for paired answers). 1 when nothing changed.
double signTest(std::size_t worse, std::size_t better);

} // namespace quantloupe
