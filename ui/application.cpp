// SPDX-License-Identifier: GPL-3.0-or-later
#include "application.h"

#include "command_line.h"
#include "export/report_charts.h"
#include "file_picker.h"
#include "main_window.h"
#include "script.h"
#include "settings.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QIcon>
#include <QLibraryInfo>
#include <QLocale>
#include <QTextStream>
#include <QTranslator>

#include <algorithm>
#include <string_view>

namespace quantloupe::ui {
namespace {

constexpr auto kSampleName = "spoken_digits_plain.mltk.zip";

/// Beside the installed program, or in the source tree while it is being worked on.
QString sampleFile()
{
    const QStringList folders{QCoreApplication::applicationDirPath() + QStringLiteral("/../share/quantloupe/samples"), QStringLiteral(QUANTLOUPE_SOURCE_SAMPLES)};
    for (const QString &folder : folders)
        if (const QString file = QDir::cleanPath(folder + QLatin1Char('/') + QLatin1String(kSampleName)); QFileInfo::exists(file))
            return file;
    return {};
}

/// A screenshot, --version and --help need no display; where the caller did not choose a platform they are drawn in
/// memory, the same everywhere.
void preparePlatform(int argc, char *argv[])
{
    const auto needsNoDisplay = [](std::string_view argument) {
        return argument.starts_with("--screenshot") || argument.starts_with("--charts-from") || argument == "--version" || argument == "-v" || argument == "--help" || argument == "-h";
    };
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && std::any_of(argv + 1, argv + argc, needsNoDisplay))
        qputenv("QT_QPA_PLATFORM", "offscreen");
}

/// The user's language from the first folder that has it: "quantloupe_de.qm", "quantloupe_pt_BR.qm".
void loadTranslation(QApplication &application, const QString &name, const QStringList &folders)
{
    auto *translator = new QTranslator(&application);
    if (std::any_of(folders.begin(), folders.end(), [&](const QString &folder) { return translator->load(QLocale(), name, QStringLiteral("_"), folder); }))
        QApplication::installTranslator(translator);
    else
        delete translator;
}

void describe()
{
    QApplication::setApplicationName(QStringLiteral("quantloupe"));
    QApplication::setApplicationDisplayName(QStringLiteral("Quantloupe"));
    QApplication::setApplicationVersion(QStringLiteral(QUANTLOUPE_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("quantloupe"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/quantloupe.png")));
}

} // namespace

int runApplication(int argc, char *argv[])
{
    preparePlatform(argc, argv);
    QApplication application(argc, argv);
    describe();
    loadTranslation(application, QStringLiteral("qtbase"), {QLibraryInfo::path(QLibraryInfo::TranslationsPath)});
    // What a translator has under way lies beside the installed program and stands before what was built in.
    loadTranslation(application, QStringLiteral("quantloupe"), {QCoreApplication::applicationDirPath() + QStringLiteral("/../share/quantloupe/translations"), QStringLiteral(":/i18n")});
    const CommandLine line = parseCommandLine(application);
    if (!line.error.isEmpty()) {
        QTextStream(stderr) << "quantloupe: " << line.error << Qt::endl;
        return 2;
    }
    if (!line.chartsFrom.isEmpty()) {
        applyTheme(line.theme.value_or(Theme::Light));
        const QString failure = writeReportCharts(line.chartsFrom, line.chartFolder);
        if (!failure.isEmpty())
            QTextStream(stderr) << "quantloupe: " << failure << Qt::endl;
        return failure.isEmpty() ? 0 : 3;
    }
    const bool isScreenshot = !line.screenshot.isEmpty() || !line.screenshotFolder.isEmpty();
    Settings settings(isScreenshot ? QString() : Settings::defaultFile());
    DialogFilePicker picker;
    applyTheme(line.theme.value_or(themeNamed(settings.text(QStringLiteral("theme"))).value_or(Theme::System)));
    MainWindow window({&settings, &picker, sampleFile()});
    if (isScreenshot)
        window.resize(line.size);
    window.show();
    auto *script = new Script(line, window);
    script->start();
    return QApplication::exec();
}

} // namespace quantloupe::ui
