// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <functional>

class QWidget;

namespace quantloupe::ui {

/// Asks for file names. An interface, so that tests answer instead of a dialog. Nothing blocks: the answer comes as a
/// call, or not at all when the user thinks better of it.
class FilePicker {
public:
    struct Question {
        QString title;
        QStringList filters; ///< "Archives (*.mltk.zip *.zip)"
        QString proposal;    ///< folder to start in, or file to save as
        bool isSeveral = false;
    };
    using Answer = std::function<void(const QStringList &files)>;

    virtual ~FilePicker() = default;
    virtual void open(QWidget &parent, const Question &question, Answer answer) = 0;
    virtual void save(QWidget &parent, const Question &question, Answer answer) = 0;
};

/// The desktop's own dialogs, window-modal and without a nested event loop.
class DialogFilePicker : public FilePicker {
public:
    void open(QWidget &parent, const Question &question, Answer answer) override;
    void save(QWidget &parent, const Question &question, Answer answer) override;
};

} // namespace quantloupe::ui
