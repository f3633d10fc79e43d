// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/report_text.h"

#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace quantloupe::ui {
namespace {

/// Under a name, so that the tools of translators find what goes through it.
struct Texts {
    Q_DECLARE_TR_FUNCTIONS(quantloupe::ui::Report)
};

/// Of "/folder/archive.mltk.zip:entry.tflite" the entry's name.
QString fileName(const std::string &file)
{
    return plainText(file).section(QLatin1Char('/'), -1).section(QLatin1Char(':'), -1);
}

/// The report came with the models, and was not opened beside them.
bool isFromArchive(const Subject *subject)
{
    return subject && subject->quantizedModel && subject->archivedReport && subject->archivedReport->file.starts_with(subject->path);
}

QString samplesText(const Report &report)
{
    const QString done = countText(static_cast<double>(report.samples));
    const QString asked = countText(static_cast<double>(report.samplesAsked));
    if (report.isPartial)
        return Texts::tr("so far %1 of %2 samples").arg(done, asked);
    if (report.isCancelled)
        return Texts::tr("stopped after %1 of %2 samples").arg(done, asked);
    return Texts::tr("samples: %1").arg(done);
}

QString measuredText(const Report &report)
{
    QStringList parts{Texts::tr("Measured here"), Texts::tr("%1 kernels").arg(plainText(name(report.kernels))), Texts::tr("state %1").arg(plainText(name(report.state))), samplesText(report),
                      Texts::tr("dataset %1").arg(plainText(report.dataset))};
    if (!report.floatModel.kind.empty())
        parts << Texts::tr("against %1 model %2").arg(plainText(report.floatModel.kind), fileName(report.floatModel.file));
    return parts.join(QStringLiteral(" · "));
}

} // namespace

QString basisText(const ShownReport &report, const Subject *subject)
{
    if (report.report())
        return measuredText(*report.report());
    if (!report.table() && subject)
        if (const auto why = subject->whyNotComparable())
            return Texts::tr("Nothing can be compared: %1").arg(plainText(why->message()));
    if (!report.table())
        return Texts::tr("No report yet: choose a dataset and press Run.");
    if (isFromArchive(subject))
        return Texts::tr("The archive’s own quantization_report.csv · TensorFlow’s default kernels, as the archive’s author made it · state carried over · local error · samples and dataset not recorded");
    const QString text = Texts::tr("%1 · made elsewhere: kernels, samples and dataset not recorded · local error").arg(QFileInfo(plainText(report.table()->file)).fileName());
    if (!report.isJoined())
        return text;
    return text + Texts::tr(" · joined to the open model: %1 of %2 rows by more than their order").arg(countText(report.surelyJoined()), countText(report.rowCount()));
}

QString sourceText(ReportSource source, const Session &session)
{
    if (source == ReportSource::Archived)
        return isFromArchive(session.subject().get()) ? Texts::tr("Archive’s own report") : Texts::tr("Report as read");
    const Report &report = *session.measured();
    return Texts::tr("Measured: %1, state %2").arg(plainText(name(report.kernels)), plainText(name(report.state)));
}

QString subjectTitle(const Subject &subject)
{
    return plainText(subject.name.empty() ? subject.path : subject.name);
}

} // namespace quantloupe::ui
