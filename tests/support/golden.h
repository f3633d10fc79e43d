// SPDX-License-Identifier: GPL-3.0-or-later
//
// Golden containers (tests/oracle/README.md): models with inputs, and every tensor the reference kernels made of them.
#pragma once

#include "base/index.h"
#include "base/result.h"
#include "graph/model.h"
#include "kernels/profile.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace quantloupe::golden {

struct SampledFloat {
    std::uint64_t element; ///< over samples * elements
    float value;
};

struct ExpectedTensor {
    TensorIndex tensor;
    std::size_t bytesPerSample = 0;
    std::vector<std::byte> raw;          ///< all samples; or
    std::optional<std::uint64_t> hash;   ///< FNV-1a 64 of them; or
    std::vector<SampledFloat> sampled;   ///< some elements
    float sampledMaxAbs = 0.0f;
};

struct Expectation {
    KernelProfile profile;
    std::optional<std::string> refusal; ///< the reference does not run this model
    std::vector<ExpectedTensor> tensors;
};

struct InputSamples {
    TensorIndex tensor;
    std::size_t bytesPerSample = 0;
    std::vector<std::byte> bytes;
};

struct Case {
    std::string name;
    std::vector<std::byte> model; ///< empty: the name says where the model lies
    bool isCarry = false;
    std::size_t samples = 0;
    std::vector<InputSamples> inputs;
    std::vector<Expectation> expectations;
};

Result<std::vector<Case>> readContainer(const std::filesystem::path &path);

/// Runs a case for one of its expectations and says what differs, one line a tensor; empty when all is equal: integers
/// to the bit, floats within 1e-5 of the tensor's largest magnitude.
std::string differences(const Case &golden, const Expectation &expectation, std::shared_ptr<const Model> model);
std::string differences(const Case &golden, const Expectation &expectation);

/// Counts over a container for one profile.
struct Verdict {
    std::size_t equal = 0;
    std::size_t different = 0;
    std::size_t refused = 0; ///< by the reference
    std::string text;        ///< the first differences
};
Verdict judge(const std::vector<Case> &cases, KernelProfile profile);

/// tests/goldens in the source tree.
std::filesystem::path directory();

} // namespace quantloupe::golden

/// One test per profile over tests/goldens/<op>.zip.
#define QL_GOLDEN_TESTS(op)                                                                                            \
    TEST(op, equalsLitertReference) { quantloupe::golden::expectEqual(#op, quantloupe::KernelProfile::Litert); }           \
    TEST(op, equalsTfliteRuntime214) { quantloupe::golden::expectEqual(#op, quantloupe::KernelProfile::Tflite214); }       \
    TEST(op, equalsTflm) { quantloupe::golden::expectEqual(#op, quantloupe::KernelProfile::Tflm); }

namespace quantloupe::golden {
/// gtest expectations for one container.
void expectEqual(const std::string &container, KernelProfile profile);
}
