// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npy.h"

#include "base/aligned_buffer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <new>

namespace quantloupe {
namespace {

static_assert(std::endian::native == std::endian::little);

void swapBytes(std::span<std::byte> elements, std::size_t size)
{
    for (std::size_t i = 0; i + size <= elements.size(); i += size)
        std::ranges::reverse(elements.subspan(i, size));
}

/// IEEE 754 binary16; every value is exact in float32.
float fromHalf(std::uint16_t bits)
{
    const int exponent = (bits >> 10) & 0x1f;
    const auto fraction = static_cast<float>(bits & 0x3ff);
    float magnitude = 0.0f;
    if (exponent == 0x1f)
        magnitude = fraction == 0.0f ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
    else if (exponent == 0)
        magnitude = std::ldexp(fraction, -24);
    else
        magnitude = std::ldexp(fraction + 1024.0f, exponent - 25);
    return bits & 0x8000 ? -magnitude : magnitude;
}

template <typename T> void toReal(std::span<const std::byte> bytes, std::span<float> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        T value;
        std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
        out[i] = static_cast<float>(value);
    }
}

void halvesToReal(std::span<const std::byte> bytes, std::span<float> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::uint16_t bits;
        std::memcpy(&bits, bytes.data() + i * sizeof bits, sizeof bits);
        out[i] = fromHalf(bits);
    }
}

void toReal(DataType type, std::span<const std::byte> bytes, std::span<float> out)
{
    switch (type) {
    case DataType::Bool:
    case DataType::UInt8: return toReal<std::uint8_t>(bytes, out);
    case DataType::Int8: return toReal<std::int8_t>(bytes, out);
    case DataType::Int16: return toReal<std::int16_t>(bytes, out);
    case DataType::Int32: return toReal<std::int32_t>(bytes, out);
    case DataType::Int64: return toReal<std::int64_t>(bytes, out);
    case DataType::UInt16: return toReal<std::uint16_t>(bytes, out);
    case DataType::UInt32: return toReal<std::uint32_t>(bytes, out);
    case DataType::UInt64: return toReal<std::uint64_t>(bytes, out);
    case DataType::Float16: return halvesToReal(bytes, out);
    case DataType::Float64: return toReal<double>(bytes, out);
    default: return toReal<float>(bytes, out);
    }
}

/// From first axis fastest to last axis fastest.
SharedBytes toCOrder(const SharedBytes &fortran, const NpyHeader &header)
{
    const std::size_t size = elementSize(header.type);
    auto buffer = std::make_shared<AlignedBuffer>(fortran.size());
    std::vector<std::uint64_t> index(header.shape.size());
    std::vector<std::size_t> stride(header.shape.size());
    std::size_t product = size;
    for (std::size_t axis = 0; axis < stride.size(); ++axis) {
        stride[axis] = product;
        product *= static_cast<std::size_t>(header.shape[axis]);
    }
    std::size_t from = 0;
    for (std::size_t to = 0; to < fortran.size(); to += size) {
        std::memcpy(buffer->data() + to, fortran.data() + from, size);
        for (std::size_t axis = index.size(); axis-- > 0;) { // count up in C order
            from += stride[axis];
            if (++index[axis] < header.shape[axis])
                break;
            from -= stride[axis] * static_cast<std::size_t>(header.shape[axis]);
            index[axis] = 0;
        }
    }
    return {buffer, {buffer->data(), buffer->size()}};
}

} // namespace

bool looksLikeNpy(std::span<const std::byte> bytes)
{
    return bytes.size() >= 6 && std::memcmp(bytes.data(), "\x93NUMPY", 6) == 0;
}

Result<NpyArray> NpyArray::open(const std::filesystem::path &path)
{
    QL_TRY(File file, File::open(path));
    std::vector<std::byte> start(static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), kNpyHeaderLimit)));
    QL_CHECK(file.read(0, start));
    auto header = readNpyHeader(start, file.size());
    if (!header)
        return fail(header.error().inFile(path.string()));
    if (header->isFortranOrder) {
        QL_TRY(const SharedBytes bytes, readWhole(path));
        return fromBytes(bytes, path.string());
    }
    NpyArray array;
    array.m_header = std::move(*header);
    array.m_file = path.string();
    array.m_source = std::make_shared<const File>(std::move(file));
    return array;
}

Result<NpyArray> NpyArray::fromBytes(const SharedBytes &bytes, const std::string &file)
{
    auto header = readNpyHeader(bytes.bytes.first(std::min(bytes.size(), kNpyHeaderLimit)), bytes.size());
    if (!header)
        return fail(header.error().inFile(file));
    NpyArray array;
    array.m_header = std::move(*header);
    array.m_file = file;
    array.m_elements = {bytes.owner, bytes.bytes.subspan(static_cast<std::size_t>(array.m_header.dataOffset))};
    try {
        if (array.m_header.isFortranOrder)
            array.m_elements = toCOrder(array.m_elements, array.m_header);
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::FileTooLarge, {.file = file, .got = "no memory for its elements"});
    }
    return array;
}

Result<NpyArray> NpyArray::fromElements(DataType type, std::vector<std::uint64_t> shape, SharedBytes elements, const std::string &file)
{
    NpyArray array;
    array.m_header.type = type;
    array.m_header.shape = std::move(shape);
    array.m_file = file;
    array.m_elements = std::move(elements);
    if (array.m_elements.size() != array.m_header.elementCount() * elementSize(type))
        return fail(ErrorCode::DatasetDamaged, {.file = file, .expected = fmt::format("{} elements", array.m_header.elementCount()), .got = fmt::format("{} bytes", array.m_elements.size())});
    return array;
}

Result<void> NpyArray::readBytes(std::uint64_t first, std::span<std::byte> out) const
{
    const std::size_t size = elementSize(type());
    if (m_source) {
        QL_CHECK(m_source->read(m_header.dataOffset + first * size, out));
    } else if (!out.empty())
        std::memcpy(out.data(), m_elements.data() + first * size, out.size());
    if (m_header.isBigEndian)
        swapBytes(out, size);
    return {};
}

Result<void> NpyArray::readReal(std::uint64_t first, std::span<float> out) const
{
    if (type() == DataType::Float32)
        return readBytes(first, std::as_writable_bytes(out));
    std::vector<std::byte> bytes(out.size() * elementSize(type()));
    QL_CHECK(readBytes(first, bytes));
    toReal(type(), bytes, out);
    return {};
}

} // namespace quantloupe
