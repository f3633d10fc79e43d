// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/sample_charts.h"
#include "pages/page.h"

class QComboBox;
class QLabel;
class QSpinBox;

namespace quantloupe::ui {

class SampleJob;

/// One sample: what went in, what both models answered, and its error in every operator on the way.
class SamplePage : public Page {
    Q_OBJECT
public:
    SamplePage(Session &session, Selection &selection, QWidget *parent = nullptr);

    QList<ChartPanel *> charts() const override { return {m_input, m_output, m_trace}; }
    QList<QWidget *> panes() const override;
    bool isBusy() const override { return m_job != nullptr; }

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *addControls();
    void refresh();
    void study(std::size_t sample);
    void show(const std::shared_ptr<const SampleStudy> &study, const QString &why);
    void drop();

    Session &m_session;
    Selection &m_selection;
    QSpinBox *m_sample;
    QComboBox *m_inputs;
    QLabel *m_verdict;
    InputChart *m_input;
    OutputChart *m_output;
    TraceChart *m_trace;
    SampleJob *m_job = nullptr;
    std::shared_ptr<const SampleStudy> m_study;
    std::shared_ptr<const Report> m_report; ///< that m_study belongs to
    std::size_t m_asked = 0;
};

} // namespace quantloupe::ui
