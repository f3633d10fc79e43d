// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/verdict.h"
#include "style/icons.h"

class QPalette;

namespace quantloupe::ui {

/// How a verdict is drawn everywhere: a sign and a colour, never the colour alone.
struct VerdictLook {
    Glyph glyph;
    QColor color;
};
VerdictLook lookOf(Verdict verdict, const QPalette &palette);

} // namespace quantloupe::ui
