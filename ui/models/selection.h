// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/shown_report.h"

#include <QObject>

namespace quantloupe::ui {

/// The one selection that table, charts and findings share. It names a row by key, so that it survives sorting, filtering,
/// partial reports and the switch between a measured and an archived report.
class Selection : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const RowKey &current() const { return m_current; }
    void select(const RowKey &key);
    void clear() { select({}); }

signals:
    void changed(const quantloupe::ui::RowKey &key);

private:
    RowKey m_current;
};

} // namespace quantloupe::ui
