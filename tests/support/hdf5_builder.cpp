// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/hdf5_builder.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe::test {
namespace {

hid_t variableText()
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

void writeAttribute(hid_t file, const std::string &object, const std::string &name, hid_t type, hid_t space, const void *values)
{
    const hid_t owner = H5Oopen(file, object.c_str(), H5P_DEFAULT);
    const hid_t attribute = H5Acreate2(owner, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (values)
        H5Awrite(attribute, type, values);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
    H5Oclose(owner);
}

} // namespace

Hdf5Builder::Hdf5Builder()
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, 1 << 16, false);
    m_file = H5Fcreate(fmt::format("in memory {}", static_cast<const void *>(this)).c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
    H5Pclose(access);
    m_intermediate = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(m_intermediate, 1);
}

Hdf5Builder::~Hdf5Builder()
{
    H5Pclose(m_intermediate);
    H5Fclose(m_file);
}

void Hdf5Builder::group(const std::string &path)
{
    H5Gclose(H5Gcreate2(m_file, path.c_str(), m_intermediate, H5P_DEFAULT, H5P_DEFAULT));
}

void Hdf5Builder::text(const std::string &object, const std::string &name, const std::string &value)
{
    const char *pointer = value.c_str();
    writeAttribute(m_file, object, name, variableText(), H5Screate(H5S_SCALAR), &pointer);
}

void Hdf5Builder::texts(const std::string &object, const std::string &name, const std::vector<std::string> &values)
{
    std::vector<const char *> pointers;
    for (const std::string &value : values)
        pointers.push_back(value.c_str());
    const hsize_t count = values.size();
    writeAttribute(m_file, object, name, variableText(), H5Screate_simple(1, &count, nullptr), values.empty() ? nullptr : pointers.data());
}

void Hdf5Builder::fixedTexts(const std::string &object, const std::string &name, const std::vector<std::string> &values)
{
    std::size_t width = 1;
    for (const std::string &value : values)
        width = std::max(width, value.size());
    std::string padded;
    for (const std::string &value : values)
        padded += value + std::string(width - value.size(), '\0');
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, width);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    const hsize_t count = values.size();
    writeAttribute(m_file, object, name, type, H5Screate_simple(1, &count, nullptr), padded.data());
}

hid_t Hdf5Builder::propertiesOf(const Storage &storage)
{
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (!storage.chunk.empty())
        H5Pset_chunk(properties, static_cast<int>(storage.chunk.size()), storage.chunk.data());
    if (storage.isShuffled)
        H5Pset_shuffle(properties);
    if (storage.gzip > 0)
        H5Pset_deflate(properties, static_cast<unsigned>(storage.gzip));
    return properties;
}

void Hdf5Builder::emptyArray(const std::string &path, const std::vector<hsize_t> &shape, hid_t fileType, hid_t properties)
{
    write(path, shape, nullptr, fileType, fileType, properties);
}

void Hdf5Builder::write(const std::string &path, const std::vector<hsize_t> &shape, const void *values, hid_t memoryType, hid_t fileType, hid_t properties)
{
    const hid_t space = shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t dataset = H5Dcreate2(m_file, path.c_str(), fileType, space, m_intermediate, properties, H5P_DEFAULT);
    if (values)
        H5Dwrite(dataset, memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Pclose(properties);
}

Bytes Hdf5Builder::bytes()
{
    H5Fflush(m_file, H5F_SCOPE_GLOBAL);
    Bytes image(static_cast<std::size_t>(H5Fget_file_image(m_file, nullptr, 0)));
    H5Fget_file_image(m_file, image.data(), image.size());
    return image;
}

} // namespace quantloupe::test
