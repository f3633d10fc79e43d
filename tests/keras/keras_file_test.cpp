// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/keras_file.h"

#include "base/half.h"
#include "support/hdf5_builder.h"
#include "support/zip_builder.h"

#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

namespace quantloupe::test {
namespace {

std::filesystem::path dataFile(const std::string &name)
{
    return sourceFolder() / "tests/data/keras" / name;
}

std::string wholeText(const std::filesystem::path &path)
{
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

double sumOf(const KerasWeight &weight)
{
    EXPECT_EQ(weight.type, DataType::Float32);
    double sum = 0.0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(weight.shape.elementCount()); ++i) {
        float value = 0.0f;
        std::memcpy(&value, weight.bytes.data() + i * sizeof value, sizeof value);
        sum += value;
    }
    return sum;
}

/// As tests/oracle/keras_files.py writes it.
std::string textOf(const KerasFile &file)
{
    std::string text;
    for (const KerasLayerWeights &layer : file.layers)
        for (const KerasWeight &weight : layer.weights)
            text += fmt::format("{} {} {} {:.6f}\n", layer.layer, weight.path, weight.shape.text(), sumOf(weight));
    return text;
}

constexpr const char *kConfig = R"({"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "Dense", "config": {"name": "d"}}]}})";

/// A model of one layer as .h5, before anything is done to it.
void addModel(Hdf5Builder &builder)
{
    builder.floats("/model_weights/d/d/kernel:0", {2, 1}, {1, 2});
    builder.text("/", "model_config", kConfig);
    builder.text("/", "keras_version", "2.9.0");
    builder.texts("/model_weights", "layer_names", {"d"});
    builder.texts("/model_weights/d", "weight_names", {"d/kernel:0"});
}

std::string refusal(const Bytes &bytes)
{
    const auto file = readKerasFile(bytes, "m.h5");
    EXPECT_FALSE(file);
    return file ? "" : file.error().message();
}

Bytes kerasZip(const std::string &config, const Bytes &weights)
{
    return zipOf({{.name = "metadata.json", .data = toBytes(R"({"keras_version": "3.3.3"})")}, {.name = "config.json", .data = toBytes(config)}, {.name = "model.weights.h5", .data = weights}});
}

} // namespace

class KerasFileOf : public testing::TestWithParam<const char *> {};

TEST_P(KerasFileOf, holdsWhatTheModelSaysItsWeightsAre)
{
    const auto file = readKerasFile(readFile(dataFile(GetParam())), GetParam());
    ASSERT_TRUE(file) << file.error().message();
    EXPECT_EQ(textOf(*file), wholeText(dataFile(std::string(GetParam()) + ".txt")));
    EXPECT_EQ(file->file, GetParam());
    EXPECT_TRUE(file->config.starts_with("{"));
    EXPECT_EQ(file->kerasVersion, std::string(GetParam()).starts_with("keras3") ? "3.15.1" : "2.16.0");
}

INSTANTIATE_TEST_SUITE_P(EveryForm, KerasFileOf, testing::Values("keras3.h5", "keras3.keras", "tf_keras.h5", "tf_keras.keras"),
                         [](const auto &form) { std::string name = form.param; std::replace(name.begin(), name.end(), '.', '_'); return name; });

TEST(KerasFile, weightsMayLieAtTheRootAndListsInParts)
{
    Hdf5Builder builder;
    builder.floats("/d/d/kernel:0", {2}, {1, 2});
    builder.floats("/d/d/bias:0", {1}, {3});
    builder.floats("/e/w", {1}, {4});
    builder.text("/", "model_config", kConfig);
    builder.texts("/", "layer_names0", {"d"});
    builder.fixedTexts("/", "layer_names1", {"e"});
    builder.fixedTexts("/d", "weight_names0", {"d/kernel:0"});
    builder.texts("/d", "weight_names1", {"d/bias:0"});
    builder.texts("/e", "weight_names", {"w"});
    const auto file = readKerasFile(builder.bytes(), "m.h5");
    ASSERT_TRUE(file) << file.error().message();
    EXPECT_EQ(textOf(*file), "d d/d/kernel:0 2 3.000000\nd d/d/bias:0 1 3.000000\ne e/w 1 4.000000\n");
    EXPECT_EQ(file->format, KerasFormat::H5);
    EXPECT_TRUE(file->weightsOf("e"));
    EXPECT_FALSE(file->weightsOf("f"));
}

TEST(KerasFile, optimizerStateIsNotRead)
{
    Hdf5Builder builder;
    addModel(builder);
    builder.emptyArray("/optimizer_weights/huge", {1ull << 40}, H5T_IEEE_F32LE, builder.properties({.chunk = {8}}));
    EXPECT_TRUE(readKerasFile(builder.bytes(), "m.h5"));
}

TEST(KerasFile, whatIsNoWholeModelIsNamed)
{
    Hdf5Builder other;
    other.floats("/x", {1}, {1});
    EXPECT_EQ(refusal(other.bytes()), "m.h5: the content is of no known format: expected a whole Keras model, saved with model.save(), got an HDF5 file without model_config");
    Hdf5Builder weights;
    weights.group("/d");
    weights.texts("/", "layer_names", {"d"});
    EXPECT_EQ(refusal(weights.bytes()), "m.h5: the content is of no known format: expected a whole Keras model, saved with model.save(), got only its weights");
    EXPECT_EQ(refusal(toBytes("neither")), "m.h5: the content is of no known format: expected a Keras model as .h5 or .keras");
}

