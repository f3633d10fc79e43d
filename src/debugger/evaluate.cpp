// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/evaluate.h"

#include "debugger/input_quantization.h"
#include "debugger/real_values.h"
#include "interpreter/batch_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {
namespace {

/// Outputs of so many samples are kept at once, so that memory does not follow the dataset's size.
constexpr std::size_t kChunk = 1024;

std::size_t elementsOf(const Model &model, const std::vector<TensorIndex> &tensors)
{
    return static_cast<std::size_t>(model.main().tensor(tensors.front()).shape.elementCount());
}

/// Squared reconstruction error, averaged over a sample: MLTK's default score of an auto-encoder.
float reconstructionError(std::span<const float> input, std::span<const float> output)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const double difference = static_cast<double>(input[i]) - static_cast<double>(output[i]);
        sum += difference * difference;
    }
    return static_cast<float>(sum / static_cast<double>(output.size()));
}

/// The scores that one model gives to all samples: as many as classes, or one reconstruction error.
class Scoring {
public:
    Scoring(const Dataset &dataset, const EvaluationOptions &options, EvaluationTask task, std::size_t samples, std::size_t elements)
        : m_dataset(dataset), m_options(options), m_task(task), m_samples(samples), m_elements(elements)
    {
    }

    Result<std::vector<float>> operator()(const std::shared_ptr<const Model> &model, std::stop_token stop, const ProgressSink &progress)
    {
        constexpr std::size_t kBatch = 16;
        const bool carries = m_options.state == StatePolicy::Carry;
        QL_TRY(const auto prepared, PreparedModel::prepare(model, m_options.kernels, carries ? 1 : kBatch));
        const TensorIndex output = model->main().outputs.front();
        if (!hasRealForm(model->main().tensor(output)))
            return fail(ErrorCode::TypeUnsupported, {.file = model->file, .place = placeOf(model->main(), output), .got = std::string(name(model->main().tensor(output).type))});
        std::vector<float> scores;
        const std::size_t chunk = carries ? m_samples : kChunk; // state goes on from sample to sample within a run only
        for (std::size_t first = 0; first < m_samples; first += chunk) {
            const std::size_t count = std::min(chunk, m_samples - first);
            BatchRunOptions run;
            run.samples = count;
            run.carriesState = carries;
            run.threads = m_options.threads;
            run.tensors = {output};
            const InputReader read = [&](std::size_t sample, std::size_t, std::size_t input, std::span<std::byte> out) { return readInput(*model, first + sample, input, out); };
            const ProgressSink partial = progress ? [&](const Progress &p) { progress({first + p.done, m_samples}); } : ProgressSink();
            QL_TRY(const auto results, runSamples(prepared, run, read, stop, partial));
            if (results.tensors.empty())
                return fail(ErrorCode::NothingCompared, {.file = model->file, .got = "the model's output cannot be computed"});
            QL_CHECK(addScores(*model, results.tensors.begin()->second, first, count, scores));
        }
        return scores;
    }

private:
    Result<void> readInput(const Model &model, std::size_t sample, std::size_t input, std::span<std::byte> out) const
    {
        std::vector<float> values(m_dataset.elementCount(input));
        QL_CHECK(m_dataset.read(sample, input, values));
        return quantizeInput(model.main().tensor(model.main().inputs[input]), values, out);
    }

    Result<void> addScores(const Model &model, const TensorSamples &results, std::size_t first, std::size_t count, std::vector<float> &scores) const
    {
        if (results.shape.elementCount() != static_cast<std::int64_t>(m_elements))
            return fail(ErrorCode::FeatureUnsupported, {.file = model.file, .place = "the model's output", .expected = fmt::format("{} elements, as the model declares", m_elements),
                                                        .got = results.shape.text()});
        const std::size_t bytes = results.bytes.size() / count;
        std::vector<float> output(static_cast<std::size_t>(results.shape.elementCount()));
        std::vector<float> input(m_task == EvaluationTask::Autoencoder ? m_dataset.elementCount(0) : 0);
        for (std::size_t i = 0; i < count; ++i) {
            realValues(model.main().tensor(model.main().outputs.front()), results.shape, results.bytes.data() + i * bytes, output);
            if (m_task == EvaluationTask::Autoencoder) {
                QL_CHECK(m_dataset.read(first + i, 0, input));
                scores.push_back(reconstructionError(input, output));
            } else if (output.size() == 1) {
                scores.insert(scores.end(), {1.0f - output.front(), output.front()}); // a sigmoid: the second of two classes
            } else {
                scores.insert(scores.end(), output.begin(), output.end());
            }
        }
        return {};
    }

