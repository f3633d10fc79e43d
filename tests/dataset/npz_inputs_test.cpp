// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npz_inputs.h"

#include "formats/tflite.h"
#include "support/npy_builder.h"
#include "support/temporary_folder.h"

namespace quantloupe::test {
namespace {

/// x [1, 4] int8, as smallQuantizedModel().
class NpzInputsTest : public testing::Test {
protected:
    Result<NpzInputs> open(const std::string &name, const Bytes &npy)
    {
        writeFile(m_folder / "in.npz", zipOf({{.name = name + ".npy", .data = npy}}));
        return NpzInputs::open(m_folder / "in.npz", m_model->main());
    }
    std::string refusal(const std::string &name, const Bytes &npy)
    {
        const auto inputs = open(name, npy);
        const std::string text = inputs ? "" : inputs.error().message();
        return text.starts_with(m_folder.path().string() + "/") ? text.substr(m_folder.path().string().size() + 1) : text;
    }

    TemporaryFolder m_folder;
    std::shared_ptr<const Model> m_model = *readTflite(share(smallQuantizedModel().bytes()), "small.tflite");
    Bytes m_codes = bytesOfValues<std::int8_t>({1, 2, 3, 4, -5, -6, -7, -8});
};

TEST_F(NpzInputsTest, samplesAreReadByNameOrPosition)
{
    for (const char *name : {"x", "in0"}) {
        const auto inputs = open(name, npyOf("|i1", "(2, 4)", m_codes));
        ASSERT_TRUE(inputs) << inputs.error().message();
        EXPECT_EQ(inputs->sampleCount(), 2u);
        Bytes sample(inputs->byteCount(0));
        ASSERT_TRUE(inputs->read(1, 0, 0, sample));
        EXPECT_EQ(sample, bytesOfValues<std::int8_t>({-5, -6, -7, -8}));
    }
}

TEST_F(NpzInputsTest, theBatchAxisMayStay)
{
    EXPECT_EQ(refusal("x", npyOf("|i1", "(2, 1, 4)", m_codes)), "");
}

TEST_F(NpzInputsTest, anotherTypeIsRefused)
{
    EXPECT_EQ(refusal("x", npyOf("|u1", "(2, 4)", m_codes)), "in.npz:x: the dataset does not fit the model: expected int8 for x, got uint8");
}

TEST_F(NpzInputsTest, anotherShapeIsRefused)
{
    EXPECT_EQ(refusal("x", npyOf("|i1", "(4, 2)", m_codes)), "in.npz:x: the dataset does not fit the model: expected samples of shape 1x4 for x, got an array of 4x2");
    EXPECT_NE(refusal("x", npyOf("|i1", "(8,)", m_codes)), "");
}

TEST_F(NpzInputsTest, anArrayOfAnotherNameIsRefused)
{
    EXPECT_EQ(refusal("image", npyOf("|i1", "(2, 4)", m_codes)), "in.npz: the dataset does not fit the model: expected arrays named x or in0, got image");
}

} // namespace
} // namespace quantloupe::test
