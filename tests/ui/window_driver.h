// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/debugger.h"
#include "file_picker.h"
#include "main_window.h"
#include "settings.h"
#include "workspace.h"

#include <QTemporaryDir>

#include <memory>

class QAccessibleInterface;

namespace quantloupe::ui {

/// Answers every question with the same files.
class AnsweringPicker : public FilePicker {
public:
    QStringList answer;
    Question asked;

    void open(QWidget &, const Question &question, Answer then) override { reply(question, then); }
    void save(QWidget &, const Question &question, Answer then) override { reply(question, then); }

private:
    void reply(const Question &question, const Answer &then)
    {
        asked = question;
        if (!answer.isEmpty())
            then(answer);
    }
};

/// The bundled archive.
QString sampleFile();

/// One line for each focusable widget that a screen reader would meet without a name.
QString namelessIn(QWidget &widget);

/// The real window with settings of its own, driven from outside. Every step returns why it failed, or nothing.
class WindowDriver {
public:
    explicit WindowDriver(const char *page = nullptr);
    ~WindowDriver();

    MainWindow *operator->() const { return m_window.get(); }
    MainWindow &window() const { return *m_window; }
    AnsweringPicker &picker() { return m_picker; }
    QString file(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    QString open(const QStringList &files);
    QString openSample() { return open({sampleFile()}); }
    /// Runs on the dataset that was proposed or set.
    QString run(const RunOptions &options);
    QString run(std::size_t samples);
    /// Waits until the page works out nothing more.
    QString settle();
    /// Selects the first row of that operator.
    QString selectOperator(const char *name);
    template <typename T> T &page() const { return m_window->workspace().page<T>(); }
    /// Every chart to be seen on the current page draws something, says what in words, and is written in every format.
    QString chartsAreWhole();
    /// For looking at: QUANTLOUPE_SCREENSHOTS=FOLDER.
    void grab(const char *name);

private:
    QTemporaryDir m_folder;
    Settings m_settings;
    AnsweringPicker m_picker;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace quantloupe::ui
