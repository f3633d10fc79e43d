// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings.h"

#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using quantloupe::ui::Settings;

class SettingsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString file() const { return m_folder.filePath(QStringLiteral("quantloupe.ini")); }

private slots:
    void layoutComesBackAsItWasKept()
    {
        Settings(file()).setLayout(QStringLiteral("window"), QByteArray("\0\1\2layout", 9));
        QCOMPARE(Settings(file()).layout(QStringLiteral("window")), QByteArray("\0\1\2layout", 9));
    }

    void layoutWithAnyBitFlippedIsForgotten()
    {
        Settings(file()).setLayout(QStringLiteral("window"), QByteArray("some layout"));
        const QByteArray kept = QByteArray::fromBase64(QSettings(file(), QSettings::IniFormat).value(QStringLiteral("layout/window")).toByteArray());
        for (qsizetype bit = 0; bit < kept.size() * 8; bit += 5) {
            QByteArray damaged = kept;
            damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
            QSettings(file(), QSettings::IniFormat).setValue(QStringLiteral("layout/window"), damaged.toBase64());
            QVERIFY(Settings(file()).layout(QStringLiteral("window")).isEmpty());
        }
    }

    void rememberedValuesAreFewAndNewestFirst()
    {
        Settings settings(file());
        for (const char *name : {"a", "b", "c", "a"})
            settings.remember(QStringLiteral("recent"), QString::fromLatin1(name), 2);
        QCOMPARE(settings.list(QStringLiteral("recent")), QStringList({QStringLiteral("a"), QStringLiteral("c")}));
        settings.forget(QStringLiteral("recent"), QStringLiteral("a"));
        QCOMPARE(settings.list(QStringLiteral("recent")), QStringList({QStringLiteral("c")}));
    }

    void withoutFileNothingIsKept()
    {
        Settings settings{QString()};
        settings.setText(QStringLiteral("theme"), QStringLiteral("dark"));
        QCOMPARE(settings.text(QStringLiteral("theme"), QStringLiteral("absent")), QStringLiteral("absent"));
    }
};

QTEST_GUILESS_MAIN(SettingsTest)
#include "settings_test.moc"
