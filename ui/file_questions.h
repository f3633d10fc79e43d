// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "file_picker.h"

namespace quantloupe::ui {

class Settings;

/// What the window asks for files: which, where to start, what comes next. The answer comes as a call, or not at all.
class FileQuestions {
public:
    FileQuestions(FilePicker &picker, const Settings &settings, QWidget &window);

    void archive(FilePicker::Answer answer) const;
    /// Both models at once, or one after the other.
    void pair(FilePicker::Answer answer) const;
    void dataset(FilePicker::Answer answer) const;
    /// A report or an archive to compare with.
    void comparison(FilePicker::Answer answer) const;

private:
    void open(const QString &title, const QString &filter, const QString &folder, bool isSeveral, FilePicker::Answer answer) const;
    QString folder() const;

    FilePicker &m_picker;
    const Settings &m_settings;
    QWidget &m_window;
};

} // namespace quantloupe::ui