TEST(KerasFile, aWeightThatIsListedButMissingIsNamed)
{
    Hdf5Builder builder;
    addModel(builder);
    builder.group("/model_weights/e");
    builder.texts("/model_weights/e", "weight_names", {"gone"});
    builder.texts("/model_weights", "layer_names1", {"x"}); // not looked at: layer_names is whole
    H5Adelete_by_name(builder.file(), "/model_weights", "layer_names", H5P_DEFAULT);
    builder.texts("/model_weights", "layer_names", {"d", "e"});
    EXPECT_EQ(refusal(builder.bytes()), "m.h5: the model file is damaged at /model_weights/e/gone: expected an array, got nothing there");
}

TEST(KerasFile, aLayerOrWeightListedTwiceIsRefused)
{
    Hdf5Builder layers;
    addModel(layers);
    H5Adelete_by_name(layers.file(), "/model_weights", "layer_names", H5P_DEFAULT);
    layers.texts("/model_weights", "layer_names", {"d", "d"});
    EXPECT_EQ(refusal(layers.bytes()), "m.h5: the model file is damaged at /model_weights: the layer d is listed twice");
    Hdf5Builder weights;
    addModel(weights);
    H5Adelete_by_name(weights.file(), "/model_weights/d", "weight_names", H5P_DEFAULT);
    weights.texts("/model_weights/d", "weight_names", {"d/kernel:0", "d/kernel:0"});
    EXPECT_EQ(refusal(weights.bytes()), "m.h5: the model file is damaged at /model_weights/d: the weight d/kernel:0 is listed twice");
}

TEST(KerasFile, aWeightThatIsNoNumberIsRefused)
{
    Hdf5Builder builder;
    addModel(builder);
    builder.group("/model_weights/e");
    const hid_t opaque = H5Tcreate(H5T_OPAQUE, 2);
    builder.emptyArray("/model_weights/d/v", {2}, opaque, builder.properties({}));
    H5Tclose(opaque);
    H5Adelete_by_name(builder.file(), "/model_weights/d", "weight_names", H5P_DEFAULT);
    builder.texts("/model_weights/d", "weight_names", {"v"});
    EXPECT_EQ(refusal(builder.bytes()), "m.h5: the model file is damaged at /model_weights/d/v: expected numbers, got opaque bytes");
}

TEST(KerasFile, aConfigurationNestedWithoutEndIsRefused)
{
    Hdf5Builder builder;
    builder.group("/model_weights");
    builder.text("/", "model_config", std::string(100'000, '['));
    EXPECT_EQ(refusal(builder.bytes()), "m.h5: the model file is damaged: expected a configuration no deeper than 512, got a deeper one");
    EXPECT_NE(refusal(kerasZip(std::string(100'000, '{'), {})).find("m.h5:config.json: the model file is damaged: expected a configuration no deeper"), std::string::npos);
}

TEST(KerasFile, layersOfAKerasArchiveAreCountedByTheirClass)
{
    Hdf5Builder builder;
    builder.floats("/layers/dense/vars/0", {1}, {1});
    builder.floats("/layers/dense_1/vars/10", {1}, {5});
    builder.floats("/layers/dense_1/vars/9", {1}, {4});
    builder.floats("/layers/conv2d_transpose/vars/0", {1}, {3});
    const std::string config = R"({"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"name": "first"}},
        {"class_name": "Conv2DTranspose", "config": {"name": "up"}}, {"class_name": "Dense", "config": {"name": "second"}}]}})";
    const auto file = readKerasFile(kerasZip(config, builder.bytes()), "m.keras");
    ASSERT_TRUE(file) << file.error().message();
    EXPECT_EQ(textOf(*file), "first first/0 1 1.000000\nup up/0 1 3.000000\nsecond second/9 1 4.000000\nsecond second/10 1 5.000000\n");
    EXPECT_EQ(file->kerasVersion, "3.3.3");
    EXPECT_EQ(file->format, KerasFormat::Keras);
}

TEST(KerasFile, theOlderNameOfTheListOfLayersIsKnown)
{
    Hdf5Builder builder;
    builder.floats("/_layer_checkpoint_dependencies/dense/vars/0", {1}, {1});
    builder.floats("/layers/dense/vars/0", {1}, {2});
    const auto file = readKerasFile(kerasZip(kConfig, builder.bytes()), "m.keras");
    ASSERT_TRUE(file) << file.error().message();
    EXPECT_EQ(textOf(*file), "d d/0 1 1.000000\n");
}

TEST(KerasFile, aKerasArchiveWithADamagedPartIsRefused)
{
    Hdf5Builder builder;
    builder.group("/layers");
    const Bytes weights = builder.bytes();
    EXPECT_EQ(refusal(kerasZip("no json", weights)), "m.h5:config.json: the model file is damaged: expected a JSON object, got no JSON");
    EXPECT_EQ(refusal(kerasZip("[]", weights)), "m.h5:config.json: the model file is damaged: expected a JSON object, got something else");
    EXPECT_TRUE(refusal(kerasZip(kConfig, Bytes(weights.begin(), weights.begin() + 100))).starts_with("m.h5:model.weights.h5: the model file is damaged"));
    for (const char *odd : {"{}", R"({"config": 1})", R"({"config": {"layers": 1}})", R"({"config": {"layers": [1, null, {"class_name": 2}, {"config": {"name": []}}]}})"})
        EXPECT_TRUE(readKerasFile(kerasZip(odd, weights), "m.keras")) << odd;
}

} // namespace quantloupe::test
