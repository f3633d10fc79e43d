// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every .tflite of the real archives against what the reference kernels made of it, on every intermediate tensor.
#include "archive/zip_archive.h"
#include "formats/tflite.h"
#include "support/golden.h"
#include "support/paths.h"

#include <algorithm>
#include <cctype>
#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

Result<std::shared_ptr<const Model>> modelOf(const golden::Case &golden)
{
    const auto slash = golden.name.find('/');
    QL_TRY(auto archive, ZipArchive::open(test::sharedArchivesFolder() / golden.name.substr(0, slash)));
    QL_TRY(const auto bytes, archive.read(golden.name.substr(slash + 1)));
    return readTflite(bytes, golden.name);
}

std::vector<std::filesystem::path> containers()
{
    std::vector<std::filesystem::path> paths;
    for (const auto &entry : std::filesystem::directory_iterator(golden::directory() / "archives"))
        paths.push_back(entry.path());
    std::ranges::sort(paths);
    return paths;
}

class Archives : public testing::TestWithParam<std::filesystem::path> { };

} // namespace

TEST_P(Archives, equalTheReferencesOnEveryTensor)
{
    const auto cases = golden::readContainer(GetParam());
    ASSERT_TRUE(cases) << cases.error().message();
    for (const golden::Case &golden : *cases) {
        const auto model = modelOf(golden);
        if (!model && model.error().code == ErrorCode::FileNotReadable)
            GTEST_SKIP() << model.error().message();
        ASSERT_TRUE(model) << model.error().message();
        for (const golden::Expectation &expectation : golden.expectations) {
            if (!expectation.refusal) {
                EXPECT_EQ(golden::differences(golden, expectation, *model), "") << name(expectation.profile);
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(shared, Archives, testing::ValuesIn(containers()), [](const auto &instance) {
    std::string text = instance.param.stem().string();
    std::ranges::replace_if(text, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
    return text;
});
