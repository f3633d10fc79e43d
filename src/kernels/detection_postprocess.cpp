// SPDX-License-Identifier: GPL-3.0-or-later
//
// TFLite_Detection_PostProcess: decodes boxes around anchors and suppresses those that overlap a better one. Boxes
// [1, anchors, 4] (center y, x, height, width), scores [1, anchors, classes and perhaps a background], anchors [anchors, 4];
// out: boxes (y and x, least and largest), classes, scores, and how many. Places beyond them are 0 here.
#include "kernels/kernel.h"
#include "kernels/scratch_layout.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace quantloupe {
namespace {

struct Box {
    float yMin;
    float xMin;
    float yMax;
    float xMax;

    float area() const { return (yMax - yMin) * (xMax - xMin); }
};

float intersectionOverUnion(const Box &a, const Box &b)
{
    if (a.area() <= 0.0f || b.area() <= 0.0f)
        return 0.0f;
    const float height = std::max(std::min(a.yMax, b.yMax) - std::max(a.yMin, b.yMin), 0.0f);
    const float width = std::max(std::min(a.xMax, b.xMax) - std::max(a.xMin, b.xMin), 0.0f);
    const float intersection = height * width;
    return intersection / (a.area() + b.area() - intersection);
}

struct Detection {
    std::size_t anchors = 0;
    std::size_t columns = 0;    ///< of the scores: classes, after a background that counts as none of them
    std::size_t classes = 0;
    std::size_t detections = 0;
    std::size_t classesEach = 1;
    std::size_t perClass = 100; ///< of the regular way
    bool isRegular = false;
    float scoreThreshold = 0.0f;
    float overlapThreshold = 0.0f;
    float yScale = 1.0f;
    float xScale = 1.0f;
    float heightScale = 1.0f;
    float widthScale = 1.0f;

    ScratchPlace<Box> boxes;
    ScratchPlace<float> scores;
    ScratchPlace<float> candidates;
    ScratchPlace<std::uint32_t> order;
    ScratchPlace<std::uint32_t> selected;
    ScratchPlace<std::uint32_t> ranked; ///< of each anchor's classes; or the best places of all classes
    ScratchPlace<std::uint8_t> isOut;

    std::size_t background() const { return columns - classes; }
    std::size_t slots() const { return detections * classesEach; }
    void layOut(PrepareContext &context);
    std::size_t suppress(std::size_t most, std::byte *memory) const;
    std::size_t fast(float *boxesOut, float *classesOut, float *scoresOut, std::byte *memory) const;
    std::size_t regular(float *boxesOut, float *classesOut, float *scoresOut, std::byte *memory) const;
    void write(std::size_t slot, std::size_t anchor, std::size_t category, float *boxesOut, float *classesOut, float *scoresOut, std::byte *memory) const;
};

void Detection::layOut(PrepareContext &context)
{
    ScratchLayout layout;
    boxes = layout.add<Box>(anchors);
    scores = layout.add<float>(anchors * columns);
    candidates = layout.add<float>(anchors);
    order = layout.add<std::uint32_t>(anchors);
    selected = layout.add<std::uint32_t>(anchors);
    ranked = layout.add<std::uint32_t>(std::max(anchors * classes, detections + anchors));
    isOut = layout.add<std::uint8_t>(anchors);
    context.scratchBytes = layout.size();
}

/// Of the candidates above the threshold, best first, those that overlap no better one; their anchors in `selected`.
std::size_t Detection::suppress(std::size_t most, std::byte *memory) const
{
    const float *const score = candidates.in(memory);
    std::uint32_t *const anchor = order.in(memory);
    std::size_t kept = 0;
    for (std::size_t a = 0; a < anchors; ++a)
        if (score[a] >= scoreThreshold)
            anchor[kept++] = static_cast<std::uint32_t>(a);
    std::sort(anchor, anchor + kept, [score](std::uint32_t a, std::uint32_t b) { return score[a] > score[b] || (score[a] == score[b] && a < b); });
    std::uint8_t *const out = isOut.in(memory);
    std::fill_n(out, kept, std::uint8_t{0});
    std::size_t count = 0;
    for (std::size_t i = 0; i < kept && count < most; ++i) {
        if (out[i])
            continue;
        selected.in(memory)[count++] = anchor[i];
        for (std::size_t j = i + 1; j < kept; ++j)
            out[j] = out[j] || intersectionOverUnion(boxes.in(memory)[anchor[i]], boxes.in(memory)[anchor[j]]) > overlapThreshold;
    }
    return count;
}

void Detection::write(std::size_t slot, std::size_t anchor, std::size_t category, float *boxesOut, float *classesOut, float *scoresOut, std::byte *memory) const
{
    const Box &box = boxes.in(memory)[anchor];
    const float corners[4]{box.yMin, box.xMin, box.yMax, box.xMax};
    std::copy_n(corners, 4, boxesOut + 4 * slot);
    classesOut[slot] = static_cast<float>(category);
    scoresOut[slot] = scores.in(memory)[anchor * columns + background() + category];
}

/// One suppression over each anchor's best class; every anchor that stays shows its best classes.
std::size_t Detection::fast(float *boxesOut, float *classesOut, float *scoresOut, std::byte *memory) const
{
    const std::size_t shown = std::min(classesEach, classes);
    for (std::size_t a = 0; a < anchors; ++a) {
        std::uint32_t *const best = ranked.in(memory) + a * classes;
        const float *const score = scores.in(memory) + a * columns + background();
        std::iota(best, best + classes, 0u);
        std::partial_sort(best, best + shown, best + classes, [score](std::uint32_t i, std::uint32_t j) { return score[i] > score[j] || (score[i] == score[j] && i < j); });
        candidates.in(memory)[a] = score[best[0]];
    }
    const std::size_t count = suppress(detections, memory);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t anchor = selected.in(memory)[i];
        for (std::size_t c = 0; c < shown; ++c)
            write(i * classesEach + c, anchor, ranked.in(memory)[anchor * classes + c], boxesOut, classesOut, scoresOut, memory);
    }
    return count;
}

