// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/subject.h"

#include "archive/zip_archive.h"
#include "base/file.h"
#include "debugger/finding_rule.h"
#include "formats/tflite.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::string_view kParameters = "SL_PARAMSv1";
constexpr std::string_view kReportName = "quantization_report.csv";

std::string_view asText(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// "spoken_digits" of "/a/spoken_digits.mltk.zip" and of "spoken_digits.float32.tflite".
std::string stemOf(const std::string &path)
{
    std::string name = std::filesystem::path(path).filename().string();
    for (const std::string_view suffix : {".mltk.zip", ".zip", ".float32.tflite", ".tflite", ".csv"})
        if (name.size() > suffix.size() && name.ends_with(suffix))
            return name.substr(0, name.size() - suffix.size());
    return name;
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

/// Gathers what files and entries hold; finish() decides what is compared with what.
class Opening {
public:
    explicit Opening(Subject &subject) : m_subject(subject) {}

    Result<void> addFile(const std::filesystem::path &path)
    {
        QL_TRY(const SharedBytes bytes, readWhole(path));
        const std::string file = path.string();
        if (looksLikeTflite(bytes))
            return addModel(bytes, path.filename().string(), file);
        if (looksLikeZip(bytes))
            return addArchive(bytes, file);
        if (path.extension() == ".csv")
            return addReport(bytes, path.filename().string(), file);
        const bool isCutModel = path.extension() == ".tflite" || file.ends_with(".zip");
        return fail(ErrorCode::FormatUnknown, {.file = file, .expected = "a .mltk.zip, a .tflite or a quantization_report.csv",
                                               .got = isCutModel ? "neither a zip archive nor the identifier TFL3: damaged or cut short" : "something else"});
    }

    Result<void> finish()
    {
        if (m_quantized.size() > 1)
            preferTheArchivesOwn(m_quantized);
        if (m_floats.size() > 1)
            preferTheArchivesOwn(m_floats);
        if (!m_quantized.empty())
            m_subject.quantizedModel = m_quantized.front();
        if (!m_floats.empty())
            m_subject.floatModel = m_floats.front();
        if (!m_subject.quantizedModel && !m_subject.floatModel && !m_subject.archivedReport)
            return fail(ErrorCode::NoQuantizedModel, {.file = m_subject.path, .expected = "a quantized .tflite", .got = m_hasKeras ? "only a Keras model" : "no model at all"});
        if (m_subject.quantizedModel)
            QL_CHECK(addParameters());
        addFindings();
        return {};
    }

private:
    void addEntry(std::string name, std::uint64_t bytes, std::string role) { m_subject.entries.push_back({std::move(name), bytes, std::move(role)}); }

    Result<void> addModel(const SharedBytes &bytes, const std::string &entry, const std::string &file)
    {
        QL_TRY(const auto model, readTflite(bytes, file));
        const ModelKind kind = kindOf(*model);
        addEntry(entry, bytes.size(), roleOf(kind));
        (kind == ModelKind::Quantized ? m_quantized : m_floats).push_back(model);
        return {};
    }

    Result<void> addReport(const SharedBytes &bytes, const std::string &entry, const std::string &file)
    {
        QL_TRY(ReportTable table, readReportCsv(asText(bytes), file));
        addEntry(entry, bytes.size(), "quantization report");
        m_subject.archivedReport = std::make_shared<const ReportTable>(std::move(table));
        return {};
    }

    Result<void> addArchive(const SharedBytes &bytes, const std::string &file)
    {
        QL_TRY(const ZipArchive archive, ZipArchive::open(bytes, file));
        for (const ZipEntry &entry : archive.entries()) {
            const std::string place = file + ":" + entry.name;
            const std::string_view name = entry.name;
            if (name.ends_with(".tflite")) {
                QL_TRY(const SharedBytes content, archive.read(entry.name));
                QL_CHECK(addModel(content, entry.name, place));
            } else if (name == kReportName || name.ends_with("/" + std::string(kReportName))) {
                QL_TRY(const SharedBytes content, archive.read(entry.name));
                QL_CHECK(addReport(content, entry.name, place));
            } else {
                const bool isKeras = name.ends_with(".h5") || name.ends_with(".keras");
                m_hasKeras |= isKeras;
                addEntry(entry.name, entry.bytes, isKeras ? "Keras model" : "other");
            }
        }
        if (m_quantized.empty() && !m_subject.archivedReport)
            return fail(ErrorCode::NoQuantizedModel, {.file = file, .expected = "a .tflite with integer activations", .got = m_floats.empty() ? "none" : "only " + m_floats.front()->file});
        return {};
    }

    /// Several models of a kind: the one named like the archive stands first, the others are noted.
    void preferTheArchivesOwn(std::vector<std::shared_ptr<const Model>> &models)
    {
        std::ranges::stable_partition(models, [&](const auto &model) { return stemOf(model->file.substr(model->file.rfind(':') + 1)) == m_subject.name; });
        for (std::size_t i = 1; i < models.size(); ++i)
            m_subject.findings.push_back({.id = "further-model", .severity = Severity::Note, .title = "The archive holds a further model that is not compared",
                                          .evidence = models[i]->file, .remedy = "Open it by itself to compare it.", .subject = "archive"});
    }

    Result<void> addParameters()
    {
        const auto found = m_subject.quantizedModel->metadata.find(std::string(kParameters));
        if (found == m_subject.quantizedModel->metadata.end())
            return {};
        auto parameters = readSlParams(found->second.bytes);
        if (!parameters)
            return quantloupe::fail(parameters.error().inFile(m_subject.quantizedModel->file));
        m_subject.parameters = std::move(*parameters);
        return {};
    }

    void addFindings()
    {
        if (m_subject.floatModel && kindOf(*m_subject.floatModel) == ModelKind::DynamicRange)
            m_subject.findings.push_back({.id = "dynamic-range-reference", .severity = Severity::Warning,
                                          .title = "The float model is not float: it is dynamic-range quantized",
                                          .evidence = fmt::format("{} has int8 weights under float activations, so errors against it leave the weights' rounding out.", m_subject.floatModel->file),
                                          .remedy = m_hasKeras ? "The archive's .h5 is the true float original; this version does not run it yet." : "Convert the float model without optimizations.",
                                          .subject = "float model"});
        if (!m_subject.floatModel && m_subject.quantizedModel && m_hasKeras)
            m_subject.findings.push_back({.id = "keras-only", .severity = Severity::Warning, .title = "The float original is a Keras model, which this version does not run yet",
                                          .evidence = "The archive holds a .h5 and no float .tflite.", .remedy = "Convert the float model to .tflite and open both as a pair.", .subject = "float model"});
        if (m_subject.quantizedModel)
            std::ranges::move(findingsOf(*m_subject.quantizedModel), std::back_inserter(m_subject.findings));
    }

    Subject &m_subject;
    std::vector<std::shared_ptr<const Model>> m_quantized;
    std::vector<std::shared_ptr<const Model>> m_floats; ///< dynamic-range ones too
    bool m_hasKeras = false;
};

} // namespace

std::optional<Error> Subject::whyNotComparable() const
{
    if (!quantizedModel)
        return Error{ErrorCode::NoQuantizedModel, {.file = path, .expected = "a quantized .tflite"}};
    if (!floatModel)
        return Error{ErrorCode::NoFloatModel, {.file = path, .expected = "a float .tflite beside the quantized one"}};
    return std::nullopt;
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
    if (paths.size() == 2 && subject.whyNotComparable())
        return fail(ErrorCode::ModelsDiffer, {.file = subject.path, .expected = "a float and a quantized model", .got = subject.quantizedModel ? "two quantized models" : "two float models"});
    if (subject.quantizedModel && paths.size() == 2)
        subject.path = subject.quantizedModel->file;
    return subject;
}

std::span<const std::string_view> subjectPatterns()
{
    static constexpr std::array<std::string_view, 4> kPatterns{"*.mltk.zip", "*.zip", "*.tflite", "*.csv"};
    return kPatterns;
}

} // namespace quantloupe
