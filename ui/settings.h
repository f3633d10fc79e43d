// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QStringList>

#include <memory>

namespace quantloupe::ui {

/// What is kept between starts. Layout blobs carry a checksum and Qt's version: Qt 6.4's restoreState() and
/// restoreGeometry() crash on damaged ones, and an app that cannot start again is worse than a forgotten layout.
class Settings {
public:
    /// An empty path: nothing is read and nothing kept (screenshots, tests).
    explicit Settings(const QString &file);
    /// The user's own file.
    static QString defaultFile();

    QByteArray layout(const QString &name) const; ///< empty when absent, damaged or of another version
    void setLayout(const QString &name, const QByteArray &blob);
    void clearLayouts();

    QString text(const QString &name, const QString &absent = {}) const;
    void setText(const QString &name, const QString &value);

    QStringList list(const QString &name) const;
    /// Moves a value to the front of a list of at most `limit`.
    void remember(const QString &name, const QString &value, int limit = 9);
    void forget(const QString &name, const QString &value);

private:
    std::unique_ptr<QSettings> m_settings;
};

} // namespace quantloupe::ui
