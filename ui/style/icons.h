// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>

namespace quantloupe::ui {

/// Line icons of our own, drawn at any size in the palette's text colour, so that they fit every theme and scale without
/// an SVG plugin.
enum class Glyph {
    Archive, Pair, Sample, Folder, Run, Stop, Export, Copy, Close, Note, Warning, Problem, Ideal, Raised, Outlier, Unknown, Search, Chart, Model, Table, File, Parameter, Dataset, Histogram, Steps, Stack, Slope
};

QIcon icon(Glyph glyph);
/// In a colour that carries meaning.
QIcon icon(Glyph glyph, const QColor &color);

} // namespace quantloupe::ui
