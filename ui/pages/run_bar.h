// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/debugger.h"

#include <QWidget>

class QAction;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QProgressBar;
class QSpinBox;
class QToolButton;

namespace quantloupe::ui {

/// The settings of a run, the Run button, and while it goes on its progress, time left and Cancel.
class RunBar : public QWidget {
    Q_OBJECT
public:
    RunBar(QAction &run, QAction &cancel, QAction &browse, QWidget *parent = nullptr);

    QString dataset() const;
    void setDataset(const QString &dataset);
    void setDatasetChoices(const QStringList &recent);
    RunOptions options() const;
    void setOptions(const RunOptions &options);
    /// Links "OUT=IN" of state that is fed back, as they were typed.
    std::vector<std::string> feedback() const;
    void setFeedback(const QString &links);
    /// A model of one input has none that could be fed.
    void offerFeedback(bool isOffered);

    void showRunning(bool isRunning);
    void showProgress(std::size_t done, std::size_t total, double secondsLeft);

private:
    void addSettings(QAction &browse);
    void addProgress(QAction &run, QAction &cancel);
    QLabel *addField(QHBoxLayout &row, const QString &label, QWidget *field, const QString &toolTip);

    QWidget *m_settings; ///< gives way to the progress while a run goes on
    QComboBox *m_dataset;
    QSpinBox *m_samples;
    QComboBox *m_error;
    QComboBox *m_state;
    QComboBox *m_kernels;
    QSpinBox *m_threads;
    QLabel *m_feedbackLabel = nullptr;
    QLineEdit *m_feedback;
    QToolButton *m_run;
    QToolButton *m_cancel;
    QProgressBar *m_progress;
    QLabel *m_timeLeft;
};

} // namespace quantloupe::ui
