// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dataset/npy.h"

#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// A file of arrays that have names. One thread at a time.
class ArraySource {
public:
    virtual ~ArraySource() = default;

    virtual const std::string &file() const = 0;
    /// In the file's order.
    virtual std::vector<std::string> names() const = 0;
    virtual bool contains(std::string_view name) const = 0;
    virtual Result<NpyArray> array(std::string_view name) const = 0;
};

} // namespace quantloupe
