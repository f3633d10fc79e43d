// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/table_roles.h"

#include <QString>

#include <cmath>

namespace quantloupe::ui {

bool isSortedBefore(const QVariant &left, const QVariant &right, Qt::SortOrder order)
{
    if (left.metaType().id() != QMetaType::Double || right.metaType().id() != QMetaType::Double)
        return left.toString().localeAwareCompare(right.toString()) < 0;
    const double a = left.toDouble();
    const double b = right.toDouble();
    if (std::isnan(a) || std::isnan(b))
        return std::isnan(a) != std::isnan(b) && std::isnan(b) == (order == Qt::AscendingOrder);
    return a < b;
}

} // namespace quantloupe::ui
