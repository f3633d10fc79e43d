// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/causes.h"
#include "models/causes_model.h"
#include "pages/page.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QSplitter;

namespace quantloupe::ui {

class CauseChart;
class CausesJob;
class LinkedTable;

/// Where the error of every operator comes from: rounding, clipping, weights, bias, arithmetic, state, or what it was handed. Worked out when the page is
/// seen, on the samples and with the settings of the last run: the selected operator first, then all.
class CausesPage : public Page {
    Q_OBJECT
public:
    CausesPage(Session &session, Selection &selection, QWidget *parent = nullptr);

    const CausesModel &model() const { return m_model; }
    CauseChart &chart() const { return *m_chart; }

    QList<ChartPanel *> charts() const override;
    QList<QWidget *> panes() const override;
    bool isBusy() const override { return m_job != nullptr; }
    QList<QSplitter *> splitters() const override;
    void resetLayout() override;

    void start();
    void cancel();

protected:
    void showEvent(QShowEvent *event) override;

private:
    void addControls(class QHBoxLayout &bar);
    void connectParts();
    void refresh();
    void startWhenSeen();
    /// `only` is invalid for all operators.
    void analyse(OperatorIndex only);
    void endJob(bool wasOfOne);
    void take(std::shared_ptr<const CauseAnalysis> analysis, bool isOfOne);
    OperatorIndex selectedOperator() const;
    void drop();
    void say(const QString &sentence);
    void refreshControls();
    void showSelected();
    void openTensor(int row);
    void saveTable();

    Session &m_session;
    Selection &m_selection;
    CausesModel m_model;
    QPushButton *m_start;
    QPushButton *m_stop;
    QPushButton *m_save;
    QSpinBox *m_samples;
    QProgressBar *m_progress;
    QLabel *m_state;
    CauseChart *m_chart;
    LinkedTable *m_table;
    QLabel *m_explanation;
    QSplitter *m_columns;
    QSplitter *m_rows;
    CausesJob *m_job = nullptr;
    std::shared_ptr<const Report> m_report;      ///< that the analysis belongs to
    std::shared_ptr<const CauseAnalysis> m_one;  ///< of the operator that was selected when it began
    bool m_isTried = false;                      ///< for m_report: what failed or was stopped does not start again by itself
};

} // namespace quantloupe::ui
