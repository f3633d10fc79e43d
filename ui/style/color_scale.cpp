// SPDX-License-Identifier: GPL-3.0-or-later
#include "style/color_scale.h"

#include "style/theme.h"

#include <QPalette>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {

ColorScale::ColorScale(const QList<QColor> &stops)
{
    const auto spans = static_cast<float>(stops.size() - 1);
    for (std::size_t i = 0; i < m_table.size(); ++i) {
        const float place = static_cast<float>(i) / static_cast<float>(m_table.size() - 1) * spans;
        const auto first = static_cast<qsizetype>(std::min(std::floor(place), spans - 1.0f));
        const float share = place - static_cast<float>(first);
        const QColor &a = stops[first];
        const QColor &b = stops[first + 1];
        const auto mixed = [&](float x, float y) { return x + (y - x) * share; };
        m_table[i] = QColor::fromRgbF(mixed(a.redF(), b.redF()), mixed(a.greenF(), b.greenF()), mixed(a.blueF(), b.blueF())).rgb();
    }
}

ColorScale ColorScale::sequential(const QPalette &palette)
{
    const QColor base = palette.color(QPalette::Base);
    if (isDark(palette))
        return ColorScale({base, QColor(0x1f, 0x4e, 0x86), QColor(0x3f, 0x9f, 0xc4), QColor(0xa6, 0xe0, 0xb4), QColor(0xff, 0xfb, 0xcf)});
    return ColorScale({base, QColor(0xa9, 0xd6, 0xe0), QColor(0x46, 0x9f, 0xc0), QColor(0x1c, 0x5a, 0x93), QColor(0x0c, 0x1c, 0x4c)});
}

ColorScale ColorScale::diverging(const QPalette &palette)
{
    const QColor base = palette.color(QPalette::Base);
    if (isDark(palette))
        return ColorScale({QColor(0x8f, 0xd2, 0xff), QColor(0x2a, 0x6a, 0xa3), base, QColor(0xa3, 0x5c, 0x10), QColor(0xff, 0xd0, 0x7a)});
    return ColorScale({QColor(0x08, 0x3c, 0x74), QColor(0x6a, 0xae, 0xd6), base, QColor(0xf0, 0xa0, 0x4b), QColor(0x8a, 0x3b, 0x00)});
}

QRgb ColorScale::at(double share) const
{
    if (std::isnan(share))
        return qRgba(0, 0, 0, 0);
    return m_table[static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * 255.0))];
}

QList<QColor> ColorScale::swatches() const
{
    constexpr int kSwatches = 7;
    QList<QColor> colors;
    for (int i = 0; i < kSwatches; ++i)
        colors << QColor::fromRgb(at(static_cast<double>(i) / (kSwatches - 1)));
    return colors;
}

} // namespace quantloupe::ui
