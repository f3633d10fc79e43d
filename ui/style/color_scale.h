// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QList>

#include <array>

class QPalette;

namespace quantloupe::ui {

/// Colours for amounts, as a table of 256. Lightness alone tells them apart, from the page's own background to its
/// strongest opposite, so that they can be read without colour vision and in grey.
class ColorScale {
public:
    /// 0 is the background: for counts and errors, which start at nothing.
    static ColorScale sequential(const QPalette &palette);
    /// The middle is the background, the ends are blue and orange: for values on both sides of 0.
    static ColorScale diverging(const QPalette &palette);

    /// `share` from 0 to 1; beyond it the ends, NaN transparent.
    QRgb at(double share) const;
    /// A few of them in order, for a legend.
    QList<QColor> swatches() const;

private:
    explicit ColorScale(const QList<QColor> &stops);

    std::array<QRgb, 256> m_table{};
};

} // namespace quantloupe::ui
