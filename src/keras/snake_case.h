// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace quantloupe {

/// A class's name as Keras writes it into a .keras file: "Conv2DTranspose" is conv2d_transpose, "PReLU" is p_re_lu, "LSTM"
/// is lstm (to_snake_case in keras/src/utils/naming.py).
std::string snakeCase(std::string_view name);

} // namespace quantloupe
