// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace quantloupe {

/// Shortest text that reads back as the same double, as Python's repr() prints it: "3920.0", "7.275548153273803e-08", "nan".
std::string numberText(double value);
/// Shortest text that reads back as the same float32: "0.033326264".
std::string numberText(float value);
/// The double that the float's shortest text stands for. MLTK computes range and rmse/scale from that text.
double decimalValue(float value);

} // namespace quantloupe
