// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/page.h"

#include "charts/chart_panel.h"

#include <QDataStream>
#include <QIODevice>
#include <QSplitter>

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

QByteArray Page::layoutState() const
{
    const auto all = splitters();
    if (all.isEmpty())
        return {};
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    for (const QSplitter *splitter : all)
        stream << splitter->sizes();
    return state;
}

void Page::restoreLayout(const QByteArray &state)
{
    const auto all = splitters();
    QList<QList<int>> sizes(all.size());
    QDataStream stream(state);
    for (QList<int> &each : sizes)
        stream >> each;
    bool fits = stream.status() == QDataStream::Ok;
    for (int i = 0; i < static_cast<int>(all.size()); ++i)
        fits = fits && sizes[i].size() == all[i]->count();
    for (int i = 0; i < static_cast<int>(all.size()) && fits; ++i)
        all[i]->setSizes(sizes[i]);
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
