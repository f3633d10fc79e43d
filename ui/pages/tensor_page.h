// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/page.h"

class QTableWidget;

namespace quantloupe::ui {

/// Everything about the selected tensor: its facts, its distributions at full size, its error sample by sample.
class TensorPage : public Page {
    Q_OBJECT
public:
    TensorPage(const Session &session, const Selection &selection, QWidget *parent = nullptr);

    QList<ChartPanel *> charts() const override { return m_charts; }

private:
    void refresh();

    const Session &m_session;
    const Selection &m_selection;
    QTableWidget *m_facts;
    QList<ChartPanel *> m_charts;
};

} // namespace quantloupe::ui
