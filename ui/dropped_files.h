// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QMimeData;

namespace quantloupe::ui {

/// Files that were dropped or named on the command line, told apart: what to open, and a dataset for it.
struct DroppedFiles {
    QStringList subject; ///< one file, or a pair
    QString before;      ///< of two reports or two archives the first: what the second, to be opened, is compared with
    QString dataset;
    QString complaint;   ///< why they cannot be taken together; empty when they can
};
DroppedFiles sorted(const QStringList &files);

/// Local files of a drop; empty when it holds none.
QStringList localFiles(const QMimeData &data);

/// "Models and reports (*.mltk.zip *.tflite ...)" from the core's patterns.
QString subjectFilter();
QString datasetFilter();
/// What can be compared: reports and archives.
QString comparisonFilter();

} // namespace quantloupe::ui
