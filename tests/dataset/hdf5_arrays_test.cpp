// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/dataset.h"

#include "formats/tflite.h"
#include "support/hdf5_builder.h"
#include "support/temporary_folder.h"
#include "support/tflite_builder.h"

#include <algorithm>

namespace quantloupe::test {
namespace {

class Hdf5DatasetTest : public testing::Test {
protected:
    Result<std::shared_ptr<const Dataset>> open(const Bytes &bytes)
    {
        writeFile(m_folder / "d.h5", bytes);
        return openDataset((m_folder / "d.h5").string(), m_model->main());
    }
    std::string refusal(const Result<std::shared_ptr<const Dataset>> &dataset)
    {
        EXPECT_FALSE(dataset);
        if (dataset)
            return {};
        const std::string text = dataset.error().message(), folder = m_folder.path().string() + "/";
        return text.starts_with(folder) ? text.substr(folder.size()) : text;
    }

    TemporaryFolder m_folder;
    Hdf5Builder m_builder;
    std::shared_ptr<const Model> m_model = *readTflite(share(smallFloatModel().bytes()), "small.tflite"); // x [1, 4]
    std::vector<float> m_x{0, 1, 2, 3, 4, 5, 6, 7};
};

TEST_F(Hdf5DatasetTest, samplesAndLabels)
{
    m_builder.array("/x", {2, 4}, m_x, H5T_NATIVE_FLOAT, H5T_STD_I16BE, {.chunk = {1, 4}, .gzip = 4});
    m_builder.array("/y", {2}, std::vector<float>{7, 3}, H5T_NATIVE_FLOAT, H5T_STD_I64LE);
    m_builder.floats("/other", {1}, {9});
    const auto dataset = open(m_builder.bytes());
    ASSERT_TRUE(dataset) << dataset.error().message();
    EXPECT_EQ((*dataset)->description(), "d.h5, 2 samples");
    EXPECT_TRUE(std::ranges::equal((*dataset)->labels(), std::vector<std::int64_t>{7, 3}));
    std::vector<float> sample(4);
    ASSERT_TRUE((*dataset)->read(1, 0, sample));
    EXPECT_EQ(sample, (std::vector{4.0f, 5.0f, 6.0f, 7.0f}));
}

TEST_F(Hdf5DatasetTest, theOnlyArrayNeedsNoName)
{
    m_builder.floats("/group/samples", {2, 4}, m_x);
    m_builder.array("/y", {2}, std::vector<float>{7, 3}, H5T_NATIVE_FLOAT, H5T_STD_I8LE);
    const auto dataset = open(m_builder.bytes());
    ASSERT_TRUE(dataset) << dataset.error().message();
    EXPECT_EQ((*dataset)->sampleCount(), 2u);
    EXPECT_EQ((*dataset)->labels().size(), 2u);
}

TEST_F(Hdf5DatasetTest, arraysOfOtherNamesAreListed)
{
    m_builder.floats("/a", {2, 4}, m_x);
    m_builder.floats("/b", {2, 4}, m_x);
    EXPECT_EQ(refusal(open(m_builder.bytes())), "d.h5: the dataset does not fit the model: expected arrays named x or in0, got a, b");
}

TEST_F(Hdf5DatasetTest, shapesThatDoNotFitAreRefused)
{
    m_builder.floats("/x", {4, 2}, m_x);
    EXPECT_EQ(refusal(open(m_builder.bytes())), "d.h5:x: the dataset does not fit the model: expected samples of shape 1x4 for x, got an array of 4x2");
}

TEST_F(Hdf5DatasetTest, whatIsNoNumberIsRefused)
{
    const hid_t opaque = H5Tcreate(H5T_OPAQUE, 2);
    m_builder.emptyArray("/x", {2, 4}, opaque, m_builder.properties({}));
    H5Tclose(opaque);
    EXPECT_EQ(refusal(open(m_builder.bytes())), "d.h5:x: the dataset's kind of array is not supported: expected numbers, got opaque bytes");
}

TEST_F(Hdf5DatasetTest, aDamagedFileIsADamagedDataset)
{
    m_builder.floats("/x", {2, 4}, m_x);
    Bytes bytes = m_builder.bytes();
    bytes.resize(bytes.size() / 2);
    EXPECT_TRUE(refusal(open(bytes)).starts_with("d.h5: the dataset is damaged at "));
}

TEST_F(Hdf5DatasetTest, aModelIsToldFromSamplesWithoutOpeningIt)
{
    m_builder.floats("/x", {2, 4}, m_x);
    writeFile(m_folder / "d.h5", m_builder.bytes());
    EXPECT_TRUE(holdsSamples(m_folder / "d.h5"));
    m_builder.text("/", "model_config", "{}");
    writeFile(m_folder / "m.h5", m_builder.bytes());
    EXPECT_FALSE(holdsSamples(m_folder / "m.h5"));
    writeFile(m_folder / "t.h5", "text");
    EXPECT_FALSE(holdsSamples(m_folder / "t.h5"));
    EXPECT_FALSE(holdsSamples(m_folder / "none.h5"));
    EXPECT_FALSE(holdsSamples(sourceFolder() / "tests/data/keras/keras3.h5"));
}

TEST_F(Hdf5DatasetTest, aModelIsNoDataset)
{
    m_builder.floats("/model_weights/d/kernel:0", {2, 3}, {1, 2, 3, 4, 5, 6});
    m_builder.floats("/model_weights/d/bias:0", {2}, {1, 2});
    EXPECT_TRUE(refusal(open(m_builder.bytes())).starts_with("d.h5: the dataset does not fit the model: expected arrays named x or in0, got model_weights/d/bias:0"));
}

} // namespace
} // namespace quantloupe::test
