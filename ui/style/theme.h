// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>

#include <optional>

class QPalette;

namespace quantloupe::ui {

enum class Theme { System, Light, Dark };

/// "system", "light", "dark": as in settings and on the command line.
QString themeName(Theme theme);
std::optional<Theme> themeNamed(const QString &name);

/// Applies a palette to the whole application; System goes back to the desktop's own.
void applyTheme(Theme theme);

bool isDark(const QPalette &palette);

/// Colours that carry meaning. From the Okabe-Ito set, which stays apart under the common colour-vision deficiencies;
/// every use is doubled by an icon, a text or a position.
struct MeaningColors {
    QColor ideal;
    QColor raised;
    QColor outlier;
    QColor floatSide;     ///< the float tensor, and local error
    QColor quantizedSide; ///< the dequantized tensor
    QColor accumulated;   ///< accumulated error
    QColor selection;
    QColor grid;
    QColor faintText; ///< secondary text, still 4.5:1 on the base
};
MeaningColors meaningColors(const QPalette &palette);

} // namespace quantloupe::ui
