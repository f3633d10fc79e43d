// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/selection.h"
#include "models/session.h"

#include <QListWidget>

#include <vector>

namespace quantloupe::ui {

/// What the user should know, with the evidence and the remedy; one about an operator selects its row.
class FindingsPage : public QListWidget {
    Q_OBJECT
public:
    FindingsPage(const Session &session, Selection &selection, QWidget *parent = nullptr);

    int countOf(Severity severity) const;

private:
    void refresh();
    void addFinding(const Finding &finding);
    RowKey rowOf(const Finding &finding) const;

    const Session &m_session;
    Selection &m_selection;
    std::vector<Finding> m_findings;
};

} // namespace quantloupe::ui
