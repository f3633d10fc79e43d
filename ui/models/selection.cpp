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

void Selection::selectSample(std::size_t sample)
{
    if (m_sample == sample)
        return;
    m_sample = sample;
    emit sampleChanged();
}

void Selection::clear()
{
    select({});
    if (m_sample) {
        m_sample.reset();
        emit sampleChanged();
    }
}

} // namespace quantloupe::ui
