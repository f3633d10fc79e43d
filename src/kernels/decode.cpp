// SPDX-License-Identifier: GPL-3.0-or-later
//
// TFLM_DECODE: constants that TensorFlow Lite Micro stores compressed and unpacks before the operator that reads them. Each
// output has two inputs: its encoded bytes, and ancillary bytes that start with 16 of description. Semantics of
// tensorflow/lite/micro/kernels/decode_state_{lut,prune,huffman}.cc; which axis has channels follows from the output's
// quantization alone (the description also names one; the package's kernels do not read it).
#include "kernels/kernel.h"

#include <array>
#include <fmt/format.h>
#include <memory>

namespace quantloupe {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kDescriptionBytes = 16;
enum Coding : std::uint8_t { kTable = 0, kHuffman = 1, kPruned = 2 };

/// Bits from the most significant of each byte on. Bits behind the end are 0: a table is asked for more than a code has.
class BitReader {
public:
    explicit BitReader(Bytes bytes) : m_bytes(bytes) {}

    std::size_t position() const { return m_position; }
    std::size_t size() const { return m_bytes.size() * 8; }
    std::uint32_t take(std::size_t count)
    {
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < count; ++i, ++m_position)
            bits = bits << 1 | (m_position < size() ? m_bytes[m_position / 8] >> (7 - m_position % 8) & 1u : 0u);
        return bits;
    }
    void putBack(std::size_t count) { m_position -= count; }

private:
    Bytes m_bytes;
    std::size_t m_position = 0;
};

/// One compressed tensor, and where its elements go.
struct Decoding {
    const PrepareContext &context;
    std::size_t output;
    Bytes encoded;
    Bytes description; ///< the 16 bytes that every coding has
    Bytes tables;      ///< what follows them
    std::size_t count = 0;
    std::size_t elementBytes = 0;
    std::size_t channels = 1;
    bool isLastAxis = false;
    std::vector<std::byte> elements;

    tl::unexpected<Error> wrong(std::string expected, std::string got) const { return fail(context.invalid(std::move(expected), std::move(got))); }
    std::size_t channel(std::size_t element) const { return isLastAxis ? element % channels : element / (count / channels); }
    void write(std::size_t element, const void *value) { std::memcpy(elements.data() + element * elementBytes, value, elementBytes); }

    Result<void> findChannels();
    Result<void> requireBits(std::size_t bits) const;
    Result<void> lookUp();
    Result<void> fillPruned();
    template <typename Entry> Result<void> followCodes();
};

Result<void> Decoding::findChannels()
{
    const QuantParams &quant = context.output(output).quant();
    const Shape &shape = context.output(output).shape;
    if (!quant.isQuantized())
        return {};
    channels = quant.scales.size();
    isLastAxis = channels > 1 && quant.axis == static_cast<std::int32_t>(shape.rank()) - 1;
    if (!isLastAxis && quant.axis != 0)
        return fail(context.unsupported("channels along the first or the last axis", fmt::format("axis {}", quant.axis)));
    if (channels > count || count % channels != 0)
        return wrong(fmt::format("a number of elements that {} channels divide", channels), fmt::format("{}", count));
    return {};
}

Result<void> Decoding::requireBits(std::size_t bits) const
{
    if (encoded.size() < (count * bits + 7) / 8)
        return wrong(fmt::format("{} encoded bytes", (count * bits + 7) / 8), fmt::format("{}", encoded.size()));
    return {};
}

/// Every element is an index into the values of its channel.
Result<void> Decoding::lookUp()
{
    const std::size_t bits = description[5] & 7u;
    const std::size_t stride = description[6];
    if (bits == 0)
        return wrong("indices of 1 to 7 bits", "0");
    QL_CHECK(findChannels());
    QL_CHECK(requireBits(bits));
    elements.resize(count * elementBytes);
    BitReader indices(encoded);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t place = (channel(i) * stride + indices.take(bits)) * elementBytes;
        if (place + elementBytes > tables.size())
            return wrong(fmt::format("at least {} bytes of values", place + elementBytes), fmt::format("{}", tables.size()));
        write(i, tables.data() + place);
    }
    return {};
}

/// One bit an element: the next value, or the zero point.
Result<void> Decoding::fillPruned()
{
    QL_CHECK(findChannels());
    const OperandDesc &described = context.output(output);
    const std::vector<std::int64_t> &zeroPoints = described.quant().zeroPoints;
    const bool isInt8 = described.type() == DataType::Int8;
    for (const std::int64_t zeroPoint : zeroPoints)
        if (!isInt8 && zeroPoint != 0)
            return fail(context.unsupported("a zero point of 0 for other types than int8", fmt::format("{}", zeroPoint)));
    QL_CHECK(requireBits(1));
    elements.resize(count * elementBytes);
    BitReader mask(encoded);
    std::size_t next = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (mask.take(1) == 0) {
            if (isInt8 && !zeroPoints.empty())
                elements[i] = static_cast<std::byte>(zeroPoints[channels > 1 ? channel(i) : 0]);
            continue;
        }
        if (next + elementBytes > tables.size())
            return wrong(fmt::format("at least {} bytes of values", next + elementBytes), fmt::format("{}", tables.size()));
        write(i, tables.data() + next);
        next += elementBytes;
    }
    return {};
}

