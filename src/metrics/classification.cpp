// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/classification.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace quantloupe {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double ratio(double part, double whole)
{
    return whole > 0.0 ? part / whole : kNone;
}

/// How many positives and negatives score at or above each distinct score, highest first.
struct Step {
    double threshold;
    double truePositives;
    double falsePositives;
};

std::vector<Step> steps(std::span<const float> scores, std::span<const char> isPositive)
{
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    std::vector<Step> result;
    Step sums{0.0, 0.0, 0.0};
    for (std::size_t i = 0; i < order.size(); ++i) {
        (isPositive[order[i]] ? sums.truePositives : sums.falsePositives) += 1.0;
        if (i + 1 < order.size() && scores[order[i + 1]] == scores[order[i]])
            continue;
        sums.threshold = static_cast<double>(scores[order[i]]);
        result.push_back(sums);
    }
    return result;
}

bool isOnLine(const CurvePoint &a, const CurvePoint &b, const CurvePoint &c)
{
    return (b.x - a.x) * (c.y - a.y) == (c.x - a.x) * (b.y - a.y);
}

/// Leaves out what a straight line shows as well, then every so many points; the ends stay.
std::vector<CurvePoint> thinned(const std::vector<CurvePoint> &points)
{
    std::vector<CurvePoint> corners;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (i == 0 || i + 1 == points.size() || !isOnLine(corners.back(), points[i], points[i + 1]))
            corners.push_back(points[i]);
    if (corners.size() <= Curve::kMostPoints)
        return corners;
    std::vector<CurvePoint> few;
    for (std::size_t i = 0; i < Curve::kMostPoints; ++i)
        few.push_back(corners[i * (corners.size() - 1) / (Curve::kMostPoints - 1)]);
    return few;
}

void addClass(Classification &result, std::span<const float> scores, std::size_t classes, std::span<const std::int64_t> labels, std::size_t c)
{
    std::vector<float> own(labels.size());
    std::vector<char> isPositive(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        own[i] = scores[i * classes + c];
        isPositive[i] = labels[i] == static_cast<std::int64_t>(c);
    }
    double predicted = 0.0;
    for (const auto &row : result.confusion)
        predicted += static_cast<double>(row[c]);
    const auto right = static_cast<double>(result.confusion[c][c]);
    const auto support = static_cast<double>(std::ranges::count(isPositive, 1));
    ClassFigures figures;
    figures.support = static_cast<std::size_t>(support);
    figures.recall = ratio(right, support);
    figures.precision = ratio(right, predicted);
    figures.f1 = ratio(2.0 * right, support + predicted);
    figures.falsePositiveRate = ratio(predicted - right, static_cast<double>(labels.size()) - support);
    figures.falseNegativeRate = ratio(support - right, support);
    figures.roc = rocCurve(own, isPositive);
    figures.precisionRecall = precisionRecallCurve(own, isPositive);
    result.classes.push_back(std::move(figures));
}

/// Over the classes that have samples; NaN counts as 0 there, as in scikit-learn: never predicted is a precision of 0.
template <typename Value> double average(const std::vector<ClassFigures> &classes, bool leavesNan, Value &&value)
{
    double sum = 0.0;
    double count = 0.0;
    for (const ClassFigures &figures : classes) {
        const double one = value(figures);
        if (figures.support == 0 || (leavesNan && std::isnan(one)))
            continue;
        sum += std::isnan(one) ? 0.0 : one;
        count += 1.0;
    }
    return ratio(sum, count);
}

} // namespace

Curve rocCurve(std::span<const float> scores, std::span<const char> isPositive)
{
    const auto all = steps(scores, isPositive);
    const double positives = all.empty() ? 0.0 : all.back().truePositives;
    const double negatives = all.empty() ? 0.0 : all.back().falsePositives;
    if (positives == 0.0 || negatives == 0.0)
        return {{}, kNone};
    std::vector<CurvePoint> points{{0.0, 0.0, std::numeric_limits<double>::infinity()}};
    double area = 0.0; // in pairs, so that it is exact
    Step before{0.0, 0.0, 0.0};
    for (const Step &step : all) {
        area += (step.falsePositives - before.falsePositives) * (step.truePositives + before.truePositives) / 2.0;
        points.push_back({step.falsePositives / negatives, step.truePositives / positives, step.threshold});
        before = step;
    }
    return {thinned(points), area / (positives * negatives)};
}

Curve precisionRecallCurve(std::span<const float> scores, std::span<const char> isPositive)
{
    const auto all = steps(scores, isPositive);
    const double positives = all.empty() ? 0.0 : all.back().truePositives;
    if (positives == 0.0)
        return {{}, kNone};
    std::vector<CurvePoint> points;
    double area = 0.0;
    double recallBefore = 0.0;
    for (const Step &step : all) {
        const double recall = step.truePositives / positives;
        const double precision = step.truePositives / (step.truePositives + step.falsePositives);
        area += (recall - recallBefore) * precision;
        recallBefore = recall;
        points.push_back({recall, precision, step.threshold});
    }
    return {thinned(points), area};
}

std::size_t predictedClass(std::span<const float> scores)
{
    return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
}

Classification classify(std::span<const float> scores, std::size_t classes, std::span<const std::int64_t> labels)
{
    Classification result;
    result.samples = labels.size();
    result.confusion.assign(classes, std::vector<std::uint64_t>(classes, 0));
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::size_t predicted = predictedClass(scores.subspan(i * classes, classes));
        const auto label = static_cast<std::size_t>(labels[i]);
        ++result.confusion[label][predicted];
        result.right += label == predicted;
    }
    result.accuracy = ratio(static_cast<double>(result.right), static_cast<double>(result.samples));
    for (std::size_t c = 0; c < classes; ++c)
        addClass(result, scores, classes, labels, c);
    result.macroRecall = average(result.classes, false, [](const ClassFigures &f) { return f.recall; });
    result.macroPrecision = average(result.classes, false, [](const ClassFigures &f) { return f.precision; });
    result.macroF1 = average(result.classes, false, [](const ClassFigures &f) { return f.f1; });
    result.macroRocArea = average(result.classes, true, [](const ClassFigures &f) { return f.roc.area; });
    return result;
}

double signTest(std::size_t worse, std::size_t better)
{
    const std::size_t changed = worse + better;
    if (changed == 0)
        return 1.0;
    const auto n = static_cast<double>(changed);
    double tail = 0.0; // of the binomial distribution with even odds, by logarithms: n! is large
    for (std::size_t k = 0; k <= std::min(worse, better); ++k) {
        const auto i = static_cast<double>(k);
        tail += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) - n * std::log(2.0));
    }
    return std::min(1.0, 2.0 * tail);
}

} // namespace quantloupe
