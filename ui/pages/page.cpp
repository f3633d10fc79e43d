// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/page.h"

#include "charts/chart_panel.h"

#include <array>

namespace quantloupe::ui {

#define QL_ITEM(name) extern const PageSpec name;
#include "registry/pages.inc"
#undef QL_ITEM

QList<QWidget *> Page::panes() const
{
    QList<QWidget *> panes;
    const auto all = charts();
    for (ChartPanel *chart : all)
        panes << chart;
    return panes;
}

std::span<const PageSpec *const> pageSpecs()
{
    static constexpr std::array kSpecs{
#define QL_ITEM(name) &name,
#include "registry/pages.inc"
#undef QL_ITEM
    };
    return kSpecs;
}

} // namespace quantloupe::ui
