// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/keras_golden.h"

#include "archive/zip_archive.h"
#include "dataset/npy.h"
#include "interpreter/interpreter.h"
#include "support/paths.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace quantloupe::golden {
namespace {

constexpr float kTolerance = 1e-5f;

Result<KerasCase> readCase(const ZipArchive &archive, const std::string &entry)
{
    KerasCase golden;
    golden.name = entry;
    QL_TRY(const SharedBytes model, archive.read(entry));
    QL_TRY(golden.file, readKerasFile(model, entry));
    QL_TRY(const SharedBytes arrays, archive.read(entry.substr(0, entry.rfind('.')) + ".npz"));
    QL_TRY(const ZipArchive npz, ZipArchive::open(arrays, entry));
    for (const ZipEntry &array : npz.entries()) {
        QL_TRY(const SharedBytes bytes, npz.read(array.name));
        QL_TRY(const NpyArray npy, NpyArray::fromBytes(bytes, array.name));
        std::uint64_t elements = 1;
        for (const std::uint64_t dim : npy.shape())
            elements *= dim;
        KerasCase::Array read{array.name.substr(0, array.name.rfind('.')), 0, std::vector<float>(elements)};
        QL_CHECK(npy.readReal(0, read.values));
        if (read.name.starts_with("out/")) {
            read.name.erase(0, 4);
            golden.outputs.push_back(std::move(read));
        } else {
            golden.samples = npy.shape()[0];
            golden.inputs.push_back(std::move(read));
        }
    }
    for (auto *const all : {&golden.inputs, &golden.outputs})
        for (KerasCase::Array &array : *all)
            array.perSample = array.values.size() / golden.samples;
    std::ranges::sort(golden.inputs, {}, &KerasCase::Array::name);
    return golden;
}

void setInput(std::span<std::byte> place, DataType type, const float *values)
{
    if (type == DataType::Int32)
        for (std::size_t i = 0; i < place.size() / sizeof(std::int32_t); ++i) {
            const auto value = static_cast<std::int32_t>(values[i]);
            std::memcpy(place.data() + i * sizeof value, &value, sizeof value);
        }
    else
        std::memcpy(place.data(), values, place.size());
}

/// The tensor that a golden's name means, by the layers of the lowered model.
TensorIndex tensorOf(const LoweredKeras &keras, std::string name)
{
    std::size_t output = 0;
    if (const std::size_t colon = name.rfind(':'); colon != std::string::npos) {
        output = std::stoul(name.substr(colon + 1));
        name.resize(colon);
    }
    std::replace(name.begin(), name.end(), '@', ':');
    const auto layer = std::ranges::find(keras.layers, name, &LoweredLayer::name);
    return layer == keras.layers.end() || output >= layer->outputs.size() ? TensorIndex() : layer->outputs[output];
}

std::string difference(const KerasCase::Array &expected, const std::vector<float> &got)
{
    if (got.size() != expected.values.size())
        return fmt::format("expected {} elements, got {}", expected.values.size(), got.size());
    float largest = 0.0f;
    for (const float value : expected.values)
        largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < got.size(); ++i)
        if (!(std::abs(got[i] - expected.values[i]) <= kTolerance * largest))
            return fmt::format("element {}: expected {}, got {} (largest magnitude {})", i, expected.values[i], got[i], largest);
    return {};
}

} // namespace

Result<std::vector<KerasCase>> readKerasCases(const std::string &container)
{
    QL_TRY(const ZipArchive archive, ZipArchive::open(test::sourceFolder() / "tests/goldens/keras" / container));
    std::vector<KerasCase> cases;
    for (const ZipEntry &entry : archive.entries()) {
        if (entry.name.ends_with(".npz"))
            continue;
        QL_TRY(KerasCase golden, readCase(archive, entry.name));
        cases.push_back(std::move(golden));
    }
    return cases;
}

std::string differences(const KerasCase &golden)
{
    const auto lowered = lowerKeras(golden.file);
    if (!lowered)
        return lowered.error().message() + "\n";
    const auto prepared = PreparedModel::prepare(lowered->model, KernelProfile::Litert, 1);
    if (!prepared)
        return prepared.error().message() + "\n";
    std::string text;
    for (const UnknownLayer &layer : lowered->unknown)
        text += fmt::format("{}: {}: unknown: {}\n", golden.name, layer.name, layer.why);
    Interpreter interpreter(*prepared);
    std::vector<std::vector<float>> results(golden.outputs.size());
    const auto &inputs = lowered->model->main().inputs;
    if (inputs.size() != golden.inputs.size())
        return fmt::format("{}: expected {} inputs, got {}\n", golden.name, golden.inputs.size(), inputs.size());
    for (std::size_t sample = 0; sample < golden.samples; ++sample) {
        interpreter.resetState();
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const auto place = interpreter.input(i);
            if (place.size() != golden.inputs[i].perSample * sizeof(float))
                return fmt::format("{}: input {}: expected {} elements, got {}\n", golden.name, i, golden.inputs[i].perSample, place.size() / sizeof(float));
            setInput(place, lowered->model->main().tensor(inputs[i]).type, golden.inputs[i].values.data() + sample * golden.inputs[i].perSample);
        }
        if (auto done = interpreter.invoke(1); !done)
            return done.error().message() + "\n";
        for (std::size_t o = 0; o < results.size(); ++o) {
            const TensorIndex tensor = tensorOf(*lowered, golden.outputs[o].name);
            if (!tensor.isValid())
                continue;
            const auto bytes = interpreter.bytes(tensor);
            const std::size_t before = results[o].size();
            results[o].resize(before + bytes.size() / sizeof(float));
            std::memcpy(results[o].data() + before, bytes.data(), bytes.size());
        }
    }
    for (std::size_t i = 0; i < lowered->model->main().operators.size(); ++i)
        if (const auto &missing = (*prepared)->op(OperatorIndex(i)).missing)
            text += fmt::format("{}: {}\n", golden.name, missing->message());
    for (std::size_t o = 0; o < results.size(); ++o)
        if (const std::string found = difference(golden.outputs[o], results[o]); !found.empty())
            text += fmt::format("{}: layer {}: {}\n", golden.name, golden.outputs[o].name, found);
    return text;
}

void expectEqualLayers(const std::string &family)
{
    const auto cases = readKerasCases(family + ".zip");
    ASSERT_TRUE(cases) << cases.error().message();
    EXPECT_FALSE(cases->empty());
    for (const KerasCase &golden : *cases) {
        EXPECT_FALSE(golden.outputs.empty()) << golden.name;
        EXPECT_EQ(differences(golden), "") << golden.name;
    }
}

} // namespace quantloupe::golden
