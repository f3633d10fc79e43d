// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/page.h"

class QLabel;
class QPushButton;
class QTableWidget;

namespace quantloupe {
struct Evaluation;
}

namespace quantloupe::ui {

class EvaluationJob;

/// How good both models are on the dataset's labels: headline figures, confusion matrices side by side, and the samples
/// that they answer differently. Made when the page is seen, on the dataset and with the settings of the last run.
class EvaluationPage : public Page {
    Q_OBJECT
public:
    EvaluationPage(Session &session, Selection &selection, QWidget *parent = nullptr);

    QList<QWidget *> panes() const override;
    bool isBusy() const override { return m_job != nullptr; }
    void evaluate();
    const std::shared_ptr<const Evaluation> &evaluation() const { return m_evaluation; }

protected:
    void showEvent(QShowEvent *event) override;

private:
    void refresh();
    void evaluateWhenSeen();
    void show(std::shared_ptr<const Evaluation> evaluation, const QString &sentence);
    void drop();
    void showFigures();
    void showMatrices();
    void showChanged();

    Session &m_session;
    Selection &m_selection;
    QPushButton *m_start;
    QLabel *m_state;
    QTableWidget *m_figures;
    QList<QTableWidget *> m_matrices; ///< float, quantized, quantized minus float
    QTableWidget *m_changed;
    EvaluationJob *m_job = nullptr;
    std::shared_ptr<const Report> m_report; ///< that the evaluation belongs to
    std::shared_ptr<const Evaluation> m_evaluation;
    bool m_isTried = false; ///< of m_report: a dataset without labels is not asked twice
};

} // namespace quantloupe::ui
