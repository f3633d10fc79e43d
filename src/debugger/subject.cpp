// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/subject.h"

#include "debugger/opening.h"

#include <array>
#include <fmt/format.h>

namespace quantloupe {
namespace {

std::string shapesOf(const Model &model, const std::vector<TensorIndex> &tensors)
{
    std::string text;
    for (const TensorIndex tensor : tensors)
        text += (text.empty() ? "" : ", ") + model.main().tensor(tensor).shape.text();
    return text.empty() ? "none" : text;
}

/// Inputs must take the same samples, and outputs say the same thing.
std::optional<Error> differenceOf(const Model &quantized, const Model &original)
{
    const auto compare = [&](std::string_view what, const std::vector<TensorIndex> &ours, const std::vector<TensorIndex> &theirs) -> std::optional<Error> {
        if (shapesOf(quantized, ours) == shapesOf(original, theirs))
            return std::nullopt;
        return Error{ErrorCode::ModelsDiffer, {.file = quantized.file, .expected = fmt::format("{} of {} as in {}", what, shapesOf(original, theirs), original.file),
                                               .got = shapesOf(quantized, ours)}};
    };
    if (auto inputs = compare("inputs", quantized.main().inputs, original.main().inputs))
        return inputs;
    return compare("outputs", quantized.main().outputs, original.main().outputs);
}

} // namespace

std::optional<Error> Subject::whyNotComparable() const
{
    if (!quantizedModel)
        return Error{ErrorCode::NoQuantizedModel, {.file = path, .expected = "a quantized .tflite"}};
    if (!floatModel && floatFailure)
        return floatFailure;
    if (!floatModel)
        return Error{ErrorCode::NoFloatModel, {.file = path, .expected = "a float .tflite or a Keras model beside the quantized one"}};
    return differenceOf(*quantizedModel, *floatModel);
}

Result<Subject> openSubject(std::span<const std::filesystem::path> paths)
{
    Subject subject;
    if (paths.empty() || paths.size() > 2)
        return fail(ErrorCode::Usage, {.expected = "one file, or a float and a quantized model", .got = fmt::format("{} files", paths.size())});
    subject.path = paths.front().string();
    subject.name = stemOf(subject.path);
    Opening opening(subject);
    for (const auto &path : paths)
        QL_CHECK(opening.addFile(path));
    QL_CHECK(opening.finish());
    const bool isReportOfModel = subject.archivedReport && subject.quantizedModel; // somebody else's report beside the deployed model
    if (paths.size() == 2 && !isReportOfModel && subject.quantizedModel && !subject.floatModel && subject.floatFailure)
        return fail(*subject.floatFailure);
    if (paths.size() == 2 && !isReportOfModel && !(subject.quantizedModel && subject.floatModel))
        return fail(ErrorCode::ModelsDiffer, {.file = subject.path, .expected = "a float and a quantized model", .got = subject.quantizedModel ? "two quantized models" : "two float models"});
    if (paths.size() == 2) {
        subject.path = subject.quantizedModel->file;
        subject.name = stemOf(subject.path.substr(subject.path.rfind(':') + 1));
    }
    return subject;
}

std::span<const std::string_view> subjectPatterns()
{
    static constexpr std::array<std::string_view, 6> kPatterns{"*.mltk.zip", "*.zip", "*.tflite", "*.h5", "*.keras", "*.csv"};
    return kPatterns;
}

} // namespace quantloupe
