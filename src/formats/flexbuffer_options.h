// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/options.h"

#include <cstddef>
#include <span>

namespace quantloupe {

/// The options of a custom operator, when they are a FlexBuffer map as TensorFlow's own custom operators write it:
/// integers, reals, texts and lists of numbers by name. Anything else reads as no options.
Options readFlexbufferOptions(std::span<const std::byte> bytes);

} // namespace quantloupe
