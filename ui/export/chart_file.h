// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QImage>
#include <QString>

#include <optional>
#include <vector>

namespace quantloupe::ui {

class ChartPanel;

/// A way to write a chart. SVG is there when the build found Qt's SVG module.
struct ChartFormat {
    QString suffix; ///< "png"
    QString description;
    QByteArray (*bytes)(const ChartPanel &panel, const QString &basis);
};
const std::vector<ChartFormat> &chartFormats();
std::optional<ChartFormat> svgFormat();

/// The chart with its title, summary and the line on what the figures rest on, at twice the screen's size.
QImage chartImage(const ChartPanel &panel, const QString &basis);

/// Writes by the file's suffix, aside and renamed. Returns why it failed, or nothing.
QString writeChart(const ChartPanel &panel, const QString &basis, const QString &file);

} // namespace quantloupe::ui
