// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/finding.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace quantloupe::ui {

/// One sentence above the pages: what happened, to which file, what to do. Never a modal box.
class MessageBar : public QFrame {
    Q_OBJECT
public:
    explicit MessageBar(QWidget *parent = nullptr);

    void showMessage(Severity severity, const QString &text);
    QString text() const;

private:
    void applyIcon();
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

    Severity m_severity = Severity::Note;
    QLabel *m_icon;
    QLabel *m_text;
};

} // namespace quantloupe::ui
