// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/recent_entry.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace quantloupe::ui {

bool RecentEntry::exists() const
{
    return !files.isEmpty() && std::all_of(files.begin(), files.end(), [](const QString &file) { return QFileInfo::exists(file); });
}

QString RecentEntry::title() const
{
    QStringList names;
    for (const QString &file : files)
        names << QFileInfo(file).fileName();
    return names.join(QStringLiteral(" + "));
}

QString RecentEntry::folder() const
{
    return files.isEmpty() ? QString() : QDir::toNativeSeparators(QFileInfo(files.front()).absolutePath());
}

} // namespace quantloupe::ui
