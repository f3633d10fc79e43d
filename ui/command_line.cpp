// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"

#include "main_window.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace quantloupe::ui {
namespace {

/// Under a name, so that the tools of translators find what goes through it.
struct Texts {
    Q_DECLARE_TR_FUNCTIONS(quantloupe::ui::CommandLine)
};

void addOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(Texts::tr("Shows where, how much and why a quantized TensorFlow Lite model departs from its float original."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("FILE"), Texts::tr("A .mltk.zip, a .tflite, a float and a quantized model, a quantization_report.csv; also a dataset."), QStringLiteral("[FILE...]"));
    parser.addOption({QStringLiteral("dataset"), Texts::tr("Debug dataset: a .npz, .h5 or .npy file, or random:N:SEED."), QStringLiteral("D")});
    parser.addOption({QStringLiteral("run"), Texts::tr("Run as soon as the files are open.")});
    parser.addOption({QStringLiteral("screenshot"), Texts::tr("Write the window to a PNG after loading (and running), then leave."), QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("screenshots"), Texts::tr("The same for every page: PAGE.png in this folder, made if missing."), QStringLiteral("DIR")});
    parser.addOption({QStringLiteral("charts-from"), Texts::tr("Draw the charts of a report written by quantloupe-cli --json, then leave; needs --png."), QStringLiteral("REPORT.json")});
    parser.addOption({QStringLiteral("png"), Texts::tr("Folder for --charts-from."), QStringLiteral("DIR")});
    parser.addOption({QStringLiteral("page"), Texts::tr("Page to show: %1.").arg(MainWindow::pageNames().join(QStringLiteral(", "))), QStringLiteral("NAME")});
    parser.addOption({QStringLiteral("size"), Texts::tr("Size of the screenshot in points."), QStringLiteral("WxH")});
    parser.addOption({QStringLiteral("theme"), Texts::tr("light, dark or system."), QStringLiteral("THEME")});
    parser.addOption({QStringLiteral("select"), Texts::tr("Row to select, counted from 1."), QStringLiteral("ROW")});
    parser.addOption({QStringLiteral("sample"), Texts::tr("Sample to select, counted from 0."), QStringLiteral("N")});
}

std::optional<QSize> sizeOf(const QString &text)
{
    const QStringList parts = text.toLower().split(QLatin1Char('x'));
    const QSize size(parts.value(0).toInt(), parts.value(1).toInt());
    const bool isSane = parts.size() == 2 && size.width() >= 320 && size.height() >= 240 && size.width() <= 8192 && size.height() <= 8192;
    return isSane ? std::optional(size) : std::nullopt;
}

} // namespace

CommandLine parseCommandLine(const QCoreApplication &application)
{
    QCommandLineParser parser;
    addOptions(parser);
    parser.process(application);
    CommandLine line;
    line.files = parser.positionalArguments();
    line.dataset = parser.value(QStringLiteral("dataset"));
    line.isRun = parser.isSet(QStringLiteral("run"));
    line.screenshot = parser.value(QStringLiteral("screenshot"));
    line.screenshotFolder = parser.value(QStringLiteral("screenshots"));
    line.chartsFrom = parser.value(QStringLiteral("charts-from"));
    line.chartFolder = parser.value(QStringLiteral("png"));
    if (line.chartsFrom.isEmpty() != line.chartFolder.isEmpty())
        line.error = Texts::tr("--charts-from and --png go together");
    line.page = parser.value(QStringLiteral("page"));
    if (parser.isSet(QStringLiteral("size"))) {
        const auto size = sizeOf(parser.value(QStringLiteral("size")));
        line.size = size.value_or(line.size);
        if (!size)
            line.error = Texts::tr("--size: expected WxH between 320x240 and 8192x8192, got %1").arg(parser.value(QStringLiteral("size")));
    }
    if (parser.isSet(QStringLiteral("theme"))) {
        line.theme = themeNamed(parser.value(QStringLiteral("theme")));
        if (!line.theme)
            line.error = Texts::tr("--theme: expected light, dark or system, got %1").arg(parser.value(QStringLiteral("theme")));
    }
    if (!line.page.isEmpty() && !MainWindow::pageNames().contains(line.page))
        line.error = Texts::tr("--page: expected %1, got %2").arg(MainWindow::pageNames().join(QStringLiteral(", ")), line.page);
    if (parser.isSet(QStringLiteral("select"))) {
        line.selectedRow = parser.value(QStringLiteral("select")).toInt();
        if (line.selectedRow < 1)
            line.error = Texts::tr("--select: expected a row counted from 1, got %1").arg(parser.value(QStringLiteral("select")));
    }
    if (parser.isSet(QStringLiteral("sample"))) {
        bool isNumber = false;
        line.selectedSample = parser.value(QStringLiteral("sample")).toInt(&isNumber);
        if (!isNumber || line.selectedSample < 0)
            line.error = Texts::tr("--sample: expected a sample counted from 0, got %1").arg(parser.value(QStringLiteral("sample")));
    }
    return line;
}

} // namespace quantloupe::ui
