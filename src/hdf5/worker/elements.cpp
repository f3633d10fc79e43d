// SPDX-License-Identifier: GPL-3.0-or-later
#include "hdf5/worker/elements.h"

#include "hdf5/wire.h"
#include "hdf5/worker/library.h"

#include <array>
#include <cstring>

namespace quantloupe {
namespace {

/// IEEE half precision, which this library has no name for: a bit of sign, 5 of exponent with bias 15, 10 of mantissa.
Handle halfType(hid_t order)
{
    Handle type(H5Tcopy(order), H5Tclose);
    if (type)
        if (H5Tset_fields(type, 15, 10, 5, 0, 10) < 0 || H5Tset_size(type, 2) < 0 || H5Tset_ebias(type, 15) < 0)
            return Handle(H5I_INVALID_HID, H5Tclose);
    return type;
}

/// h5py's bool: an enumeration of FALSE = 0 and TRUE = 1 in a byte.
bool isBool(hid_t type)
{
    if (H5Tget_class(type) != H5T_ENUM || H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2)
        return false;
    for (const auto &[name, expected] : {std::pair("FALSE", 0), std::pair("TRUE", 1)}) {
        std::int8_t value = -1;
        if (H5Tenum_valueof(type, name, &value) < 0 || value != expected)
            return false;
    }
    return true;
}

struct NumberType {
    DataType type;
    hid_t little;
    hid_t big;
    hid_t native;
};

/// The types that are read; none of the odd ones that the format can also describe.
std::array<NumberType, 10> numberTypes()
{
    return {{{DataType::Float32, H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_NATIVE_FLOAT},
             {DataType::Float64, H5T_IEEE_F64LE, H5T_IEEE_F64BE, H5T_NATIVE_DOUBLE},
             {DataType::Int8, H5T_STD_I8LE, H5T_STD_I8BE, H5T_NATIVE_INT8},
             {DataType::UInt8, H5T_STD_U8LE, H5T_STD_U8BE, H5T_NATIVE_UINT8},
             {DataType::Int16, H5T_STD_I16LE, H5T_STD_I16BE, H5T_NATIVE_INT16},
             {DataType::UInt16, H5T_STD_U16LE, H5T_STD_U16BE, H5T_NATIVE_UINT16},
             {DataType::Int32, H5T_STD_I32LE, H5T_STD_I32BE, H5T_NATIVE_INT32},
             {DataType::UInt32, H5T_STD_U32LE, H5T_STD_U32BE, H5T_NATIVE_UINT32},
             {DataType::Int64, H5T_STD_I64LE, H5T_STD_I64BE, H5T_NATIVE_INT64},
             {DataType::UInt64, H5T_STD_U64LE, H5T_STD_U64BE, H5T_NATIVE_UINT64}}};
}

std::optional<DataType> typeOf(hid_t type)
{
    const H5T_class_t kind = H5Tget_class(type);
    if (kind == H5T_ENUM)
        return isBool(type) ? std::optional(DataType::Bool) : std::nullopt;
    if (kind != H5T_INTEGER && kind != H5T_FLOAT)
        return std::nullopt;
    for (const NumberType &number : numberTypes())
        if (H5Tequal(type, number.little) > 0 || H5Tequal(type, number.big) > 0)
            return number.type;
    for (const hid_t order : {H5T_IEEE_F32LE, H5T_IEEE_F32BE})
        if (const Handle half = halfType(order); half && H5Tequal(type, half) > 0)
            return DataType::Float16;
    return std::nullopt;
}

std::string textOf(hid_t type)
{
    switch (H5Tget_class(type)) {
    case H5T_STRING: return "text";
    case H5T_COMPOUND: return "a compound";
    case H5T_REFERENCE: return "references";
    case H5T_ENUM: return "an enumeration";
    case H5T_VLEN: return "lists";
    case H5T_ARRAY: return "arrays";
    case H5T_OPAQUE: return "opaque bytes";
    case H5T_INTEGER: return "integers of an odd kind";
    case H5T_FLOAT: return "floats of an odd kind";
    default: return "no numbers";
    }
}

Result<void> checkStorage(hid_t dataset, const std::string &path)
{
    const Handle properties(H5Dget_create_plist(dataset), H5Pclose);
    if (!properties)
        return broken(path);
    const H5D_layout_t layout = H5Pget_layout(properties);
    if (layout == H5D_VIRTUAL)
        return unsafe(path, "elements in the file itself", "a virtual dataset");
    if (layout != H5D_CHUNKED && layout != H5D_CONTIGUOUS && layout != H5D_COMPACT)
        return broken(path);
    const int external = H5Pget_external_count(properties);
    if (external != 0)
        return external < 0 ? broken(path) : unsafe(path, "elements in the file itself", "external storage");
    const int filters = H5Pget_nfilters(properties);
    if (filters < 0)
        return broken(path);
    for (unsigned i = 0; i < static_cast<unsigned>(filters); ++i) {
        std::size_t valueCount = 0;
        unsigned flags = 0;
        char name[64] = {};
        const H5Z_filter_t filter = H5Pget_filter2(properties, i, &flags, &valueCount, nullptr, sizeof name - 1, name, nullptr);
        if (filter < 0)
            return broken(path);
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
            return unsafe(path, "gzip, shuffle or fletcher32", "filter " + std::to_string(filter) + (name[0] ? std::string(" (") + name + ")" : ""));
    }
    return {};
}

/// What a contiguous dataset takes in the file: all of it, or nothing where it was never written. Other sizes have crashed
/// the library.
Result<void> checkSize(hid_t dataset, std::size_t bytes, const std::string &path)
{
    const Handle properties(H5Dget_create_plist(dataset), H5Pclose);
    if (!properties)
        return broken(path);
    if (H5Pget_layout(properties) == H5D_CHUNKED)
        return {};
    const hsize_t stored = H5Dget_storage_size(dataset);
    if (stored != 0 && stored != bytes)
        return fail(ErrorCode::ModelDamaged, {.place = path, .expected = std::to_string(bytes) + " bytes", .got = std::to_string(stored)});
    return {};
}

/// Where each element is read to: memory of this type.
Handle memoryType(hid_t fileType, DataType type)
{
    if (type == DataType::Bool)
        return Handle(H5Tcopy(fileType), H5Tclose);
    if (type == DataType::Float16)
        return halfType(H5T_NATIVE_FLOAT);
    for (const NumberType &number : numberTypes())
        if (number.type == type)
            return Handle(H5Tcopy(number.native), H5Tclose);
    return Handle(H5I_INVALID_HID, H5Tclose);
}

} // namespace

Result<ArrayHead> readArrayHead(hid_t dataset, const std::string &path)
{
    QL_CHECK(checkStorage(dataset, path));
    const Handle type(H5Dget_type(dataset), H5Tclose);
    const Handle space(H5Dget_space(dataset), H5Sclose);
    if (!type || !space)
        return broken(path);
    ArrayHead head;
    const H5S_class_t kind = H5Sget_simple_extent_type(space);
    if (kind == H5S_NULL) {
        head.typeText = "nothing";
        return head;
    }
    const int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0 || static_cast<unsigned>(rank) > wire::kMaxRank)
        return broken(path);
    std::array<hsize_t, wire::kMaxRank> dims{};
    if (rank > 0 && H5Sget_simple_extent_dims(space, dims.data(), nullptr) != rank)
        return broken(path);
    head.shape.assign(dims.begin(), dims.begin() + rank);
    head.type = typeOf(type);
    head.typeText = head.type ? std::string(name(*head.type)) : textOf(type);
    return head;
}

std::optional<std::uint64_t> byteCount(const ArrayHead &head, std::uint64_t limit)
{
    std::uint64_t bytes = head.type ? elementSize(*head.type) : 0;
    for (const std::uint64_t dim : head.shape) {
        if (dim == 0)
            return 0;
        if (bytes > limit / dim)
            return std::nullopt;
        bytes *= dim;
    }
    return bytes;
}

Result<void> readElements(hid_t dataset, DataType type, const std::string &path, std::span<std::byte> out)
{
    const Handle fileType(H5Dget_type(dataset), H5Tclose);
    if (!fileType)
        return broken(path);
    const Handle memory = memoryType(fileType, type);
    if (!memory || H5Tget_size(memory) != elementSize(type) || out.size() % elementSize(type) != 0)
        return broken(path);
    QL_CHECK(checkSize(dataset, out.size(), path));
    const Handle space(H5Dget_space(dataset), H5Sclose);
    if (!space || H5Sget_simple_extent_npoints(space) != static_cast<hssize_t>(out.size() / elementSize(type)))
        return broken(path);
    if (H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, out.data()) < 0)
        return broken(path);
    return {};
}

} // namespace quantloupe
