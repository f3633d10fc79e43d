// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"

#include "main_window.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace quantloupe::ui {
namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("quantloupe::ui::CommandLine", text);
}

void addOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(say("Shows where, how much and why a quantized TensorFlow Lite model departs from its float original."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("FILE"), say("A .mltk.zip, a .tflite, a float and a quantized model, a quantization_report.csv; also a dataset."), QStringLiteral("[FILE...]"));
    parser.addOption({QStringLiteral("dataset"), say("Debug dataset: a .npz, .h5 or .npy file, or random:N:SEED."), QStringLiteral("D")});
    parser.addOption({QStringLiteral("run"), say("Run as soon as the files are open.")});
    parser.addOption({QStringLiteral("screenshot"), say("Write the window to a PNG after loading (and running), then leave."), QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("screenshots"), say("The same for every page: PAGE.png in this folder, made if missing."), QStringLiteral("DIR")});
    parser.addOption({QStringLiteral("charts-from"), say("Draw the charts of a report written by quantloupe-cli --json, then leave; needs --png."), QStringLiteral("REPORT.json")});
    parser.addOption({QStringLiteral("png"), say("Folder for --charts-from."), QStringLiteral("DIR")});
    parser.addOption({QStringLiteral("page"), say("Page to show: %1.").arg(MainWindow::pageNames().join(QStringLiteral(", "))), QStringLiteral("NAME")});
    parser.addOption({QStringLiteral("size"), say("Size of the screenshot in points."), QStringLiteral("WxH")});
    parser.addOption({QStringLiteral("theme"), say("light, dark or system."), QStringLiteral("THEME")});
    parser.addOption({QStringLiteral("select"), say("Row to select, counted from 1."), QStringLiteral("ROW")});
    parser.addOption({QStringLiteral("sample"), say("Sample to select, counted from 0."), QStringLiteral("N")});
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
        line.error = say("--charts-from and --png go together");
    line.page = parser.value(QStringLiteral("page"));
    if (parser.isSet(QStringLiteral("size"))) {
        const auto size = sizeOf(parser.value(QStringLiteral("size")));
        line.size = size.value_or(line.size);
        if (!size)
            line.error = say("--size: expected WxH between 320x240 and 8192x8192, got %1").arg(parser.value(QStringLiteral("size")));
    }
    if (parser.isSet(QStringLiteral("theme"))) {
        line.theme = themeNamed(parser.value(QStringLiteral("theme")));
        if (!line.theme)
            line.error = say("--theme: expected light, dark or system, got %1").arg(parser.value(QStringLiteral("theme")));
    }
    if (!line.page.isEmpty() && !MainWindow::pageNames().contains(line.page))
        line.error = say("--page: expected %1, got %2").arg(MainWindow::pageNames().join(QStringLiteral(", ")), line.page);
    if (parser.isSet(QStringLiteral("select"))) {
        line.selectedRow = parser.value(QStringLiteral("select")).toInt();
        if (line.selectedRow < 1)
            line.error = say("--select: expected a row counted from 1, got %1").arg(parser.value(QStringLiteral("select")));
    }
    if (parser.isSet(QStringLiteral("sample"))) {
        bool isNumber = false;
        line.selectedSample = parser.value(QStringLiteral("sample")).toInt(&isNumber);
        if (!isNumber || line.selectedSample < 0)
            line.error = say("--sample: expected a sample counted from 0, got %1").arg(parser.value(QStringLiteral("sample")));
    }
    return line;
}

} // namespace quantloupe::ui
