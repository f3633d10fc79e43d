// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace quantloupe::ui {

/// A figure for people, in the user's locale, four significant digits: "0.2887", "1.3e-06"; an en dash for NaN.
QString figureText(double value);
/// The same figure for files and the clipboard: C locale, shortest text that reads back equal; empty for NaN.
QString exactText(double value);
/// "1,568", in the user's locale.
QString countText(double count);
/// "40 KB".
QString bytesText(quint64 bytes);
/// "about 2 min", "12 s".
QString durationText(double seconds);

} // namespace quantloupe::ui
