// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/bytes.h"

#include <cstdint>
#include <hdf5.h>
#include <initializer_list>
#include <string>
#include <vector>

namespace quantloupe::test {

/// Writes HDF5 files in memory, honest and hostile ones. Groups on the way to a path are made.
class Hdf5Builder {
public:
    Hdf5Builder();
    ~Hdf5Builder();
    Hdf5Builder(const Hdf5Builder &) = delete;
    Hdf5Builder &operator=(const Hdf5Builder &) = delete;

    /// How a dataset is stored.
    struct Storage {
        std::vector<hsize_t> chunk = {}; ///< empty: contiguous
        bool isShuffled = false;
        int gzip = 0; ///< level; 0 for none
    };

    void group(const std::string &path);
    /// One variable string, as Keras writes its configuration; with `texts` a list of them.
    void text(const std::string &object, const std::string &name, const std::string &value);
    void texts(const std::string &object, const std::string &name, const std::vector<std::string> &values);
    /// The same as strings of one length, as older versions of h5py wrote lists.
    void fixedTexts(const std::string &object, const std::string &name, const std::vector<std::string> &values);

    template <typename T> void array(const std::string &path, const std::vector<hsize_t> &shape, const std::vector<T> &values, hid_t memoryType, hid_t fileType, const Storage &storage = {})
    {
        write(path, shape, values.data(), memoryType, fileType, propertiesOf(storage));
    }
    void floats(const std::string &path, const std::vector<hsize_t> &shape, const std::vector<float> &values) { array(path, shape, values, H5T_NATIVE_FLOAT, H5T_IEEE_F32LE); }
    /// A dataset of given properties that nothing is written to.
    void emptyArray(const std::string &path, const std::vector<hsize_t> &shape, hid_t fileType, hid_t properties);

    hid_t file() const { return m_file; }
    hid_t properties(const Storage &storage) { return propertiesOf(storage); }
    /// The file as it would be on disk; the builder is used up.
    Bytes bytes();

private:
    hid_t propertiesOf(const Storage &storage);
    void write(const std::string &path, const std::vector<hsize_t> &shape, const void *values, hid_t memoryType, hid_t fileType, hid_t properties);

    hid_t m_file;
    hid_t m_intermediate; ///< link creation: make the groups on the way
};

} // namespace quantloupe::test