    const Dataset &m_dataset;
    const EvaluationOptions &m_options;
    EvaluationTask m_task;
    std::size_t m_samples;
    std::size_t m_elements; ///< of one sample's output
};

EvaluationTask taskOf(const Subject &subject, std::span<const std::int64_t> labels, const EvaluationOptions &options)
{
    if (options.task)
        return *options.task;
    for (const ArchivedEvaluation &archived : subject.evaluations)
        return archived.task == "auto_encoder" ? EvaluationTask::Autoencoder : EvaluationTask::Classification;
    const Model &model = *subject.quantizedModel;
    const bool isInputAgain = model.main().tensor(model.main().outputs.front()).shape == model.main().tensor(model.main().inputs.front()).shape;
    return isInputAgain && elementsOf(model, model.main().outputs) > 1 && std::ranges::max(labels) <= 1 ? EvaluationTask::Autoencoder : EvaluationTask::Classification;
}

const Parameter *parameter(const Subject &subject, std::string_view name)
{
    const auto found = std::ranges::find(subject.parameters, name, &Parameter::name);
    return found == subject.parameters.end() ? nullptr : &*found;
}

std::optional<double> numberOf(const Subject &subject, std::string_view name)
{
    const Parameter *const found = parameter(subject, name);
    if (!found)
        return std::nullopt;
    if (const auto *const whole = std::get_if<std::int64_t>(&found->value))
        return static_cast<double>(*whole);
    if (const auto *const real = std::get_if<double>(&found->value))
        return *real;
    return std::nullopt;
}

/// Set where the samples are a stream or clips of known length, and some classes are known to be no keywords.
std::optional<DetectionSettings> detectionSettings(const Subject &subject, const std::vector<std::string> &classes, const EvaluationOptions &options)
{
    DetectionSettings settings;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const bool isOther = options.otherClasses.empty() ? classes[i].size() > 1 && classes[i].front() == '_' && classes[i].back() == '_'
                                                          : std::ranges::count(options.otherClasses, static_cast<std::int64_t>(i)) > 0;
        settings.isKeyword.push_back(!isOther);
    }
    if (std::ranges::count(settings.isKeyword, 0) == 0 || std::ranges::count(settings.isKeyword, 1) == 0)
        return std::nullopt;
    constexpr double kMostThreshold = 255.0; // MLTK stores the threshold as a code of 0..255
    const auto stored = numberOf(subject, "detection_threshold");
    settings.hopMs = options.hopMs.value_or(0.0);
    settings.threshold = options.threshold.value_or(stored ? *stored / kMostThreshold : settings.threshold);
    settings.averageMs = options.averageMs.value_or(numberOf(subject, "average_window_duration_ms").value_or(settings.averageMs));
    settings.suppressionMs = options.suppressionMs.value_or(numberOf(subject, "suppression_ms").value_or(settings.suppressionMs));
    return settings;
}

std::optional<DetectionFigures> detection(const Subject &subject, const EvaluationOptions &options, const std::optional<DetectionSettings> &settings,
                                          std::span<const float> scores, std::span<const std::int64_t> labels)
{
    if (!settings)
        return std::nullopt;
    if (settings->hopMs > 0.0)
        return detectKeywords(scores, labels, *settings);
    const auto length = options.clipMs ? options.clipMs : numberOf(subject, "fe.sample_length_ms");
    return length && *length > 0.0 ? std::optional(detectInClips(scores, labels, *settings, *length)) : std::nullopt;
}

void addChanges(Evaluation &evaluation, std::span<const float> floats, std::span<const float> quantized, std::span<const std::int64_t> labels)
{
    const std::size_t classes = evaluation.classes.size();
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto ours = quantized.subspan(i * classes, classes);
        const auto theirs = floats.subspan(i * classes, classes);
        const auto label = static_cast<std::size_t>(labels[i]);
        const ChangedAnswer answer{i, labels[i], static_cast<std::int64_t>(predictedClass(theirs)), static_cast<std::int64_t>(predictedClass(ours)),
                                   static_cast<double>(theirs[label]), static_cast<double>(ours[label])};
        if (answer.floatClass == answer.quantizedClass)
            continue;
        (answer.isRegression() ? evaluation.regressions : answer.isImprovement() ? evaluation.improvements : evaluation.otherChanges) += 1;
        if (evaluation.changed.size() < Evaluation::kMostChangedListed)
            evaluation.changed.push_back(answer);
    }
    evaluation.signTest = signTest(evaluation.regressions, evaluation.improvements);
}

