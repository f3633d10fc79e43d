// SPDX-License-Identifier: GPL-3.0-or-later
#include "style/color_scale.h"
#include "style/theme.h"

#include <QApplication>
#include <QPalette>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace quantloupe::ui;

namespace {

/// WCAG's relative luminance.
double luminance(const QColor &color)
{
    const auto linear = [](double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(static_cast<double>(color.redF())) + 0.7152 * linear(static_cast<double>(color.greenF())) + 0.0722 * linear(static_cast<double>(color.blueF()));
}

double contrast(const QColor &a, const QColor &b)
{
    const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
    return (light + 0.05) / (dark + 0.05);
}

} // namespace

class StyleTest : public QObject {
    Q_OBJECT

private slots:
    void amountsAreToldApartByLightnessAlone()
    {
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            applyTheme(theme);
            const ColorScale scale = ColorScale::sequential(QApplication::palette());
            const double direction = theme == Theme::Light ? -1.0 : 1.0;
            for (int i = 1; i < 256; ++i)
                QVERIFY2(direction * (luminance(QColor::fromRgb(scale.at(i / 255.0))) - luminance(QColor::fromRgb(scale.at((i - 1) / 255.0)))) > -1e-3, qPrintable(QString::number(i)));
            QVERIFY(contrast(QColor::fromRgb(scale.at(0.0)), QColor::fromRgb(scale.at(1.0))) > 7.0);
            QCOMPARE(QColor::fromRgb(scale.at(0.0)), QApplication::palette().color(QPalette::Base));
        }
    }

    void bothSidesOfZeroLeaveTheBackground()
    {
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            applyTheme(theme);
            const ColorScale scale = ColorScale::diverging(QApplication::palette());
            for (const double end : {0.0, 1.0})
                QVERIFY(contrast(QColor::fromRgb(scale.at(0.5)), QColor::fromRgb(scale.at(end))) > 4.5);
        }
    }

    void shareBeyondTheEndsIsTheEndAndNoShareIsNothing()
    {
        const ColorScale scale = ColorScale::sequential(QApplication::palette());
        QCOMPARE(scale.at(7.0), scale.at(1.0));
        QCOMPARE(scale.at(-7.0), scale.at(0.0));
        QCOMPARE(qAlpha(scale.at(std::numeric_limits<double>::quiet_NaN())), 0);
    }

    void secondaryTextIsReadable()
    {
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            applyTheme(theme);
            const QPalette palette = QApplication::palette();
            QVERIFY(contrast(meaningColors(palette).faintText, palette.color(QPalette::Base)) >= 4.5);
            QVERIFY(contrast(palette.color(QPalette::PlaceholderText), palette.color(QPalette::Base)) >= 4.5);
        }
    }
};

QTEST_MAIN(StyleTest)
#include "style_test.moc"
