// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_picker.h"

#include <QFileDialog>
#include <QFileInfo>

namespace quantloupe::ui {
namespace {

void show(QFileDialog *dialog, const FilePicker::Question &question, FilePicker::Answer answer)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setNameFilters(question.filters);
    QObject::connect(dialog, &QFileDialog::filesSelected, dialog, [answer = std::move(answer)](const QStringList &files) { answer(files); });
    dialog->open();
}

} // namespace

void DialogFilePicker::open(QWidget &parent, const Question &question, Answer answer)
{
    auto *dialog = new QFileDialog(&parent, question.title, question.proposal);
    dialog->setFileMode(question.isSeveral ? QFileDialog::ExistingFiles : QFileDialog::ExistingFile);
    show(dialog, question, std::move(answer));
}

void DialogFilePicker::save(QWidget &parent, const Question &question, Answer answer)
{
    const QFileInfo proposal(question.proposal);
    auto *dialog = new QFileDialog(&parent, question.title, proposal.absolutePath());
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->selectFile(proposal.fileName());
    dialog->setDefaultSuffix(proposal.suffix());
    show(dialog, question, std::move(answer));
}

} // namespace quantloupe::ui
