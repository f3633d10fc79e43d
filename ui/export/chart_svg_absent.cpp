// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/chart_file.h"

namespace quantloupe::ui {

std::optional<ChartFormat> svgFormat()
{
    return std::nullopt;
}

} // namespace quantloupe::ui
