// SPDX-License-Identifier: GPL-3.0-or-later
//
// Models with bytes changed at random, from reading to running: whatever happens must be an error, never a crash. The
// seeds are the goldens' models, so that every operator is met. QUANTLOUPE_MUTANTS sets how many of each are tried.
#include "formats/tflite.h"
#include "interpreter/interpreter.h"
#include "support/bytes.h"
#include "support/golden.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <random>

namespace quantloupe::test {
namespace {

std::size_t mutantsEach()
{
    const char *wanted = std::getenv("QUANTLOUPE_MUTANTS");
    return wanted ? std::strtoul(wanted, nullptr, 10) : 6;
}

bool isTooLargeForATest(const PreparedModel &model)
{
    for (std::size_t i = 0; i < model.graph().tensors.size(); ++i)
        if (model.tensor(TensorIndex(i)).shape.elementCount() > 1 << 20)
            return true;
    return false;
}

void run(const std::shared_ptr<const Model> &model, KernelProfile profile, std::mt19937 &random)
{
    const auto prepared = PreparedModel::prepare(model, profile, 2);
    if (!prepared || isTooLargeForATest(**prepared))
        return;
    Interpreter interpreter(*prepared);
    for (std::size_t i = 0; i < model->main().inputs.size(); ++i)
        for (std::size_t sample = 0; sample < (*prepared)->maxBatch(); ++sample)
            for (std::byte &byte : interpreter.input(i, sample))
                byte = model->main().tensor(model->main().inputs[i]).type == DataType::Bool ? std::byte{1} : static_cast<std::byte>(random());
    (void)interpreter.invoke((*prepared)->maxBatch());
}

/// Bytes that matter most in a small file: near its start lie the tables, and numbers break things at their limits.
void mutate(std::vector<std::byte> &bytes, std::mt19937 &random)
{
    constexpr unsigned kLimits[] = {0x00, 0x01, 0x02, 0x7f, 0x80, 0xff};
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
        const std::size_t at = random() % bytes.size();
        bytes[at] = static_cast<std::byte>(random() % 2 ? kLimits[random() % std::size(kLimits)] : random());
    }
}

TEST(brokenModels, neverCrash)
{
    std::vector<std::filesystem::path> seeds;
    for (const auto &entry : std::filesystem::directory_iterator(golden::directory()))
        if (entry.path().extension() == ".zip")
            seeds.push_back(entry.path());
    std::ranges::sort(seeds);
    ASSERT_FALSE(seeds.empty());
    std::mt19937 random(1);
    std::size_t opened = 0;
    for (const auto &seed : seeds) {
        const auto cases = golden::readContainer(seed);
        ASSERT_TRUE(cases) << cases.error().message();
        for (std::size_t i = 0; i < mutantsEach(); ++i) {
            const golden::Case &original = (*cases)[random() % cases->size()];
            if (original.model.empty())
                continue;
            const auto mutantSeed = random();
            SCOPED_TRACE(seed.filename().string() + ", " + original.name + ", seed " + std::to_string(mutantSeed));
            if (std::getenv("QUANTLOUPE_MUTANTS"))
                std::fprintf(stderr, "%s %s %lu\n", seed.filename().c_str(), original.name.c_str(), mutantSeed);
            std::mt19937 own(mutantSeed);
            std::vector<std::byte> bytes = original.model;
            mutate(bytes, own);
            const auto model = readTflite(share(bytes), original.name);
            if (!model)
                continue;
            ++opened;
            run(*model, static_cast<KernelProfile>(own() % 3), own);
        }
    }
    EXPECT_GT(opened, 0u);
}

} // namespace
} // namespace quantloupe::test
