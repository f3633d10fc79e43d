// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/dataset.h"

#include "archive/zip_archive.h"
#include "formats/tflite.h"
#include "support/npy_builder.h"
#include "support/temporary_folder.h"

#include <limits>

namespace quantloupe::test {
namespace {

class OpenDatasetTest : public testing::Test {
protected:
    Result<std::shared_ptr<const Dataset>> openNpz(const std::vector<std::pair<std::string, Bytes>> &arrays)
    {
        std::vector<ZipSpec> entries;
        for (const auto &[name, npy] : arrays)
            entries.push_back({.name = name + ".npy", .data = npy});
        writeFile(m_folder / "d.npz", zipOf(entries));
        return openDataset((m_folder / "d.npz").string(), m_model->main());
    }
    /// The message without the folder's name.
    std::string refusal(const Result<std::shared_ptr<const Dataset>> &dataset)
    {
        if (dataset)
            return {};
        const std::string text = dataset.error().message(), folder = m_folder.path().string() + "/";
        return text.starts_with(folder) ? text.substr(folder.size()) : text;
    }

    TemporaryFolder m_folder;
    std::shared_ptr<const Model> m_model = *readTflite(share(smallFloatModel().bytes()), "small.tflite"); // x [1, 4]
    Bytes m_x = npyOf<float>("<f4", "(2, 4)", {0, 1, 2, 3, 4, 5, 6, 7});
};

TEST_F(OpenDatasetTest, samplesAndLabelsOfANpz)
{
    const auto dataset = openNpz({{"x", m_x}, {"y", npyOf<std::int64_t>("<i8", "(2,)", {7, 3})}});
    ASSERT_TRUE(dataset) << dataset.error().message();
    EXPECT_EQ((*dataset)->sampleCount(), 2u);
    EXPECT_EQ((*dataset)->elementCount(0), 4u);
    EXPECT_EQ((*dataset)->description(), "d.npz, 2 samples");
    EXPECT_TRUE(std::ranges::equal((*dataset)->labels(), std::vector<std::int64_t>{7, 3}));
    std::vector<float> sample(4);
    ASSERT_TRUE((*dataset)->read(1, 0, sample));
    EXPECT_EQ(sample, (std::vector{4.0f, 5.0f, 6.0f, 7.0f}));
}

TEST_F(OpenDatasetTest, oneHotLabelsBecomeClasses)
{
    const auto dataset = openNpz({{"x", m_x}, {"y", npyOf<float>("<f4", "(2, 3)", {0, 0, 1, 0, 1, 0})}});
    ASSERT_TRUE(dataset) << dataset.error().message();
    EXPECT_TRUE(std::ranges::equal((*dataset)->labels(), std::vector<std::int64_t>{2, 1}));
}

TEST_F(OpenDatasetTest, labelsThatDoNotFitAreRefused)
{
    EXPECT_EQ(refusal(openNpz({{"x", m_x}, {"y", npyOf<std::int64_t>("<i8", "(3,)", {7, 3, 1})}})),
              "d.npz:y: the dataset does not fit the model: expected one class for each of 2 samples, got an array of 3");
    EXPECT_NE(refusal(openNpz({{"x", m_x}, {"y", npyOf<float>("<f4", "(2,)", {0.5f, 1.0f})}})), "");
}

TEST_F(OpenDatasetTest, aNpyIsEnoughForOneInput)
{
    writeFile(m_folder / "d.npy", m_x);
    const auto dataset = openDataset((m_folder / "d.npy").string(), m_model->main());
    ASSERT_TRUE(dataset) << dataset.error().message();
    EXPECT_EQ((*dataset)->sampleCount(), 2u);
}

TEST_F(OpenDatasetTest, anotherShapeIsRefusedWithBoth)
{
    EXPECT_EQ(refusal(openNpz({{"x", npyOf<float>("<f4", "(2, 3)", {0, 1, 2, 3, 4, 5})}})),
              "d.npz:x: the dataset does not fit the model: expected samples of shape 1x4 for x, got an array of 2x3");
}

TEST_F(OpenDatasetTest, noSamplesAreRefused)
{
    EXPECT_EQ(refusal(openNpz({{"x", npyOf<float>("<f4", "(0, 4)", {})}})), "d.npz:x: the dataset does not fit the model: expected at least one sample, got none");
}

TEST_F(OpenDatasetTest, valuesThatAreNotFiniteAreRefusedWithTheirPlace)
{
    constexpr float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
    EXPECT_EQ(refusal(openNpz({{"x", npyOf<float>("<f4", "(2, 4)", {0, 1, 2, 3, 4, 5, nan, 7})}})),
              "d.npz:x: the dataset holds values that are not finite at sample 1, element 2: NaN");
    EXPECT_EQ(refusal(openNpz({{"x", npyOf<float>("<f4", "(1, 4)", {-inf, 1, 2, 3})}})), "d.npz:x: the dataset holds values that are not finite at sample 0, element 0: -infinity");
    EXPECT_NE(refusal(openNpz({{"x", npyOf<double>("<f8", "(1, 4)", {1e300, 1, 2, 3})}})), ""); // infinite as float32
}

TEST_F(OpenDatasetTest, pickledArraysAreRefusedEvenAsLabels)
{
    const Bytes pickled = npyOf("|O", "(2,)", toBytes("\x80\x04K\x01."));
    for (const auto &dataset : {openNpz({{"x", pickled}}), openNpz({{"x", m_x}, {"y", pickled}})}) {
        ASSERT_FALSE(dataset);
        EXPECT_EQ(dataset.error().code, ErrorCode::DatasetPickled);
    }
}

TEST_F(OpenDatasetTest, otherFilesAreNoDataset)
{
    writeFile(m_folder / "d.npz", "some text that is no archive");
    EXPECT_EQ(refusal(openDataset((m_folder / "d.npz").string(), m_model->main())), "d.npz: the content is of no known format: expected a dataset as .npz, .npy or .h5");
    writeFile(m_folder / "empty", "");
    EXPECT_NE(refusal(openDataset((m_folder / "empty").string(), m_model->main())), "");
    EXPECT_NE(refusal(openDataset(m_folder.path().string(), m_model->main())), "");
    EXPECT_NE(refusal(openDataset("/nowhere.npz", m_model->main())), "");
}

TEST_F(OpenDatasetTest, inputsOfSeveralAreFoundByNameOrPosition)
{
    TfliteBuilder builder;
    const auto a = builder.tensor({.name = "serving_default_image:0", .shape = {1, 2}});
    const auto b = builder.tensor({.name = "state", .shape = {1, 3}});
    const auto c = builder.tensor({.name = "c", .shape = {1, 5}});
    builder.op(fbs::BuiltinOperator::CONCATENATION, {a, b}, {c}, fbs::ConcatenationOptionsT{});
    m_model = *readTflite(share(builder.ends({a, b}, {c}).bytes()), "two.tflite");
    const Bytes image = npyOf<float>("<f4", "(2, 2)", {0, 1, 2, 3}), state = npyOf<float>("<f4", "(2, 3)", {0, 1, 2, 3, 4, 5});
    EXPECT_EQ(refusal(openNpz({{"image", image}, {"state", state}})), "");
    EXPECT_EQ(refusal(openNpz({{"serving_default_image:0", image}, {"state", state}})), "");
    EXPECT_EQ(refusal(openNpz({{"in1", state}, {"in0", image}})), "");
    EXPECT_EQ(refusal(openNpz({{"x", image}})),
              "d.npz: the dataset does not fit the model: expected arrays named serving_default_image:0, state or image, state or in0, in1, got x");
    EXPECT_NE(refusal(openNpz({{"image", image}, {"state", npyOf<float>("<f4", "(1, 3)", {0, 1, 2})}})), "");
}

TEST_F(OpenDatasetTest, randomSamplesAreStandardNormal)
{
    const auto dataset = openDataset("random:2000:7", m_model->main());
    ASSERT_TRUE(dataset) << dataset.error().message();
    double sum = 0.0, squares = 0.0, largest = 0.0;
    std::vector<float> sample(4);
    for (std::size_t i = 0; i < (*dataset)->sampleCount(); ++i) {
        ASSERT_TRUE((*dataset)->read(i, 0, sample));
        for (const float x : sample) {
            sum += x;
            squares += double{x} * x;
            largest = std::max(largest, std::abs(double{x}));
        }
    }
    EXPECT_NEAR(sum / 8000, 0.0, 0.04);
    EXPECT_NEAR(squares / 8000, 1.0, 0.06);
    EXPECT_GT(largest, 3.0);
    EXPECT_EQ((*dataset)->description(), "random, 2000 samples of standard normal values, seed 7");
}

TEST_F(OpenDatasetTest, aRandomSampleDependsOnSeedAndNumberOnly)
{
    std::vector<float> few(4), many(4), other(4);
    ASSERT_TRUE((*openDataset("random:4", m_model->main()))->read(3, 0, few));
    ASSERT_TRUE((*openDataset("random:400:1", m_model->main()))->read(3, 0, many));
    ASSERT_TRUE((*openDataset("random:4:2", m_model->main()))->read(3, 0, other));
    EXPECT_EQ(few, many);
    EXPECT_NE(few, other);
}

/// The values of today: reports on random data stay comparable.
TEST_F(OpenDatasetTest, randomValuesNeverChange)
{
    std::vector<float> sample(4);
    ASSERT_TRUE((*openDataset("random:1:1", m_model->main()))->read(0, 0, sample));
    EXPECT_EQ(sample, (std::vector{-0x1.6db1c6p+0f, 0x1.99a0fcp-2f, 0x1.6ee11p-1f, -0x1.c6fb5ep-1f}));
}

TEST_F(OpenDatasetTest, randomNeedsACount)
{
    for (const char *spec : {"random:", "random:0", "random:x", "random:5:", "random:5:x", "random:-1", "random:5 ", "random:999999999999"}) {
        const auto dataset = openDataset(spec, m_model->main());
        ASSERT_FALSE(dataset) << spec;
        EXPECT_EQ(dataset.error().code, ErrorCode::Usage);
    }
}

TEST(OpenDataset, theSharedDebugSamplesFitTheirModel)
{
    QL_SKIP_WITHOUT_ARCHIVE("spoken_digits_debug.npz");
    const auto archive = ZipArchive::open(sharedArchive("spoken_digits_plain.mltk.zip"));
    ASSERT_TRUE(archive) << archive.error().message();
    const auto model = readTflite(*archive->read("spoken_digits_plain.tflite"), "spoken_digits_plain.tflite");
    ASSERT_TRUE(model) << model.error().message();
    const auto dataset = openDataset(sharedArchive("spoken_digits_debug.npz").string(), (*model)->main());
    ASSERT_TRUE(dataset) << dataset.error().message();
    EXPECT_EQ((*dataset)->sampleCount(), 100u);
    EXPECT_EQ((*dataset)->labels().size(), 100u);
    std::vector<float> sample((*dataset)->elementCount(0));
    EXPECT_TRUE((*dataset)->read(99, 0, sample));
}

} // namespace
} // namespace quantloupe::test
