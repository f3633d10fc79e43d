// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hdf5/hdf5_file.h"
#include "keras/keras_file.h"

#include <string>
#include <string_view>

namespace quantloupe {

inline constexpr std::string_view kKerasConfigEntry = "config.json";
inline constexpr std::string_view kKerasMetadataEntry = "metadata.json";
inline constexpr std::string_view kKerasWeightsEntry = "model.weights.h5";

Result<KerasFile> readKerasH5(std::span<const std::byte> bytes, const std::string &name);
Result<KerasFile> readKerasZip(std::span<const std::byte> bytes, const std::string &name);

/// Before a configuration is parsed: not larger and not nested deeper than any model's.
Result<void> checkConfig(std::string_view config, const std::string &name);

/// An array of an HDF5 file as a weight called `path`.
Result<KerasWeight> kerasWeight(const Hdf5File &file, const std::string &arrayPath, std::string path);

} // namespace quantloupe
