// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/keyword_detection.h"

#include "metrics/classification.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantloupe {
namespace {

constexpr double kMsPerHour = 3'600'000.0;

void finish(DetectionFigures &figures)
{
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    figures.falseAcceptsPerHour = figures.hours > 0.0 ? static_cast<double>(figures.falseAccepts) / figures.hours : kNone;
    figures.falseRejectRate = figures.keywords > 0 ? 1.0 - static_cast<double>(figures.found) / static_cast<double>(figures.keywords) : kNone;
}

/// Runs of equal keyword labels: each is one spoken keyword.
struct Spoken {
    std::size_t first;
    std::size_t last;
    std::size_t label;
    bool isFound = false;
};

std::vector<Spoken> spokenKeywords(std::span<const std::int64_t> labels, const DetectionSettings &settings)
{
    std::vector<Spoken> spoken;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto label = static_cast<std::size_t>(labels[i]);
        if (!settings.isKeyword[label])
            continue;
        if (i > 0 && labels[i - 1] == labels[i])
            spoken.back().last = i;
        else
            spoken.push_back({i, i, label});
    }
    return spoken;
}

} // namespace

DetectionFigures detectKeywords(std::span<const float> scores, std::span<const std::int64_t> labels, const DetectionSettings &settings)
{
    const std::size_t classes = settings.isKeyword.size();
    const auto window = static_cast<std::size_t>(std::max(1.0, std::floor(settings.averageMs / settings.hopMs)));
    auto spoken = spokenKeywords(labels, settings);
    DetectionFigures figures;
    figures.keywords = spoken.size();
    figures.hours = static_cast<double>(labels.size()) * settings.hopMs / kMsPerHour;
    std::vector<double> sums(classes, 0.0);
    double quietUntil = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::size_t first = i + 1 >= window ? i + 1 - window : 0;
        for (std::size_t c = 0; c < classes; ++c) {
            sums[c] = 0.0; // summed anew: a running sum would drift
            for (std::size_t k = first; k <= i; ++k)
                sums[c] += static_cast<double>(scores[k * classes + c]);
        }
        const auto best = static_cast<std::size_t>(std::ranges::max_element(sums) - sums.begin());
        const double now = static_cast<double>(i) * settings.hopMs;
        if (!settings.isKeyword[best] || sums[best] / static_cast<double>(i - first + 1) < settings.threshold || now < quietUntil)
            continue;
        quietUntil = now + settings.suppressionMs;
        ++figures.detections;
        bool isTrue = false;
        for (Spoken &keyword : spoken)
            if (keyword.label == best && keyword.first <= i && keyword.last >= first)
                isTrue = keyword.isFound = true;
        figures.falseAccepts += !isTrue;
    }
    figures.found = static_cast<std::size_t>(std::ranges::count_if(spoken, &Spoken::isFound));
    finish(figures);
    return figures;
}

DetectionFigures detectInClips(std::span<const float> scores, std::span<const std::int64_t> labels, const DetectionSettings &settings, double clipMs)
{
    const std::size_t classes = settings.isKeyword.size();
    DetectionFigures figures;
    std::size_t without = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto own = scores.subspan(i * classes, classes);
        const std::size_t predicted = predictedClass(own);
        const bool isDetected = settings.isKeyword[predicted] && static_cast<double>(own[predicted]) >= settings.threshold;
        const bool isKeyword = settings.isKeyword[static_cast<std::size_t>(labels[i])];
        figures.detections += isDetected;
        figures.keywords += isKeyword;
        figures.found += isKeyword && isDetected && predicted == static_cast<std::size_t>(labels[i]);
        figures.falseAccepts += !isKeyword && isDetected;
        without += !isKeyword;
    }
    figures.hours = static_cast<double>(without) * clipMs / kMsPerHour;
    finish(figures);
    return figures;
}

} // namespace quantloupe
