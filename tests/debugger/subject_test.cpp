// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/subject.h"

#include "support/temporary_folder.h"
#include "support/tflite_builder.h"
#include "support/zip_builder.h"

#include <algorithm>

namespace quantloupe::test {
namespace {

constexpr std::string_view kCsv = "op_name,scale\r\nCONV_2D,0.5\r\n";

class SubjectTest : public testing::Test {
protected:
    Result<Subject> open(const std::vector<std::string> &names)
    {
        std::vector<std::filesystem::path> paths;
        for (const std::string &name : names)
            paths.push_back(m_folder / name);
        return openSubject(paths);
    }
    Result<Subject> openArchive(const std::vector<ZipSpec> &entries)
    {
        writeFile(m_folder / "net.mltk.zip", zipOf(entries));
        return open({"net.mltk.zip"});
    }
    void write(const std::string &name, const Bytes &bytes) { writeFile(m_folder / name, bytes); }
    std::string shortened(std::string text) const
    {
        const std::string folder = m_folder.path().string() + "/";
        for (std::size_t at; (at = text.find(folder)) != text.npos;)
            text.erase(at, folder.size());
        return text;
    }
    std::string refusal(const Result<Subject> &subject) const { return subject ? "" : shortened(subject.error().message()); }

    TemporaryFolder m_folder;
    Bytes m_quantized = smallQuantizedModel().bytes();
    Bytes m_float = smallFloatModel().bytes();
    Bytes m_dynamicRange = smallDynamicRangeModel().bytes();
};

bool hasFinding(const Subject &subject, std::string_view id)
{
    return std::ranges::find(subject.findings, id, &Finding::id) != subject.findings.end();
}

TEST_F(SubjectTest, anArchiveShowsAllItHolds)
{
    const auto subject = openArchive({{.name = "net.h5", .data = Bytes(10)}, {.name = "net.tflite", .data = m_quantized}, {.name = "net.float32.tflite", .data = m_float},
                                      {.name = "quantization_report.csv", .data = toBytes(kCsv)}, {.name = "eval/results.json", .data = Bytes(5)}});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_EQ(subject->name, "net");
    std::string roles;
    for (const SubjectEntry &entry : subject->entries)
        roles += entry.name + ": " + entry.role + "\n";
    EXPECT_EQ(roles, "net.h5: Keras model\nnet.tflite: quantized model\nnet.float32.tflite: float model\nquantization_report.csv: quantization report\neval/results.json: other\n");
    ASSERT_TRUE(subject->quantizedModel && subject->floatModel && subject->archivedReport);
    EXPECT_EQ(shortened(subject->quantizedModel->file), "net.mltk.zip:net.tflite");
    EXPECT_FALSE(subject->whyNotComparable());
    for (const Finding &finding : subject->findings) // of the small model itself, none of what lies in the archive
        EXPECT_TRUE(finding.id == "per-channel-fully-connected" || finding.id == "weight-range") << finding.id;
}

TEST_F(SubjectTest, modelsAreToldApartByContentNotByName)
{
    const auto subject = openArchive({{.name = "net.tflite", .data = m_float}, {.name = "net.float32.tflite", .data = m_quantized}});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_EQ(shortened(subject->quantizedModel->file), "net.mltk.zip:net.float32.tflite");
}

TEST_F(SubjectTest, aDynamicRangeReferenceIsUsedAndNamedAsSuch)
{
    const auto subject = openArchive({{.name = "net.tflite", .data = m_quantized}, {.name = "net.float32.tflite", .data = m_dynamicRange}, {.name = "net.h5"}});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_TRUE(subject->floatModel);
    EXPECT_TRUE(hasFinding(*subject, "dynamic-range-reference"));
    EXPECT_EQ(subject->entries[1].role, "dynamic-range model");
    EXPECT_TRUE(hasFinding(*subject, "keras-unusable")) << "the .h5, which would be the true float original, is damaged";
}

TEST_F(SubjectTest, aTrueFloatIsPreferredToADynamicRangeOne)
{
    const auto subject = openArchive({{.name = "net.float32.tflite", .data = m_dynamicRange}, {.name = "other.tflite", .data = m_float}, {.name = "net.tflite", .data = m_quantized}});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_EQ(shortened(subject->floatModel->file), "net.mltk.zip:other.tflite");
    EXPECT_FALSE(hasFinding(*subject, "dynamic-range-reference"));
    EXPECT_TRUE(hasFinding(*subject, "further-model"));
}

TEST_F(SubjectTest, ofSeveralQuantizedModelsTheOneNamedLikeTheArchiveIsTaken)
{
    const auto subject = openArchive({{.name = "a.tflite", .data = m_quantized}, {.name = "net.tflite", .data = m_quantized}, {.name = "net.float32.tflite", .data = m_float}});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_EQ(shortened(subject->quantizedModel->file), "net.mltk.zip:net.tflite");
    EXPECT_EQ(shortened(subject->findings.at(0).evidence), "net.mltk.zip:a.tflite");
}

TEST_F(SubjectTest, anArchiveWhoseOnlyFloatIsADamagedKerasModelOpensAndSaysWhyItCannotBeCompared)
{
    const auto subject = openArchive({{.name = "net.h5"}, {.name = "net.tflite", .data = m_quantized}});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_TRUE(hasFinding(*subject, "keras-unusable"));
    ASSERT_TRUE(subject->whyNotComparable());
    EXPECT_EQ(subject->whyNotComparable()->exitCode(), ExitCode::BadInput);
}

TEST_F(SubjectTest, anArchiveWithoutAQuantizedModelIsRefused)
{
    EXPECT_EQ(refusal(openArchive({{.name = "net.tflite", .data = m_float}})),
              "net.mltk.zip: there is no quantized model: expected a .tflite with integer activations, got only net.mltk.zip:net.tflite");
    EXPECT_EQ(refusal(openArchive({{.name = "net.h5"}})), "net.mltk.zip: there is no quantized model: expected a .tflite with integer activations, got only a Keras model");
    EXPECT_EQ(refusal(openArchive({{.name = "readme.txt"}})), "net.mltk.zip: there is no quantized model: expected a .tflite with integer activations, got no model at all");
    EXPECT_NE(refusal(openArchive({})), "");
}

TEST_F(SubjectTest, aDamagedFloatModelDoesNotTakeTheQuantizedOneAway)
{
    Bytes cut(m_float.begin(), m_float.begin() + 200);
    const auto subject = openArchive({{.name = "net.tflite", .data = m_quantized}, {.name = "net.float32.tflite", .data = cut}, {.name = "quantization_report.csv", .data = toBytes("no report")}});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_TRUE(hasFinding(*subject, "unreadable-entry"));
    EXPECT_EQ(subject->entries[1].role, "unreadable");
    EXPECT_EQ(subject->whyNotComparable()->code, ErrorCode::NoFloatModel);
}

TEST_F(SubjectTest, aDamagedQuantizedModelIsTheError)
{
    Bytes cut(m_quantized.begin(), m_quantized.begin() + 200);
    const auto subject = openArchive({{.name = "net.tflite", .data = cut}, {.name = "net.float32.tflite", .data = m_float}});
    ASSERT_FALSE(subject);
    EXPECT_EQ(subject.error().code, ErrorCode::ModelDamaged);
    EXPECT_EQ(shortened(subject.error().facts.file), "net.mltk.zip:net.tflite");
}

TEST_F(SubjectTest, damagedParametersAreAFinding)
{
    TfliteBuilder builder = smallQuantizedModel();
    builder.model().metadata.push_back(std::make_unique<fbs::MetadataT>());
    builder.model().metadata[0]->name = "SL_PARAMSv1";
    builder.model().metadata[0]->buffer = 1;
    write("q.tflite", builder.bytes());
    const auto subject = open({"q.tflite"});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_TRUE(hasFinding(*subject, "unreadable-parameters"));
}

TEST_F(SubjectTest, aPairMayComeInAnyOrder)
{
    write("q.tflite", m_quantized);
    write("f.tflite", m_float);
    for (const auto &names : {std::vector<std::string>{"q.tflite", "f.tflite"}, {"f.tflite", "q.tflite"}}) {
        const auto subject = open(names);
        ASSERT_TRUE(subject) << subject.error().message();
        EXPECT_EQ(shortened(subject->path), "q.tflite");
        EXPECT_EQ(subject->name, "q");
        EXPECT_FALSE(subject->whyNotComparable());
    }
}

TEST_F(SubjectTest, aFloatModelCompletesAnArchiveThatHasNone)
{
    write("net.mltk.zip", zipOf({{.name = "net.h5"}, {.name = "net.tflite", .data = m_quantized}}));
    write("f.tflite", m_float);
    const auto subject = open({"net.mltk.zip", "f.tflite"});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_FALSE(subject->whyNotComparable());
}

TEST_F(SubjectTest, twoModelsOfOneKindAreNoPair)
{
    write("a.tflite", m_quantized);
    write("b.tflite", m_float);
    EXPECT_EQ(refusal(open({"a.tflite", "a.tflite"})), "a.tflite: the two models are not the same network: expected a float and a quantized model, got two quantized models");
    EXPECT_EQ(refusal(open({"b.tflite", "b.tflite"})), "b.tflite: the two models are not the same network: expected a float and a quantized model, got two float models");
}

TEST_F(SubjectTest, oneModelOpensButCannotBeCompared)
{
    write("q.tflite", m_quantized);
    const auto subject = open({"q.tflite"});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_EQ(subject->whyNotComparable()->code, ErrorCode::NoFloatModel);
    write("f.tflite", m_float);
    const auto original = open({"f.tflite"});
    ASSERT_TRUE(original) << original.error().message();
    EXPECT_EQ(original->whyNotComparable()->code, ErrorCode::NoQuantizedModel);
}

TEST_F(SubjectTest, modelsOfOtherInputsAreNotCompared)
{
    TfliteBuilder other;
    const auto x = other.tensor({.name = "x", .shape = {1, 5}});
    const auto y = other.tensor({.name = "y", .shape = {1, 5}});
    other.op(fbs::BuiltinOperator::TANH, {x}, {y});
    write("q.tflite", m_quantized);
    write("f.tflite", other.ends({x}, {y}).bytes());
    const auto subject = open({"q.tflite", "f.tflite"});
    ASSERT_TRUE(subject) << subject.error().message();
    ASSERT_TRUE(subject->whyNotComparable());
    EXPECT_EQ(shortened(subject->whyNotComparable()->message()), "q.tflite: the two models are not the same network: expected inputs of 1x5 as in f.tflite, got 1x4");
}

TEST_F(SubjectTest, aReportOpensByItself)
{
    writeFile(m_folder / "quantization_report.csv", kCsv);
    const auto subject = open({"quantization_report.csv"});
    ASSERT_TRUE(subject) << subject.error().message();
    EXPECT_EQ(subject->archivedReport->rowCount(), 1u);
    EXPECT_EQ(subject->whyNotComparable()->code, ErrorCode::NoQuantizedModel);
}

TEST_F(SubjectTest, otherFilesAreRefusedWithAHint)
{
    writeFile(m_folder / "net.h5", "\x89HDF");
    EXPECT_EQ(refusal(open({"net.h5"})),
              "net.h5: the content is of no known format: expected a .mltk.zip, a .tflite, a Keras .h5 or .keras, or a quantization_report.csv, got none of their identifiers: "
              "damaged or cut short");
    writeFile(m_folder / "cut.mltk.zip", "P");
    EXPECT_NE(refusal(open({"cut.mltk.zip"})).find("damaged or cut short"), std::string::npos);
    writeFile(m_folder / "other.csv", "a,b\n1,2\n");
    EXPECT_NE(refusal(open({"other.csv"})), "");
    EXPECT_NE(refusal(open({"missing"})), "");
    EXPECT_NE(refusal(open({})), "");
    EXPECT_NE(refusal(open({"a", "b", "c"})), "");
}

TEST_F(SubjectTest, everyTruncationOfAnArchiveIsRefused)
{
    const Bytes whole = zipOf({{.name = "net.tflite", .data = m_quantized}});
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        write("net.mltk.zip", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
        const auto subject = open({"net.mltk.zip"});
        ASSERT_FALSE(subject) << size;
        EXPECT_EQ(subject.error().exitCode(), ExitCode::BadInput);
    }
}

TEST(Subject, everySharedArchiveOpensQuickly)
{
    QL_SKIP_WITHOUT_ARCHIVE("audio_example1.mltk.zip");
    for (const char *name : {"anomaly_detection", "audio_example1", "autoencoder_example", "image_example1", "keyword_spotting", "keyword_spotting_alexa",
                             "keyword_spotting_with_transfer_learning", "rock_paper_scissors", "spoken_digits", "spoken_digits_cell", "spoken_digits_plain", "tflite_micro_speech"}) {
        SCOPED_TRACE(name);
        const auto subject = openSubject(std::vector{sharedArchive(std::string(name) + ".mltk.zip")});
        ASSERT_TRUE(subject) << subject.error().message();
        EXPECT_EQ(subject->name, name);
        EXPECT_FALSE(subject->parameters.empty());
        EXPECT_TRUE(subject->quantizedModel);
        EXPECT_FALSE(hasFinding(*subject, "keras-unusable"));
        EXPECT_FALSE(hasFinding(*subject, "keras-unpaired"));
        EXPECT_FALSE(subject->whyNotComparable());
    }
}

} // namespace
} // namespace quantloupe::test
