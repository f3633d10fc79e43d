// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/verdict_look.h"

#include "style/theme.h"

namespace quantloupe::ui {

VerdictLook lookOf(Verdict verdict, const QPalette &palette)
{
    const MeaningColors colors = meaningColors(palette);
    switch (verdict) {
    case Verdict::Ideal: return {Glyph::Ideal, colors.ideal};
    case Verdict::Raised: return {Glyph::Raised, colors.raised};
    case Verdict::Outlier: return {Glyph::Outlier, colors.outlier};
    case Verdict::Unknown: break;
    }
    return {Glyph::Unknown, colors.faintText};
}

} // namespace quantloupe::ui
