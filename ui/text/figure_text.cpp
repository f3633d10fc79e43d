// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/figure_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace quantloupe::ui {

QString figureText(double value)
{
    if (std::isnan(value))
        return QStringLiteral("–");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    const double magnitude = std::abs(value);
    if (magnitude == 0.0)
        return QLocale().toString(0);
    if (magnitude < 1e-3 || magnitude >= 1e6)
        return QLocale().toString(value, 'e', 2);
    const int decimals = std::max(0, 3 - static_cast<int>(std::floor(std::log10(magnitude))));
    return QLocale().toString(value, 'f', std::min(decimals, 5));
}

QString exactText(double value)
{
    if (std::isnan(value))
        return {};
    return QString::number(value, 'g', QLocale::FloatingPointShortest);
}

QString countText(double count)
{
    return std::isnan(count) ? QStringLiteral("–") : QLocale().toString(static_cast<qlonglong>(count));
}

QString bytesText(quint64 bytes)
{
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeTraditionalFormat);
}

QString durationText(double seconds)
{
    if (seconds < 1.0)
        return QCoreApplication::translate("quantloupe::ui", "under 1 s");
    if (seconds < 90.0)
        return QCoreApplication::translate("quantloupe::ui", "%1 s").arg(QLocale().toString(std::ceil(seconds), 'f', 0));
    return QCoreApplication::translate("quantloupe::ui", "%1 min").arg(QLocale().toString(std::ceil(seconds / 60.0), 'f', 0));
}

} // namespace quantloupe::ui
