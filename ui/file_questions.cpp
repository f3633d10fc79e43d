// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_questions.h"

#include "dropped_files.h"
#include "settings.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace quantloupe::ui {
namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(quantloupe::ui::FileQuestions)
};

} // namespace

FileQuestions::FileQuestions(FilePicker &picker, const Settings &settings, QWidget &window) : m_picker(picker), m_settings(settings), m_window(window) {}

QString FileQuestions::folder() const
{
    return m_settings.text(QStringLiteral("folder"));
}

void FileQuestions::open(const QString &title, const QString &filter, const QString &folder, bool isSeveral, FilePicker::Answer answer) const
{
    m_picker.open(m_window, {title, {filter, Texts::tr("All files (*)")}, folder, isSeveral}, std::move(answer));
}

void FileQuestions::archive(FilePicker::Answer answer) const
{
    open(Texts::tr("Open archive"), subjectFilter(), folder(), true, std::move(answer));
}

void FileQuestions::pair(FilePicker::Answer answer) const
{
    open(Texts::tr("Open the float and the quantized model"), subjectFilter(), folder(), true, [this, answer = std::move(answer)](const QStringList &files) {
        if (files.size() != 1) {
            answer(files);
            return;
        }
        const QFileInfo first(files.front());
        open(Texts::tr("Open the model that belongs to %1").arg(first.fileName()), subjectFilter(), first.absolutePath(), false,
             [answer, files](const QStringList &second) { answer(files + second); });
    });
}

void FileQuestions::dataset(FilePicker::Answer answer) const
{
    open(Texts::tr("Choose a debug dataset"), datasetFilter(), folder(), false, std::move(answer));
}

void FileQuestions::comparison(FilePicker::Answer answer) const
{
    open(Texts::tr("Open a report or an archive to compare"), comparisonFilter(), folder(), false, std::move(answer));
}

} // namespace quantloupe::ui
