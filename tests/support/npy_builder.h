// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/tflite_builder.h"
#include "support/zip_builder.h"

#include <string>
#include <vector>

namespace quantloupe::test {

/// A .npy with any header text: for headers that NumPy would not write.
inline Bytes npyWithHeader(const std::string &dictionary, const Bytes &elements, char version = 1)
{
    std::string text = std::string("\x93NUMPY", 6) + version + '\0';
    const std::string padded = dictionary + "\n";
    const std::size_t lengthBytes = version == 1 ? 2 : 4;
    for (std::size_t i = 0; i < lengthBytes; ++i)
        text += static_cast<char>(padded.size() >> (8 * i));
    Bytes bytes = toBytes(text + padded);
    bytes.insert(bytes.end(), elements.begin(), elements.end());
    return bytes;
}

/// A .npy as NumPy writes it: descr "<f4", shape "(2, 3)".
inline Bytes npyOf(const std::string &descr, const std::string &shape, const Bytes &elements, bool isFortran = false)
{
    return npyWithHeader("{'descr': '" + descr + "', 'fortran_order': " + (isFortran ? "True" : "False") + ", 'shape': " + shape + ", }", elements);
}

template <typename T> Bytes npyOf(const std::string &descr, const std::string &shape, const std::vector<T> &elements)
{
    return npyOf(descr, shape, bytesOfValues(elements));
}

} // namespace quantloupe::test