/// A suppression for each class; the best of all classes stay. A place is anchor x classes + class.
std::size_t Detection::regular(float *boxesOut, float *classesOut, float *scoresOut, std::byte *memory) const
{
    std::uint32_t *const best = ranked.in(memory);
    const auto scoreOf = [&](std::uint32_t place) { return scores.in(memory)[place / classes * columns + background() + place % classes]; };
    std::size_t count = 0;
    for (std::size_t category = 0; category < classes; ++category) {
        for (std::size_t a = 0; a < anchors; ++a)
            candidates.in(memory)[a] = scores.in(memory)[a * columns + background() + category];
        const std::size_t found = suppress(std::min(perClass, detections), memory);
        for (std::size_t i = 0; i < found; ++i)
            best[count++] = static_cast<std::uint32_t>(selected.in(memory)[i] * classes + category);
        // Those of classes seen before come first among equals; std::stable_sort would allocate.
        for (std::size_t i = count - found; i < count; ++i)
            std::rotate(std::upper_bound(best, best + i, best[i], [&](std::uint32_t a, std::uint32_t b) { return scoreOf(a) > scoreOf(b); }), best + i, best + i + 1);
        count = std::min(count, detections);
    }
    for (std::size_t i = 0; i < count; ++i)
        write(i, best[i] / classes, best[i] % classes, boxesOut, classesOut, scoresOut, memory);
    return count;
}

template <typename T> struct Reals {
    const T *values;
    float scale;
    std::int32_t zeroPoint;
    float operator[](std::size_t i) const
    {
        if constexpr (std::is_floating_point_v<T>)
            return values[i];
        else
            return scale * static_cast<float>(values[i] - zeroPoint);
    }
};

struct Quantization {
    float scale;
    std::int32_t zeroPoint;
};

template <typename T> void decode(EvalContext &run, const Detection &d, const std::array<Quantization, 3> &quantizations, std::size_t sample)
{
    const auto reals = [&](std::size_t input) { return Reals<T>{run.input<T>(input, sample), quantizations[input].scale, quantizations[input].zeroPoint}; };
    const Reals<T> encoded = reals(0);
    const Reals<T> scores = reals(1);
    const Reals<T> anchors = reals(2);
    for (std::size_t a = 0; a < d.anchors; ++a) {
        const std::size_t at = 4 * a;
        const float y = encoded[at] / d.yScale * anchors[at + 2] + anchors[at];
        const float x = encoded[at + 1] / d.xScale * anchors[at + 3] + anchors[at + 1];
        const float halfHeight = 0.5f * std::exp(encoded[at + 2] / d.heightScale) * anchors[at + 2];
        const float halfWidth = 0.5f * std::exp(encoded[at + 3] / d.widthScale) * anchors[at + 3];
        d.boxes.in(run.scratch())[a] = {y - halfHeight, x - halfWidth, y + halfHeight, x + halfWidth};
    }
    for (std::size_t i = 0; i < d.anchors * d.columns; ++i)
        d.scores.in(run.scratch())[i] = scores[i];
}

