// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace quantloupe::ui {

/// What was opened once: one file, or a pair. Kept in the settings as one line.
struct RecentEntry {
    QStringList files;

    static RecentEntry of(const QString &text) { return {text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)}; }
    QString text() const { return files.join(QLatin1Char('\n')); }
    bool exists() const;
    QString title() const;    ///< "a.mltk.zip" or "a.tflite + b.tflite"
    QString folder() const;   ///< of the first file
};

} // namespace quantloupe::ui
