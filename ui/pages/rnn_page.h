// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/rnn_charts.h"
#include "pages/page.h"

class QComboBox;
class QLabel;
class QTabWidget;

namespace quantloupe::ui {

class StateJob;

/// The inside of a recurrent operator, time step by time step: its error with state reset and carried over, its cell and
/// hidden state against the limits of their integer forms, its gates.
class RnnPage : public Page {
    Q_OBJECT
public:
    RnnPage(Session &session, Selection &selection, QWidget *parent = nullptr);

    QList<ChartPanel *> charts() const override;
    QList<QWidget *> panes() const override;
    bool isBusy() const override { return m_job != nullptr; }
    /// Shows one of the groups: "state", "gates".
    void showGroup(const QString &name);
    /// The operator shown, -1 without one: a position in the report's traces.
    int shownTrace() const;

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *controls();
    QWidget *stateGroup();
    QWidget *gatesGroup();
    void refresh();
    void refreshOperators();
    void followSelection();
    void measureOther();
    void draw();
    QString whyNothing() const;
    void drop();

    Session &m_session;
    Selection &m_selection;
    QComboBox *m_operators;
    QComboBox *m_quantity;
    QLabel *m_note;
    QTabWidget *m_groups;
    StepErrorChart *m_stepError;
    UnitErrorChart *m_unitError;
    QList<RnnChart *> m_charts;
    StateJob *m_job = nullptr;
    std::shared_ptr<const Report> m_report; ///< that m_other, or what is being measured, belongs to
    std::shared_ptr<const Report> m_other;  ///< the same run with the other state policy
    QString m_failure;
};

} // namespace quantloupe::ui
