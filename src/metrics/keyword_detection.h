// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keyword spotting as a device does it: the classifier runs on a window that slides over a stream; its scores are averaged,
// a keyword counts when its average passes a threshold, and then nothing is detected for a while. The scheme is that of
// TensorFlow's micro_speech example (recognize_commands) and of MLTK's audio classifier.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace quantloupe {

struct DetectionSettings {
    double hopMs = 0.0;              ///< from one sample of the stream to the next
    double averageMs = 1000.0;       ///< scores of the last so many milliseconds are averaged
    double threshold = 0.75;         ///< for the average, of 0..1
    double suppressionMs = 750.0;    ///< no second detection within this time
    std::vector<char> isKeyword;     ///< by class; the others (silence, unknown) are never detected
    bool operator==(const DetectionSettings &) const = default;
};

struct DetectionFigures {
    std::size_t detections = 0;
    std::size_t falseAccepts = 0;    ///< no sample of that keyword within what was averaged
    std::size_t keywords = 0;        ///< runs of samples with one keyword's label
    std::size_t found = 0;           ///< those that were detected
    double hours = 0.0;              ///< length of the stream
    double falseAcceptsPerHour = 0.0;
    double falseRejectRate = 0.0;    ///< share of keywords not found; NaN without any
    bool operator==(const DetectionFigures &) const = default;
};

/// Samples are consecutive windows of one stream; `scores` holds as many values a sample as there are classes.
DetectionFigures detectKeywords(std::span<const float> scores, std::span<const std::int64_t> labels, const DetectionSettings &settings);

/// Samples are clips that have nothing to do with each other: a clip without keyword that is taken for one at or above the
/// threshold is a false accept, and all clips without keyword together are the time they are counted over.
DetectionFigures detectInClips(std::span<const float> scores, std::span<const std::int64_t> labels, const DetectionSettings &settings, double clipMs);

} // namespace quantloupe
