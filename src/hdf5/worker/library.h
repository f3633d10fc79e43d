// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "hdf5/worker/handle.h"

#include <string>

namespace quantloupe {

/// No plugin from a folder, no message on a terminal.
bool quietLibrary();

/// Something in the file that libhdf5 cannot make sense of, in its own words.
tl::unexpected<Error> broken(const std::string &path);
/// Something that no honest file has, or that leads out of the file.
tl::unexpected<Error> unsafe(const std::string &path, std::string expected, std::string got);

} // namespace quantloupe