template <typename T> EvalFunction prepareTyped(PrepareContext &context, const Detection &d)
{
    std::array<Quantization, 3> quantizations{};
    for (std::size_t i = 0; i < quantizations.size(); ++i)
        quantizations[i] = {context.input(i).scale(), context.input(i).zeroPoint()};
    return [d, quantizations](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            decode<T>(run, d, quantizations, sample);
            float *const boxes = run.output<float>(0, sample);
            float *const classes = run.output<float>(1, sample);
            float *const scores = run.output<float>(2, sample);
            std::fill_n(boxes, 4 * d.slots(), 0.0f);
            std::fill_n(classes, d.slots(), 0.0f);
            std::fill_n(scores, d.slots(), 0.0f);
            const std::size_t count = d.isRegular ? d.regular(boxes, classes, scores, run.scratch()) : d.fast(boxes, classes, scores, run.scratch());
            *run.output<float>(3, sample) = static_cast<float>(count);
        });
    };
}

Result<Detection> detection(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, 4));
    const Shape &boxes = context.input(0).shape;
    const Shape &scores = context.input(1).shape;
    const Shape &anchors = context.input(2).shape;
    const Options &options = context.options();
    const std::int64_t classes = options.integer("num_classes");
    if (boxes.rank() != 3 || boxes[0] != 1 || boxes[2] < 4 || scores.rank() != 3 || scores[0] != 1 || anchors.rank() != 2 || anchors[1] != 4 || boxes[2] != 4 || anchors[0] != boxes[1]
        || scores[1] != boxes[1] || boxes[1] < 1 || classes < 1 || scores[2] < classes || scores[2] > classes + 1)
        return fail(context.invalid("boxes [1, n, 4], scores [1, n, classes] with or without a background, and anchors [n, 4]",
                                    fmt::format("{}, {} and {} for {} classes", boxes.text(), scores.text(), anchors.text(), classes)));
    const std::int64_t detections = options.integer("max_detections");
    const std::int64_t classesEach = options.integer("max_classes_per_detection", 1);
    const std::int64_t perClass = options.integer("detections_per_class", 100);
    constexpr std::int64_t kMost = 1 << 16;
    if (detections < 1 || detections > kMost || classesEach < 1 || classesEach > kMost || perClass < 0 || detections * classesEach > kMost * 16)
        return fail(context.invalid("detections and classes of a usable number", fmt::format("{}, {} and {}", detections, classesEach, perClass)));
    Detection d;
    d.anchors = static_cast<std::size_t>(boxes[1]);
    d.columns = static_cast<std::size_t>(scores[2]);
    d.classes = static_cast<std::size_t>(classes);
    d.detections = static_cast<std::size_t>(detections);
    d.classesEach = static_cast<std::size_t>(classesEach);
    d.perClass = static_cast<std::size_t>(perClass);
    d.isRegular = options.boolean("use_regular_nms");
    const auto real = [&](std::string_view name) { return static_cast<float>(options.real(name)); };
    d.scoreThreshold = real("nms_score_threshold");
    d.overlapThreshold = real("nms_iou_threshold");
    d.yScale = real("y_scale");
    d.xScale = real("x_scale");
    d.heightScale = real("h_scale");
    d.widthScale = real("w_scale");
    d.layOut(context);
    return d;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Detection d, detection(context));
    const DataType type = context.input(0).type();
    for (std::size_t i = 0; i < 3; ++i)
        if (context.input(i).type() != type)
            return fail(context.unsupported("inputs of one type", context.typesText()));
    for (std::size_t i = 0; i < 4; ++i)
        if (context.output(i).type() != DataType::Float32)
            return fail(context.unsupported("float32 outputs", context.typesText()));
    const auto slots = static_cast<std::int32_t>(d.slots());
    context.setOutputShape(0, {1, slots, 4});
    context.setOutputShape(1, {1, slots});
    context.setOutputShape(2, {1, slots});
    context.setOutputShape(3, {1});
    if (type == DataType::Float32)
        return prepareTyped<float>(context, d);
    if (type == DataType::UInt8)
        return prepareTyped<std::uint8_t>(context, d);
    return fail(context.unsupported("float32 or uint8", context.typesText()));
}

} // namespace

extern const OperatorKernel detection_postprocess_kernel{"TFLite_Detection_PostProcess", prepare, kFloat32 | kUInt8};

} // namespace quantloupe
