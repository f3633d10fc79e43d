// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/study_chart.h"
#include "pages/page.h"

class QComboBox;
class QSplitter;
class QTableWidget;
class QTabWidget;

namespace quantloupe::ui {

class SampleChart;
class StudyJob;

/// Everything about the selected tensor: its facts; how its values lie on the grid of codes; its error by channel and by
/// sample; its operator's weights. What the report does not hold is worked out while the page is seen.
class TensorPage : public Page {
    Q_OBJECT
public:
    TensorPage(Session &session, Selection &selection, QWidget *parent = nullptr);

    QList<ChartPanel *> charts() const override { return m_charts; }
    QList<QWidget *> panes() const override;
    bool isBusy() const override { return m_job != nullptr; }
    QList<QSplitter *> splitters() const override;
    void resetLayout() override;

    const std::shared_ptr<const TensorStudy> &study() const { return m_study; }
    /// Shows one of the groups: "values", "channels", "samples", "weights".
    void showGroup(const QString &name);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void addFacts();
    void addGroup(const char *name, const QString &title, QWidget *group);
    QWidget *valuesGroup();
    QWidget *channelsGroup();
    QWidget *samplesGroup();
    QWidget *weightsGroup();
    void refresh();
    void refreshFacts(int row);
    void refreshWorstSamples(int row);
    void refreshWeights();
    void refreshStudy(int row);
    void showStudy(const std::shared_ptr<const TensorStudy> &study, const QString &why);
    void openSample(std::size_t sample);
    void drop();

    Session &m_session;
    Selection &m_selection;
    QSplitter *m_columns;
    QTableWidget *m_facts;
    QTabWidget *m_groups;
    SampleChart *m_samples = nullptr;
    QTableWidget *m_worstSamples = nullptr;
    QComboBox *m_weight = nullptr;
    QList<ChartPanel *> m_charts;
    QList<StudyChart *> m_studyCharts;
    StudyJob *m_job = nullptr;
    std::shared_ptr<const TensorStudy> m_study;
    std::shared_ptr<const Report> m_report; ///< that m_study, or what is being worked out, belongs to
    std::size_t m_asked = 0;
    qsizetype m_factsSized = 0; ///< for how many facts the first column was made to fit
};

} // namespace quantloupe::ui
