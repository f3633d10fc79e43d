// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/shared_bytes.h"
#include "graph/model.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace quantloupe {

/// By the file identifier "TFL3", not by the name.
bool looksLikeTflite(std::span<const std::byte> bytes);

/// Reads a .tflite. `file` is what messages call it. Constants point into `bytes` where these are aligned. Everything
/// graph/model.h promises is checked first; an operator nobody knows is no error (it is named BUILTIN_<number>).
Result<std::shared_ptr<const Model>> readTflite(const SharedBytes &bytes, std::string file);

} // namespace quantloupe
