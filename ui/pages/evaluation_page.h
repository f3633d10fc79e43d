// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/page.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QTableWidget;

namespace quantloupe {
struct Evaluation;
}

namespace quantloupe::ui {

class Evaluator;
class RocChart;

/// How good both models are on the dataset's labels: headline figures, confusion matrices side by side, ROC, and the samples
/// that they answer differently. Made when the page is seen, on the dataset and with the settings of the last run.
class EvaluationPage : public Page {
    Q_OBJECT
public:
    EvaluationPage(Session &session, Selection &selection, Evaluator &evaluator, QWidget *parent = nullptr);

    QList<ChartPanel *> charts() const override;
    QList<QWidget *> panes() const override;
    bool isBusy() const override;
    const std::shared_ptr<const Evaluation> &evaluation() const { return m_session.evaluation(); }

protected:
    void showEvent(QShowEvent *event) override;

private:
    void addMatrices(QGridLayout &layout);
    void refreshState();
    void show();
    void evaluateWhenSeen();
    void showFigures();
    void showMatrices();
    void showChanged();

    Session &m_session;
    Selection &m_selection;
    Evaluator &m_evaluator;
    QPushButton *m_start;
    QLabel *m_state;
    QComboBox *m_perClass; ///< which figure of each class the table shows
    QTableWidget *m_figures;
    QList<QTableWidget *> m_matrices; ///< float, quantized, quantized minus float
    RocChart *m_roc;
    QLabel *m_changedCaption;
    QTableWidget *m_changed;
};

} // namespace quantloupe::ui
