// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keras models and what the converter made of them (goldens: tests/oracle/keras_pairs.py).
#include "debugger/keras_pair.h"

#include "archive/zip_archive.h"
#include "formats/tflite.h"
#include "support/paths.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace quantloupe {
namespace {

struct Networks {
    ZipArchive archive;

    std::vector<std::string> names() const
    {
        std::vector<std::string> names;
        for (const ZipEntry &entry : archive.entries())
            if (entry.name.ends_with(".h5"))
                names.push_back(entry.name.substr(0, entry.name.size() - 3));
        return names;
    }
    KerasFile keras(const std::string &name) const { return *readKerasFile(*archive.read(name + ".h5"), name + ".h5"); }
    std::shared_ptr<const Model> quantized(const std::string &name) const { return *readTflite(*archive.read(name + ".tflite"), name + ".tflite"); }
};

Networks networks()
{
    return {*ZipArchive::open(test::sourceFolder() / "tests/goldens/keras/pairs.zip")};
}

std::string unpaired(const KerasPair &pair, const Model &quantized)
{
    std::string text;
    for (std::size_t i = 0; i < quantized.main().operators.size(); ++i)
        if (!isConversion(quantized.main().operators[i]) && !pair.pairing.operators[i].floatOperator.isValid())
            text += fmt::format("{}: {}\n", placeOf(quantized.main(), OperatorIndex(i)), pair.pairing.operators[i].whyUnpaired);
    return text;
}

bool hasFinding(const KerasPair &pair, std::string_view id)
{
    return std::ranges::find(pair.findings, id, &Finding::id) != pair.findings.end();
}

} // namespace

TEST(KerasPair, everyOperatorOfEveryNetworkIsPaired)
{
    const Networks all = networks();
    EXPECT_GE(all.names().size(), 20u);
    for (const std::string &name : all.names()) {
        SCOPED_TRACE(name);
        const auto quantized = all.quantized(name);
        const auto pair = pairKeras(all.keras(name), quantized);
        ASSERT_TRUE(pair) << pair.error().message();
        EXPECT_EQ(unpaired(*pair, *quantized), "");
        EXPECT_EQ(kindOf(*pair->floatModel), ModelKind::Float);
        EXPECT_FALSE(hasFinding(*pair, "keras-unpaired"));
    }
}

TEST(KerasPair, floatTensorsHaveTheNamesOfTheirLayers)
{
    const Networks all = networks();
    const auto pair = pairKeras(all.keras("keyword_spotting"), all.quantized("keyword_spotting"));
    ASSERT_TRUE(pair) << pair.error().message();
    std::string names;
    for (const Operator &op : pair->floatModel->main().operators)
        names += op.name + " " + pair->floatModel->main().tensor(op.outputs.front()).name + "\n";
    EXPECT_EQ(names, "CONV_2D activation\nDEPTHWISE_CONV_2D activation_1\nCONV_2D activation_2\nMEAN global_average_pooling2d\nFULLY_CONNECTED dense/BiasAdd\nSOFTMAX dense\n");
}

TEST(KerasPair, aLambdaIsInferredAndSaidToBe)
{
    const Networks all = networks();
    for (const char *const name : {"siamese", "lstm"}) {
        const auto pair = pairKeras(all.keras(name), all.quantized(name));
        ASSERT_TRUE(pair) << pair.error().message();
        EXPECT_TRUE(hasFinding(*pair, "keras-layer-inferred")) << name;
    }
}

TEST(KerasPair, otherWeightsAreAnotherNetwork)
{
    const Networks all = networks();
    KerasFile other = all.keras("mobilenet_v1");
    for (KerasLayerWeights &layer : other.layers) {
        for (KerasWeight &weight : layer.weights) {
            if (weight.shape.rank() < 2)
                continue;
            auto values = std::make_shared<std::vector<std::byte>>(weight.bytes.bytes.begin(), weight.bytes.bytes.end());
            for (std::size_t i = 0; i + sizeof(float) <= values->size(); i += 2 * sizeof(float)) {
                const float replaced = 0.3f;
                std::memcpy(values->data() + i, &replaced, sizeof replaced);
            }
            weight.bytes = SharedBytes(values);
        }
    }
    const auto pair = pairKeras(other, all.quantized("mobilenet_v1"));
    ASSERT_FALSE(pair);
    EXPECT_EQ(pair.error().code, ErrorCode::ModelsDiffer);
    EXPECT_NE(pair.error().message().find("of 6 operators found"), std::string::npos) << pair.error().message();
}

TEST(KerasPair, otherInputsAreAnotherNetwork)
{
    const Networks all = networks();
    const auto pair = pairKeras(all.keras("mobilenet_v1"), all.quantized("resnet_v1"));
    ASSERT_FALSE(pair);
    EXPECT_EQ(pair.error().code, ErrorCode::ModelsDiffer);
}

TEST(KerasPair, anotherOrderOfLayersIsNotTakenForTheSame)
{
    // The weights are all there, but the Keras model has another activation: what follows it is not paired.
    const Networks all = networks();
    KerasFile other = all.keras("conv1d");
    const std::size_t at = other.config.find("\"activation\": \"softmax\"");
    ASSERT_NE(at, std::string::npos);
    other.config.replace(at, 23, "\"activation\": \"sigmoid\"");
    const auto quantized = all.quantized("conv1d");
    const auto pair = pairKeras(other, quantized);
    ASSERT_TRUE(pair) << pair.error().message();
    EXPECT_TRUE(hasFinding(*pair, "keras-unpaired"));
    EXPECT_NE(unpaired(*pair, *quantized).find("SOFTMAX"), std::string::npos);
    EXPECT_EQ(unpaired(*pair, *quantized).find("CONV_2D"), std::string::npos);
}

} // namespace quantloupe
