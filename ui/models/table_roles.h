// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVariant>

namespace quantloupe::ui {

/// What every table model answers beside Qt's own roles, so that one view sorts and copies them all.
enum TableRole {
    SortRole = Qt::UserRole, ///< a double (NaN sorts last) or a text
    ExactRole,               ///< as copied: C locale, full precision; of a header the column's name
    FirstOwnRole,            ///< what a model has beyond these starts here
};

/// Of two values of SortRole. Absent figures (NaN) go last in either direction.
bool isSortedBefore(const QVariant &left, const QVariant &right, Qt::SortOrder order);

} // namespace quantloupe::ui
