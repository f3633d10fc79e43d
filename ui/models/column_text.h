// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/table_columns.h"

namespace quantloupe::ui {

/// "rmse/scale\nlocal": figures of an error always carry its kind.
QString columnTitle(const ColumnSpec &spec, const ShownReport &report);
/// What the column says and its trap, for the header's tooltip.
QString columnExplanation(const ColumnSpec &spec, const ShownReport &report);

/// "local error", "accumulated error".
QString kindText(ErrorKind kind);
/// One sentence on what that error is.
QString kindExplanation(ErrorKind kind);
/// A metric's name and unit: "max_abs_error (real)".
QString metricText(int metric);
QString metricName(int metric);

} // namespace quantloupe::ui
