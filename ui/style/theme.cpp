// SPDX-License-Identifier: GPL-3.0-or-later
#include "style/theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyleFactory>

#include <array>

namespace quantloupe::ui {
namespace {

constexpr std::array kNames{"system", "light", "dark"};

struct Shades {
    QRgb window, base, alternate, text, button, mid, link, highlight, placeholder;
};
constexpr Shades kLight{0xfff4f5f7, 0xffffffff, 0xfff7f8fa, 0xff1d2126, 0xfff0f1f4, 0xffc4c9d0, 0xff0a62a8, 0xff1f6fb2, 0xff6b727c};
constexpr Shades kDark{0xff22252a, 0xff1a1c20, 0xff1f2226, 0xffe4e6ea, 0xff2d3137, 0xff4a5059, 0xff6cb6f5, 0xff2f78b7, 0xff979ea8};

QPalette paletteOf(const Shades &shades)
{
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, QRgb color) { palette.setColor(role, QColor::fromRgb(color)); };
    set(QPalette::Window, shades.window);
    set(QPalette::WindowText, shades.text);
    set(QPalette::Base, shades.base);
    set(QPalette::AlternateBase, shades.alternate);
    set(QPalette::Text, shades.text);
    set(QPalette::Button, shades.button);
    set(QPalette::ButtonText, shades.text);
    set(QPalette::BrightText, shades.text);
    set(QPalette::ToolTipBase, shades.base);
    set(QPalette::ToolTipText, shades.text);
    set(QPalette::PlaceholderText, shades.placeholder);
    set(QPalette::Link, shades.link);
    set(QPalette::Highlight, shades.highlight);
    set(QPalette::HighlightedText, 0xffffffff);
    const QColor button = QColor::fromRgb(shades.button);
    palette.setColor(QPalette::Light, button.lighter(115));
    palette.setColor(QPalette::Midlight, button.lighter(107));
    palette.setColor(QPalette::Mid, QColor::fromRgb(shades.mid));
    palette.setColor(QPalette::Dark, QColor::fromRgb(shades.mid).darker(120));
    palette.setColor(QPalette::Shadow, QColor(0, 0, 0, 120));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor::fromRgb(shades.placeholder));
    palette.setColor(QPalette::Inactive, QPalette::Highlight, QColor::fromRgb(shades.highlight));
    return palette;
}

} // namespace

QString themeName(Theme theme)
{
    return QString::fromLatin1(kNames[static_cast<std::size_t>(theme)]);
}

std::optional<Theme> themeNamed(const QString &name)
{
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (name == QLatin1String(kNames[i]))
            return static_cast<Theme>(i);
    return std::nullopt;
}

void applyTheme(Theme theme)
{
    // One style on every desktop: it is the one that honours a palette fully, and the one that was looked at.
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(QPalette());
    const bool dark = theme == Theme::Dark || (theme == Theme::System && isDark(QApplication::palette()));
    QApplication::setPalette(paletteOf(dark ? kDark : kLight));
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

MeaningColors meaningColors(const QPalette &palette)
{
    const QColor text = palette.color(QPalette::Text);
    QColor grid = text;
    grid.setAlphaF(0.14f);
    if (isDark(palette))
        return {QColor(0x2f, 0xc4, 0x9a), QColor(0xf0, 0xb4, 0x3c), QColor(0xff, 0x7d, 0x45), QColor(0x5a, 0xb2, 0xf0), QColor(0xf0, 0xa0, 0x3c),
                QColor(0xe3, 0x94, 0xc4), QColor(0x6c, 0xb6, 0xf5), grid, QColor(0xa6, 0xad, 0xb7)};
    return {QColor(0x00, 0x86, 0x62), QColor(0xb3, 0x77, 0x00), QColor(0xc4, 0x4e, 0x00), QColor(0x00, 0x72, 0xb2), QColor(0xd9, 0x8a, 0x00),
            QColor(0xa8, 0x4f, 0x86), QColor(0x1f, 0x6f, 0xb2), grid, QColor(0x5d, 0x64, 0x6e)};
}

} // namespace quantloupe::ui
