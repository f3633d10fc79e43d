// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/finding.h"

namespace quantloupe {

std::string_view name(Severity severity)
{
    switch (severity) {
    case Severity::Note: return "note";
    case Severity::Warning: return "warning";
    case Severity::Problem: return "problem";
    }
    return {};
}

} // namespace quantloupe
