// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qnamespace.h>

namespace quantloupe::ui {

/// What every table model answers beside Qt's own roles, so that one view sorts and copies them all.
enum TableRole {
    SortRole = Qt::UserRole, ///< a double (NaN sorts last) or a text
    ExactRole,               ///< as copied: C locale, full precision; of a header the column's name
};

} // namespace quantloupe::ui
