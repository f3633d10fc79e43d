// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings.h"

#include <QCryptographicHash>
#include <QStandardPaths>

namespace quantloupe::ui {
namespace {

constexpr qsizetype kMaxBlob = 64 * 1024;

QByteArray checksum(const QByteArray &blob)
{
    // Qt's version belongs to the blob: its inner format is Qt's own business.
    return QCryptographicHash::hash(QByteArray(qVersion()) + blob, QCryptographicHash::Sha256);
}

QString layoutKey(const QString &name)
{
    return QStringLiteral("layout/") + name;
}

} // namespace

Settings::Settings(const QString &file)
{
    if (!file.isEmpty())
        m_settings = std::make_unique<QSettings>(file, QSettings::IniFormat);
}

QString Settings::defaultFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + QStringLiteral("/quantloupe.ini");
}

QByteArray Settings::layout(const QString &name) const
{
    if (!m_settings)
        return {};
    const QByteArray stored = QByteArray::fromBase64(m_settings->value(layoutKey(name)).toByteArray());
    const qsizetype length = QCryptographicHash::hashLength(QCryptographicHash::Sha256);
    if (stored.size() <= length || stored.size() > kMaxBlob)
        return {};
    const QByteArray blob = stored.mid(length);
    return stored.left(length) == checksum(blob) ? blob : QByteArray();
}

void Settings::setLayout(const QString &name, const QByteArray &blob)
{
    if (m_settings)
        m_settings->setValue(layoutKey(name), (checksum(blob) + blob).toBase64());
}

void Settings::clearLayouts()
{
    if (m_settings)
        m_settings->remove(QStringLiteral("layout"));
}

QString Settings::text(const QString &name, const QString &absent) const
{
    return m_settings ? m_settings->value(name, absent).toString() : absent;
}

void Settings::setText(const QString &name, const QString &value)
{
    if (m_settings)
        m_settings->setValue(name, value);
}

QStringList Settings::list(const QString &name) const
{
    return m_settings ? m_settings->value(name).toStringList() : QStringList();
}

void Settings::remember(const QString &name, const QString &value, int limit)
{
    QStringList values = list(name);
    values.removeAll(value);
    values.prepend(value);
    if (m_settings)
        m_settings->setValue(name, values.mid(0, limit));
}

void Settings::forget(const QString &name, const QString &value)
{
    QStringList values = list(name);
    values.removeAll(value);
    if (m_settings)
        m_settings->setValue(name, values);
}

} // namespace quantloupe::ui
