// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

class QAction;

namespace quantloupe::ui {

/// A big button: an icon, the action's text, and a line or two that say what it is for.
class ActionCard : public QAbstractButton {
    Q_OBJECT
public:
    ActionCard(QAction &action, const QString &explanation, QWidget *parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    QString m_explanation;
};

} // namespace quantloupe::ui
