// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/selection.h"

namespace quantloupe::ui {

void Selection::select(const RowKey &key)
{
    if (key == m_current)
        return;
    m_current = key;
    emit changed(m_current);
}

} // namespace quantloupe::ui
