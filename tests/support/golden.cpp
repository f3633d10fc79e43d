// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/paths.h"

#include "archive/zip_archive.h"
#include "formats/tflite.h"
#include "interpreter/interpreter.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace quantloupe::golden {
namespace {

/// Reads the container's little-endian fields; throws nothing: goldens are our own files, a short one is our bug.
class Cursor {
public:
    explicit Cursor(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    bool atEnd() const { return m_bytes.empty(); }
    std::span<const std::byte> take(std::size_t count)
    {
        const auto taken = m_bytes.first(count);
        m_bytes = m_bytes.subspan(count);
        return taken;
    }
    template <typename T> T scalar()
    {
        T value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::vector<std::byte> bytes(std::size_t count)
    {
        const auto taken = take(count);
        return {taken.begin(), taken.end()};
    }
    std::string text()
    {
        const auto taken = take(scalar<std::uint32_t>());
        return {reinterpret_cast<const char *>(taken.data()), taken.size()};
    }

private:
    std::span<const std::byte> m_bytes;
};

ExpectedTensor readTensor(Cursor &in, std::size_t samples)
{
    enum Mode : std::uint8_t { Raw, Hash, Sampled };
    ExpectedTensor tensor;
    tensor.tensor = TensorIndex(static_cast<std::int32_t>(in.scalar<std::uint32_t>()));
    const auto mode = in.scalar<std::uint8_t>();
    tensor.bytesPerSample = in.scalar<std::uint32_t>();
    if (mode == Raw) {
        tensor.raw = in.bytes(samples * tensor.bytesPerSample);
    } else if (mode == Hash) {
        tensor.hash = in.scalar<std::uint64_t>();
    } else {
        tensor.sampledMaxAbs = in.scalar<float>();
        for (auto count = in.scalar<std::uint32_t>(); count > 0; --count) {
            const auto element = in.scalar<std::uint64_t>();
            tensor.sampled.push_back({element, in.scalar<float>()});
        }
    }
    return tensor;
}

Case readCase(Cursor &in)
{
    enum Status : std::uint8_t { Follows, Refused, AsLitert };
    Case golden;
    golden.name = in.text();
    golden.model = in.bytes(in.scalar<std::uint32_t>());
    golden.isCarry = in.scalar<std::uint8_t>() == 1;
    golden.samples = in.scalar<std::uint32_t>();
    for (auto inputs = in.scalar<std::uint32_t>(); inputs > 0; --inputs) {
        InputSamples input;
        input.tensor = TensorIndex(static_cast<std::int32_t>(in.scalar<std::uint32_t>()));
        input.bytesPerSample = in.scalar<std::uint32_t>();
        input.bytes = in.bytes(golden.samples * input.bytesPerSample);
        golden.inputs.push_back(std::move(input));
    }
    for (auto profiles = in.scalar<std::uint32_t>(); profiles > 0; --profiles) {
        Expectation expectation{static_cast<KernelProfile>(in.scalar<std::uint8_t>()), {}, {}};
        const auto status = in.scalar<std::uint8_t>();
        if (status == Refused)
            expectation.refusal = in.text();
        else if (status == AsLitert)
            expectation.tensors = golden.expectations.front().tensors;
        else
            for (auto tensors = in.scalar<std::uint32_t>(); tensors > 0; --tensors)
                expectation.tensors.push_back(readTensor(in, golden.samples));
        golden.expectations.push_back(std::move(expectation));
    }
    return golden;
}

std::uint64_t fnv1a(std::span<const std::byte> bytes)
{
    std::uint64_t hash = 14695981039346656037ull;
    for (const std::byte byte : bytes)
        hash = (hash ^ static_cast<std::uint64_t>(byte)) * 1099511628211ull;
    return hash;
}

bool isNear(float expected, float got, float largest)
{
    return expected == got || (std::isnan(expected) && std::isnan(got)) || std::abs(expected - got) <= 1e-5f * largest;
}

std::string floatDifference(const ExpectedTensor &expected, std::span<const std::byte> got)
{
    const auto value = [](std::span<const std::byte> bytes, std::size_t i) {
        float x;
        std::memcpy(&x, bytes.data() + i * sizeof x, sizeof x);
        return x;
    };
    const std::size_t count = got.size() / sizeof(float);
    std::vector<SampledFloat> wanted = expected.sampled;
    float largest = expected.sampledMaxAbs;
    if (wanted.empty()) {
        for (std::size_t i = 0; i < count; ++i) {
            wanted.push_back({i, value(expected.raw, i)});
            if (std::isfinite(wanted.back().value))
                largest = std::max(largest, std::abs(wanted.back().value));
        }
    }
    for (const auto &[element, want] : wanted)
        if (!isNear(want, value(got, element), largest))
            return fmt::format("element {}: expected {}, got {} (largest magnitude {})", element, want, value(got, element), largest);
    return {};
}

std::string integerDifference(const ExpectedTensor &expected, std::span<const std::byte> got, std::size_t elementBytes)
{
    if (expected.hash)
        return *expected.hash == fnv1a(got) ? "" : "hash differs";
    const auto code = [&](std::span<const std::byte> bytes, std::size_t i) {
        std::int64_t x = 0;
        std::memcpy(&x, bytes.data() + i * elementBytes, elementBytes);
        const int unused = 64 - static_cast<int>(elementBytes) * 8;
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(x) << unused) >> unused;
    };
    std::size_t different = 0;
    std::string first;
    for (std::size_t i = 0; i < got.size() / elementBytes; ++i)
        if (code(expected.raw, i) != code(got, i) && different++ == 0)
            first = fmt::format("element {}: expected {}, got {}", i, code(expected.raw, i), code(got, i));
    return different == 0 ? "" : fmt::format("{} of {} differ, first {}", different, got.size() / elementBytes, first);
}

std::string compareTensor(const Case &golden, const ExpectedTensor &expected, const Subgraph &graph, std::span<const std::byte> got)
{
    const DataType type = graph.tensor(expected.tensor).type;
    if (got.size() != golden.samples * expected.bytesPerSample)
        return fmt::format("expected {} bytes, got {}", golden.samples * expected.bytesPerSample, got.size());
    return type == DataType::Float32 ? floatDifference(expected, got) : integerDifference(expected, got, elementSize(type));
}

/// Sets one batch of inputs. Inputs that are not model inputs cannot be set: a golden never has them.
void setInputs(const Case &golden, Interpreter &interpreter, std::size_t first, std::size_t batch)
{
    const auto &inputs = interpreter.model().graph().inputs;
    for (const InputSamples &samples : golden.inputs) {
        const auto position = static_cast<std::size_t>(std::ranges::find(inputs, samples.tensor) - inputs.begin());
        for (std::size_t b = 0; b < batch; ++b) {
            const auto place = interpreter.input(position, b);
            std::memcpy(place.data(), samples.bytes.data() + (first + b) * samples.bytesPerSample, std::min(place.size(), samples.bytesPerSample));
        }
    }
}

} // namespace

Result<std::vector<Case>> readContainer(const std::filesystem::path &path)
{
    QL_TRY(auto archive, ZipArchive::open(path));
    QL_TRY(const auto bytes, archive.read("cases.bin"));
    Cursor in(bytes);
    std::vector<Case> cases;
    while (!in.atEnd())
        cases.push_back(readCase(in));
    return cases;
}

std::string differences(const Case &golden, const Expectation &expectation, std::shared_ptr<const Model> model)
{
    constexpr std::size_t kBatch = 2; // more than one, and not always a divisor of the samples
    const Subgraph &graph = model->main();
    auto prepared = PreparedModel::prepare(model, expectation.profile, golden.isCarry ? 1 : kBatch);
    if (!prepared)
        return fmt::format("{}: {}\n", golden.name, prepared.error().message());
    Interpreter interpreter(*prepared);
    std::vector<std::vector<std::byte>> results(expectation.tensors.size());
    for (std::size_t first = 0; first < golden.samples;) {
        const std::size_t batch = std::min((*prepared)->maxBatch(), golden.samples - first);
        if (!golden.isCarry)
            interpreter.resetState();
        setInputs(golden, interpreter, first, batch);
        if (auto done = interpreter.invoke(batch); !done)
            return fmt::format("{}: {}\n", golden.name, done.error().message());
        for (std::size_t t = 0; t < results.size(); ++t)
            for (std::size_t b = 0; b < batch; ++b) {
                const auto bytes = interpreter.bytes(expectation.tensors[t].tensor, b);
                results[t].insert(results[t].end(), bytes.begin(), bytes.end());
            }
        first += batch;
    }
    std::string text;
    for (std::size_t t = 0; t < results.size(); ++t) {
        const ExpectedTensor &expected = expectation.tensors[t];
        for (std::size_t i = 0; i < graph.operators.size() && results[t].empty(); ++i)
            if (const auto &missing = (*prepared)->op(OperatorIndex(i)).missing; missing && std::ranges::count(graph.operators[i].outputs, expected.tensor))
                text += fmt::format("{}: {}\n", golden.name, missing->message());
        if (const std::string difference = compareTensor(golden, expected, graph, results[t]); !difference.empty())
            text += fmt::format("{}: {}: {}\n", golden.name, placeOf(graph, expected.tensor), difference);
    }
    return text;
}

std::string differences(const Case &golden, const Expectation &expectation)
{
    auto model = readTflite(std::make_shared<const std::vector<std::byte>>(golden.model), golden.name);
    return model ? differences(golden, expectation, *model) : model.error().message() + "\n";
}

Verdict judge(const std::vector<Case> &cases, KernelProfile profile)
{
    constexpr std::size_t kMostText = 4000;
    Verdict verdict;
    for (const Case &golden : cases) {
        for (const Expectation &expectation : golden.expectations) {
            if (expectation.profile != profile)
                continue;
            const std::string text = differences(golden, expectation); // what the reference refuses must not crash us either
            if (expectation.refusal) {
                ++verdict.refused;
            } else if (text.empty()) {
                ++verdict.equal;
            } else {
                ++verdict.different;
                if (verdict.text.size() < kMostText)
                    verdict.text += text;
            }
        }
    }
    return verdict;
}

std::filesystem::path directory()
{
    return test::sourceFolder() / "tests/goldens";
}

} // namespace quantloupe::golden
