// SPDX-License-Identifier: GPL-3.0-or-later
#include "dropped_files.h"

#include "dataset/dataset.h"
#include "debugger/subject.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMimeData>
#include <QUrl>

namespace quantloupe::ui {
namespace {

/// Under a name, so that the tools of translators find what goes through it.
struct Texts {
    Q_DECLARE_TR_FUNCTIONS(quantloupe::ui::DroppedFiles)
};

QStringList patterns(std::span<const std::string_view> from)
{
    QStringList list;
    for (const std::string_view pattern : from)
        list << QString::fromUtf8(pattern.data(), static_cast<qsizetype>(pattern.size()));
    return list;
}

/// A .h5 may be either: its content decides.
bool isDataset(const QString &file)
{
    const QString name = QFileInfo(file).fileName();
    if (QFileInfo(file).isDir() || !QDir::match(patterns(datasetPatterns()), name))
        return false;
    return !QDir::match(patterns(subjectPatterns()), name) || holdsSamples(std::filesystem::path(QFile::encodeName(file).toStdString()));
}

/// Two of a kind that can each be looked at alone are no pair of models, but before and after.
bool isBeforeAndAfter(const QStringList &files)
{
    if (files.size() != 2)
        return false;
    const auto ends = [](const QString &file, const char *ending) { return file.endsWith(QLatin1String(ending), Qt::CaseInsensitive); };
    return ends(files[0], ".json") || (ends(files[0], ".csv") && ends(files[1], ".csv")) || (ends(files[0], ".zip") && ends(files[1], ".zip"));
}

} // namespace

DroppedFiles sorted(const QStringList &files)
{
    DroppedFiles result;
    for (const QString &file : files) {
        if (QFileInfo(file).isDir())
            result.complaint = Texts::tr("%1 is a folder: open an archive, a pair of models, a report or a dataset.").arg(QFileInfo(file).fileName());
        else if (!isDataset(file))
            result.subject << file;
        else if (result.dataset.isEmpty())
            result.dataset = file;
        else
            result.complaint = Texts::tr("Two datasets at once: one is measured at a time.");
    }
    if (isBeforeAndAfter(result.subject))
        result.before = result.subject.takeFirst();
    if (result.subject.size() > 2)
        result.complaint = Texts::tr("%1 files at once: open one archive, or one float and one quantized model.").arg(result.subject.size());
    return result;
}

QStringList localFiles(const QMimeData &data)
{
    QStringList files;
    const auto urls = data.urls();
    for (const QUrl &url : urls)
        if (url.isLocalFile())
            files << url.toLocalFile();
    return files;
}

QString subjectFilter()
{
    return Texts::tr("Archives, models and reports (%1)").arg(patterns(subjectPatterns()).join(QLatin1Char(' ')));
}

QString comparisonFilter()
{
    return Texts::tr("Reports and archives (*.csv *.json *.mltk.zip)");
}

QString datasetFilter()
{
    return Texts::tr("Datasets (%1)").arg(patterns(datasetPatterns()).join(QLatin1Char(' ')));
}

} // namespace quantloupe::ui
