// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/session.h"

#include <QTreeWidget>

namespace quantloupe::ui {

/// What was opened: models, files with their roles, parameters.
class ContentsPage : public QTreeWidget {
    Q_OBJECT
public:
    explicit ContentsPage(const Session &session, QWidget *parent = nullptr);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();
    void sizeColumns();
    QTreeWidgetItem *addSection(const QString &title, int count);
    void addModel(QTreeWidgetItem *section, const QString &role, const Model &model);

    const Session &m_session;
};

} // namespace quantloupe::ui