/// Codes that lead through tables: an entry is a value (highest bit set) with the number of bits its code has in this
/// table, or where the next table lies with the number of bits that index it, less one. Entries are of 16 or 32 bits:
/// one, four, and the rest.
template <typename Entry> Result<void> Decoding::followCodes()
{
    constexpr std::size_t kValueBits = sizeof(Entry) * 8 - 5;
    constexpr Entry kIsValue = static_cast<Entry>(Entry{1} << (sizeof(Entry) * 8 - 1));
    const std::size_t firstBits = (description[5] >> 4) + 1u;
    if (encoded.size() * 8 < count) // every code has a bit at least
        return wrong(fmt::format("{} encoded bytes or more", (count + 7) / 8), fmt::format("{}", encoded.size()));
    elements.resize(count * elementBytes);
    BitReader codes(encoded);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t start = codes.position();
        std::size_t bits = firstBits;
        std::size_t place = 0;
        Entry entry = 0;
        for (;;) {
            place += codes.take(bits);
            if ((place + 1) * sizeof(Entry) > tables.size())
                return wrong(fmt::format("a table of at least {} entries", place + 1), fmt::format("{}", tables.size() / sizeof(Entry)));
            std::memcpy(&entry, tables.data() + place * sizeof(Entry), sizeof(Entry));
            const std::size_t counted = entry >> kValueBits & 15u;
            if (entry & kIsValue) {
                if (bits > counted)
                    codes.putBack(bits - counted);
                break;
            }
            if (codes.position() > codes.size())
                return wrong("codes that end within the encoded bytes", "a code that goes on");
            bits = counted + 1;
            place += entry & ((Entry{1} << kValueBits) - 1u);
        }
        if (codes.position() == start || codes.position() > codes.size())
            return wrong("codes of one bit or more within the encoded bytes", fmt::format("one of {} bits at bit {} of {}", codes.position() - start, start, codes.size()));
        const auto value = static_cast<std::int16_t>(static_cast<std::uint16_t>(entry)); // an int8 takes its low byte
        write(i, &value);
    }
    return {};
}

Result<std::vector<std::byte>> decoded(const PrepareContext &context, std::size_t output)
{
    const OperandDesc &described = context.output(output);
    QL_TRY(const Bytes encoded, context.values<std::uint8_t>(2 * output));
    QL_TRY(const Bytes ancillary, context.values<std::uint8_t>(2 * output + 1));
    Decoding decoding{.context = context, .output = output, .encoded = encoded, .description = {}, .tables = {}, .elements = {}};
    if (ancillary.size() < kDescriptionBytes)
        return decoding.wrong(fmt::format("an ancillary tensor of {} bytes or more", kDescriptionBytes), fmt::format("{}", ancillary.size()));
    decoding.description = ancillary.first(kDescriptionBytes);
    decoding.tables = ancillary.subspan(kDescriptionBytes);
    decoding.count = static_cast<std::size_t>(described.elementCount());
    decoding.elementBytes = elementSize(described.type());
    const std::uint8_t coding = ancillary[0];
    if (ancillary[1] != 1 || ancillary[4] != 1)
        return fail(context.unsupported("version 1 of the coding", fmt::format("versions {} and {}", ancillary[1], ancillary[4])));
    constexpr std::array kTypes{DataType::Bool, DataType::Float32, DataType::Int8, DataType::Int16, DataType::Int32, DataType::Int64};
    if (std::ranges::find(kTypes, described.type()) == kTypes.end())
        return fail(context.unsupported("bool, float32, int8, int16, int32 or int64", context.typesText()));
    const bool hasWideEntries = ancillary[5] & 1u;
    if (coding == kHuffman && described.type() != DataType::Int8 && !(described.type() == DataType::Int16 && hasWideEntries))
        return fail(context.unsupported("int8, or int16 with entries of 32 bits, for Huffman codes", context.typesText()));
    switch (coding) {
    case kTable: QL_CHECK(decoding.lookUp()); break;
    case kPruned: QL_CHECK(decoding.fillPruned()); break;
    case kHuffman: QL_CHECK(hasWideEntries ? decoding.followCodes<std::uint32_t>() : decoding.followCodes<std::uint16_t>()); break;
    default: return fail(context.unsupported("a coding by table, Huffman or pruning", fmt::format("coding {}", coding)));
    }
    return std::move(decoding.elements);
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    const std::size_t outputs = context.outputCount();
    if (outputs == 0)
        return fail(context.invalid("an output", "none"));
    QL_CHECK(context.requireOperands(2 * outputs, 2 * outputs, outputs));
    std::vector<std::vector<std::byte>> values;
    for (std::size_t i = 0; i < outputs; ++i) {
        QL_TRY(auto elements, decoded(context, i));
        values.push_back(std::move(elements));
    }
    return [values = std::move(values)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t i = 0; i < values.size(); ++i)
                std::ranges::copy(values[i], run.output<std::byte>(i, sample));
        });
    };
}

} // namespace

extern const OperatorKernel decode_kernel{"TFLM_DECODE", prepare, kFloat32 | kInt8 | kInt16 | kInt32 | kInt64 | kBool};

} // namespace quantloupe
