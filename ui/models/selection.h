// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/shown_report.h"

#include <QObject>

#include <optional>

namespace quantloupe::ui {

/// The one selection that all pages share: a row of the report, and a sample of the dataset. It names a row by key, so that it survives sorting, filtering,
/// partial reports and the switch between a measured and an archived report.
class Selection : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const RowKey &current() const { return m_current; }
    void select(const RowKey &key);
    void clear();

    /// The sample that is looked at, counted from 0; nothing when none was chosen.
    const std::optional<std::size_t> &sample() const { return m_sample; }
    void selectSample(std::size_t sample);

signals:
    void changed(const quantloupe::ui::RowKey &key);
    void sampleChanged();

private:
    RowKey m_current;
    std::optional<std::size_t> m_sample;
};

} // namespace quantloupe::ui