Result<void> requireLabels(const Dataset &dataset, std::size_t classes)
{
    const auto labels = dataset.labels();
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] < 0 || static_cast<std::size_t>(labels[i]) >= classes)
            return fail(ErrorCode::DatasetMismatch, {.file = dataset.description(), .place = fmt::format("sample {}", i),
                                                     .expected = fmt::format("a label of 0 to {}, as the model has {} classes", classes - 1, classes), .got = fmt::format("{}", labels[i])});
    return {};
}

} // namespace

std::vector<std::string> classNames(const Subject &subject, std::size_t classes)
{
    if (const Parameter *const stored = parameter(subject, "classes"))
        if (const auto *const names = std::get_if<std::vector<std::string>>(&stored->value); names && names->size() == classes)
            return *names;
    for (const ArchivedEvaluation &archived : subject.evaluations)
        if (archived.classes.size() == classes)
            return archived.classes;
    std::vector<std::string> numbers;
    for (std::size_t i = 0; i < classes; ++i)
        numbers.push_back(std::to_string(i));
    return numbers;
}

Result<std::shared_ptr<const Evaluation>> evaluateModels(const Subject &subject, const Dataset &dataset, const EvaluationOptions &options, std::stop_token stop,
                                                         const ProgressSink &progress)
{
    if (const auto why = subject.whyNotComparable())
        return fail(*why);
    if (subject.quantizedModel->main().outputs.empty())
        return fail(ErrorCode::NothingCompared, {.file = subject.quantizedModel->file, .got = "the model has no output"});
    QL_CHECK(requireSingleSteps(dataset));
    const std::size_t samples = options.samples == 0 ? dataset.sampleCount() : std::min(options.samples, dataset.sampleCount());
    if (dataset.labels().empty() || samples == 0)
        return fail(ErrorCode::DatasetMismatch, {.file = dataset.description(), .expected = "labels, one a sample (an array y)", .got = "none"});
    const auto labels = dataset.labels().first(std::min(samples, dataset.labels().size()));
    auto evaluation = std::make_shared<Evaluation>();
    evaluation->task = taskOf(subject, labels, options);
    const std::size_t elements = elementsOf(*subject.quantizedModel, subject.quantizedModel->main().outputs);
    if (evaluation->task == EvaluationTask::Autoencoder && elements != dataset.elementCount(0))
        return fail(ErrorCode::ModelsDiffer, {.file = subject.quantizedModel->file, .expected = fmt::format("an output of {} elements, as an autoencoder's input has", dataset.elementCount(0)),
                                              .got = fmt::format("{}", elements)});
    evaluation->dataset = dataset.description();
    evaluation->samples = samples;
    evaluation->kernels = options.kernels;
    evaluation->state = name(options.state);
    evaluation->archived = subject.evaluations;
    const bool isClassifier = evaluation->task == EvaluationTask::Classification;
    if (isClassifier) {
        evaluation->classes = classNames(subject, std::max<std::size_t>(elements, 2));
        QL_CHECK(requireLabels(dataset, evaluation->classes.size()));
        evaluation->detection = detectionSettings(subject, evaluation->classes, options);
    } else {
        evaluation->classes = {"normal", "abnormal"};
    }

    Scoring scoring(dataset, options, evaluation->task, samples, elements);
    const auto half = [&](std::size_t part) { // both models' runs are one progress
        return progress ? ProgressSink([&progress, part](const Progress &p) { progress({part * p.total + p.done, 2 * p.total}); }) : ProgressSink();
    };
    QL_TRY(const auto floats, scoring(subject.floatModel, stop, half(0)));
    QL_TRY(const auto quantized, scoring(subject.quantizedModel, stop, half(1)));
    if (isClassifier) {
        const std::size_t classes = evaluation->classes.size();
        for (auto &[side, scores] : {std::pair(&evaluation->floatModel, &floats), std::pair(&evaluation->quantizedModel, &quantized)}) {
            side->classification = classify(*scores, classes, labels);
            side->detection = detection(subject, options, evaluation->detection, *scores, labels);
        }
        addChanges(*evaluation, floats, quantized, labels);
    } else {
        evaluation->floatModel.anomaly = anomalyFigures(floats, labels);
        evaluation->quantizedModel.anomaly = anomalyFigures(quantized, labels);
    }
    return std::shared_ptr<const Evaluation>(std::move(evaluation));
}

} // namespace quantloupe
