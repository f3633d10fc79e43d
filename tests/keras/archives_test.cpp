// SPDX-License-Identifier: GPL-3.0-or-later
//
// The .h5 of real archives, layer by layer (goldens: tests/oracle/keras_archives.py).
#include "archive/zip_archive.h"
#include "dataset/npy.h"
#include "formats/tflite.h"
#include "interpreter/interpreter.h"
#include "keras/lower.h"
#include "support/paths.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace quantloupe {
namespace {

constexpr float kInputStep = 1.0f / 32.0f;

struct Array {
    std::string name;
    std::vector<std::uint64_t> shape;
    std::vector<float> values;
};

std::vector<Array> arraysOf(const ZipArchive &goldens, const std::string &entry)
{
    std::vector<Array> arrays;
    const auto bytes = goldens.read(entry);
    const auto npz = ZipArchive::open(*bytes, entry);
    for (const ZipEntry &array : npz->entries()) {
        const auto npy = NpyArray::fromBytes(*npz->read(array.name), array.name);
        std::size_t count = 1;
        for (const std::uint64_t dim : npy->shape())
            count *= dim;
        arrays.push_back({array.name.substr(0, array.name.rfind('.')), {npy->shape().begin(), npy->shape().end()}, std::vector<float>(count)});
        EXPECT_TRUE(npy->readReal(0, arrays.back().values));
    }
    return arrays;
}

SharedBytes entryEndingIn(const ZipArchive &archive, std::string_view suffix)
{
    for (const ZipEntry &entry : archive.entries())
        if (entry.name.ends_with(suffix) && !entry.name.ends_with(".float32.tflite"))
            return *archive.read(entry.name);
    return {};
}

/// row: largest magnitude, norm, then pairs of element and value
std::string difference(std::span<const float> row, std::span<const float> got)
{
    const float largest = row[0];
    double norm = 0.0;
    for (const float value : got)
        norm += static_cast<double>(value) * value;
    if (std::abs(std::sqrt(norm) - row[1]) > 1e-5 * row[1])
        return fmt::format("norm: expected {}, got {}", row[1], std::sqrt(norm));
    for (std::size_t i = 2; i + 1 < row.size(); i += 2)
        if (const auto element = static_cast<std::size_t>(row[i]); element >= got.size() || !(std::abs(got[element] - row[i + 1]) <= 1e-5f * largest))
            return fmt::format("element {}: expected {}, got {} (largest magnitude {})", element, row[i + 1], element < got.size() ? got[element] : NAN, largest);
    return {};
}

std::string differences(const ZipArchive &archive, const std::vector<Array> &golden)
{
    const auto file = readKerasFile(entryEndingIn(archive, ".h5"), archive.file());
    if (!file)
        return file.error().message();
    const auto quantized = readTflite(entryEndingIn(archive, ".tflite"), archive.file());
    const auto keras = lowerKeras(*file, quantized ? quantized->get() : nullptr);
    if (!keras)
        return keras.error().message();
    const auto prepared = PreparedModel::prepare(keras->model, KernelProfile::Litert, 1);
    if (!prepared)
        return prepared.error().message();
    Interpreter interpreter(*prepared);
    const auto input = std::ranges::find(golden, "in0", &Array::name);
    const std::size_t samples = input->shape[0];
    const std::size_t elements = input->values.size() / samples;
    std::string text;
    for (std::size_t sample = 0; sample < samples; ++sample) {
        std::vector<float> values(input->values.begin() + static_cast<std::ptrdiff_t>(sample * elements), input->values.begin() + static_cast<std::ptrdiff_t>((sample + 1) * elements));
        for (float &value : values)
            value *= kInputStep;
        if (interpreter.input(0).size() != values.size() * sizeof(float))
            return "another input";
        std::memcpy(interpreter.input(0).data(), values.data(), values.size() * sizeof(float));
        interpreter.resetState();
        if (const auto done = interpreter.invoke(1); !done)
            return done.error().message();
        for (const Array &array : golden) {
            if (!array.name.starts_with("out/"))
                continue;
            const auto layer = std::ranges::find(keras->layers, array.name.substr(4), &LoweredLayer::name);
            if (layer == keras->layers.end() || !layer->outputs.front().isValid()) {
                text += fmt::format("{}: not lowered\n", array.name);
                continue;
            }
            const auto bytes = interpreter.bytes(layer->outputs.front());
            std::vector<float> got(bytes.size() / sizeof(float));
            std::memcpy(got.data(), bytes.data(), bytes.size());
            const std::size_t row = array.values.size() / samples;
            if (const std::string found = difference(std::span(array.values).subspan(sample * row, row), got); !found.empty())
                text += fmt::format("{}, sample {}: {}\n", array.name, sample, found);
        }
    }
    return text;
}

} // namespace

TEST(KerasArchives, giveEveryLayersOutputAsKeras)
{
    const auto goldens = ZipArchive::open(test::sourceFolder() / "tests/goldens/keras/archives.zip");
    ASSERT_TRUE(goldens) << goldens.error().message();
    std::size_t compared = 0;
    for (const ZipEntry &entry : goldens->entries()) {
        const auto path = test::sharedArchivesFolder() / (entry.name.substr(0, entry.name.rfind('.')) + ".mltk.zip");
        if (!std::filesystem::exists(path))
            continue;
        const auto archive = ZipArchive::open(path);
        ASSERT_TRUE(archive) << archive.error().message();
        EXPECT_EQ(differences(*archive, arraysOf(*goldens, entry.name)), "") << entry.name;
        ++compared;
    }
    if (compared == 0)
        GTEST_SKIP() << "no archives in " << test::sharedArchivesFolder();
}

} // namespace quantloupe
