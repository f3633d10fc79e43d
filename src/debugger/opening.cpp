// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/opening.h"

#include "base/file.h"
#include "debugger/finding_rule.h"
#include "debugger/keras_pair.h"
#include "formats/eval_results.h"
#include "formats/tflite.h"
#include "keras/lower.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <iterator>

namespace quantloupe {
namespace {

constexpr std::string_view kParameters = "SL_PARAMSv1";
constexpr std::string_view kReportName = "quantization_report.csv";
constexpr std::string_view kEvalResultsName = "eval-results.json";

std::string_view asText(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

bool endsWith(std::string_view name, std::string_view suffix)
{
    const auto sameLetter = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    return name.size() >= suffix.size() && std::ranges::equal(name.substr(name.size() - suffix.size()), suffix, sameLetter);
}

std::string roleOf(ModelKind kind)
{
    switch (kind) {
    case ModelKind::Quantized: return "quantized model";
    case ModelKind::DynamicRange: return "dynamic-range model";
    case ModelKind::Float: return "float model";
    }
    return {};
}

bool isKerasName(std::string_view name)
{
    return endsWith(name, ".h5") || endsWith(name, ".keras");
}

} // namespace

std::string stemOf(const std::string &path)
{
    std::string name = std::filesystem::path(path).filename().string();
    for (const std::string_view suffix : {".mltk.zip", ".zip", ".float32.tflite", ".tflite", ".h5", ".keras", ".csv"})
        if (name.size() > suffix.size() && endsWith(name, suffix))
            return name.substr(0, name.size() - suffix.size());
    return name;
}

Result<void> Opening::addFile(const std::filesystem::path &path)
{
    QL_TRY(const SharedBytes bytes, readWhole(path));
    const std::string file = path.string();
    if (looksLikeKeras(bytes)) // before the archives: a .keras is a zip archive too
        return addKeras(bytes, path.filename().string(), file);
    if (looksLikeZip(bytes))
        return addArchive(bytes, file);
    if (looksLikeTflite(bytes))
        return addModel(bytes, path.filename().string(), file);
    if (endsWith(file, ".csv"))
        return addReport(bytes, path.filename().string(), file);
    const bool isCutShort = endsWith(file, ".tflite") || endsWith(file, ".zip") || isKerasName(file);
    return fail(ErrorCode::FormatUnknown, {.file = file, .expected = "a .mltk.zip, a .tflite, a Keras .h5 or .keras, or a quantization_report.csv",
                                           .got = isCutShort ? "none of their identifiers: damaged or cut short" : "something else"});
}

Result<void> Opening::finish()
{
    choose(m_quantized);
    choose(m_floats);
    if (!m_quantized.empty())
        m_subject.quantizedModel = m_quantized.front();
    if (!m_floats.empty())
        m_subject.floatModel = m_floats.front();
    useKeras();
    if (!m_subject.quantizedModel && !m_subject.floatModel && !m_subject.archivedReport && !m_isArchive && m_subject.floatFailure)
        return fail(*m_subject.floatFailure);
    if (!m_subject.quantizedModel && m_firstFailure && !m_subject.archivedReport)
        return fail(*m_firstFailure);
    if (!m_subject.quantizedModel && !m_subject.archivedReport && (m_isArchive || !m_subject.floatModel))
        return fail(ErrorCode::NoQuantizedModel, {.file = m_subject.path, .expected = "a .tflite with integer activations", .got = whatIsThere()});
    if (m_subject.quantizedModel) {
        addParameters();
        std::ranges::move(findingsOf(*m_subject.quantizedModel), std::back_inserter(m_subject.findings));
    }
    addReferenceFinding();
    return {};
}

Result<void> Opening::addModel(const SharedBytes &bytes, const std::string &entry, const std::string &file)
{
    QL_TRY(const auto model, readTflite(bytes, file));
    const ModelKind kind = kindOf(*model);
    addEntry(entry, bytes.size(), roleOf(kind));
    (kind == ModelKind::Quantized ? m_quantized : m_floats).push_back(model);
    return {};
}

Result<void> Opening::addKeras(const SharedBytes &bytes, const std::string &entry, const std::string &file)
{
    addEntry(entry, bytes.size(), "Keras model");
    m_keras.push_back({file, bytes});
    return {};
}

void Opening::useKeras()
{
    if (m_keras.empty() || (m_subject.floatModel && kindOf(*m_subject.floatModel) == ModelKind::Float))
        return;
    const auto isNamedLikeIt = [&](const KerasEntry &entry) { return stemOf(entry.file.substr(entry.file.rfind(':') + 1)) == m_subject.name; };
    std::ranges::stable_partition(m_keras, isNamedLikeIt);
    const KerasEntry &entry = m_keras.front();
    const auto keras = readKerasFile(entry.bytes, entry.file);
    if (keras && !m_subject.quantizedModel) {
        auto lowered = lowerKeras(*keras);
        if (lowered)
            m_subject.floatModel = lowered->model;
        else
            m_subject.floatFailure = lowered.error();
        return;
    }
    auto pair = keras ? pairKeras(*keras, m_subject.quantizedModel) : Result<KerasPair>(fail(keras.error()));
    if (!pair) {
        m_subject.floatFailure = pair.error();
        m_subject.findings.push_back({.id = "keras-unusable", .severity = Severity::Warning, .title = "The Keras model cannot be the float side", .evidence = pair.error().message(),
                                      .remedy = "Convert the float model to .tflite without optimizations and open both as a pair.", .subject = "float model"});
        return;
    }
    m_subject.floatModel = pair->floatModel;
    m_subject.pairing = std::make_shared<const Pairing>(std::move(pair->pairing));
    std::ranges::move(pair->findings, std::back_inserter(m_subject.findings));
}

Result<void> Opening::addReport(const SharedBytes &bytes, const std::string &entry, const std::string &file)
{
    QL_TRY(ReportTable table, readReportCsv(asText(bytes), file));
    addEntry(entry, bytes.size(), "quantization report");
    m_subject.archivedReport = std::make_shared<const ReportTable>(std::move(table));
    return {};
}

/// The folder says which model was evaluated: eval/h5/eval-results.json, eval/tflite/eval-results.json.
Result<void> Opening::addEvaluation(const SharedBytes &bytes, const std::string &entry, const std::string &file)
{
    QL_TRY(EvalResults results, readEvalResults(asText(bytes), file));
    addEntry(entry, bytes.size(), "evaluation");
    m_subject.evaluations.push_back({std::filesystem::path(entry).parent_path().filename().string(), std::move(results.modelType), std::move(results.classes), results.accuracy,
                                     results.rocArea, std::move(results.classAccuracies), std::move(results.classRocAreas), std::move(results.confusion)});
    return {};
}

Result<void> Opening::addArchive(const SharedBytes &bytes, const std::string &file)
{
    QL_TRY(const ZipArchive archive, ZipArchive::open(bytes, file));
    m_isArchive = true;
    for (const ZipEntry &entry : archive.entries()) {
        const auto added = addArchiveEntry(archive, entry);
        if (!added)
            noteFailure(entry, added.error());
    }
    return {};
}

Result<void> Opening::addArchiveEntry(const ZipArchive &archive, const ZipEntry &entry)
{
    const bool isModel = endsWith(entry.name, ".tflite");
    const bool isReport = entry.name == kReportName || entry.name.ends_with("/" + std::string(kReportName));
    if (entry.name.ends_with("/" + std::string(kEvalResultsName))) {
        QL_TRY(const SharedBytes results, archive.read(entry.name));
        return addEvaluation(results, entry.name, archive.file() + ":" + entry.name);
    }
    if (!isModel && !isReport && !isKerasName(entry.name)) {
        addEntry(entry.name, entry.bytes, "other");
        return {};
    }
    QL_TRY(const SharedBytes content, archive.read(entry.name));
    const std::string place = archive.file() + ":" + entry.name;
    if (isKerasName(entry.name))
        return addKeras(content, entry.name, place);
    return isModel ? addModel(content, entry.name, place) : addReport(content, entry.name, place);
}

void Opening::noteFailure(const ZipEntry &entry, const Error &error)
{
    if (!m_firstFailure)
        m_firstFailure = error;
    addEntry(entry.name, entry.bytes, "unreadable");
    m_subject.findings.push_back({.id = "unreadable-entry", .severity = Severity::Problem, .title = "An entry of the archive cannot be read", .evidence = error.message(),
                                  .remedy = "Write the archive again.", .subject = "archive"});
}

void Opening::choose(Models &models)
{
    const auto isNamedLikeIt = [&](const auto &model) { return stemOf(model->file.substr(model->file.rfind(':') + 1)) == m_subject.name; };
    std::ranges::stable_partition(models, isNamedLikeIt);
    std::ranges::stable_partition(models, [](const auto &model) { return kindOf(*model) != ModelKind::DynamicRange; });
    for (std::size_t i = 1; i < models.size(); ++i)
        m_subject.findings.push_back({.id = "further-model", .severity = Severity::Note, .title = "There is a further model that is not compared",
                                      .evidence = models[i]->file, .remedy = "Open it by itself to compare it.", .subject = "archive"});
}

std::string Opening::whatIsThere() const
{
    return !m_floats.empty() ? "only " + m_floats.front()->file : !m_keras.empty() ? "only a Keras model" : "no model at all";
}

void Opening::addParameters()
{
    const auto found = m_subject.quantizedModel->metadata.find(std::string(kParameters));
    if (found == m_subject.quantizedModel->metadata.end())
        return;
    if (auto parameters = readSlParams(found->second.bytes))
        m_subject.parameters = std::move(*parameters);
    else
        m_subject.findings.push_back({.id = "unreadable-parameters", .severity = Severity::Warning, .title = "The model's parameters cannot be read",
                                      .evidence = parameters.error().inFile(m_subject.quantizedModel->file).message(), .subject = "quantized model"});
}

void Opening::addReferenceFinding()
{
    if (m_subject.floatModel && kindOf(*m_subject.floatModel) == ModelKind::DynamicRange)
        m_subject.findings.push_back({.id = "dynamic-range-reference", .severity = Severity::Warning, .title = "The float model is not float: it is dynamic-range quantized",
                                      .evidence = fmt::format("{} has int8 weights under float activations, so errors against it leave the weights' rounding out.", m_subject.floatModel->file),
                                      .remedy = "Convert the float model without optimizations and open both as a pair.", .subject = "float model"});
    if (!m_subject.floatModel && m_subject.quantizedModel && m_isArchive && m_keras.empty())
        m_subject.findings.push_back({.id = "no-float-model", .severity = Severity::Warning, .title = "There is no float model to compare with",
                                      .evidence = "The archive holds no float .tflite and no Keras model.",
                                      .remedy = "Convert the float model to .tflite and open both as a pair.", .subject = "float model"});
}

} // namespace quantloupe
