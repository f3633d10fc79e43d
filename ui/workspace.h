// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/page.h"

#include <QWidget>

class QTabWidget;

namespace quantloupe::ui {

class Actions;
class ReportBar;
class RunBar;
class Settings;

/// What is shown of an opened archive: the bar of a run, the bar of the report, and the pages of the list as tabs.
class Workspace : public QWidget {
    Q_OBJECT
public:
    Workspace(const PageContext &context, Actions &actions, QWidget *parent = nullptr);

    RunBar &runBar() const { return *m_runBar; }
    ReportBar &reportBar() const { return *m_reportBar; }

    template <typename T> T &page() const
    {
        T *found = nullptr;
        for (Page *each : m_pages)
            found = found ? found : qobject_cast<T *>(each);
        return *found;
    }
    Page &currentPage() const;
    void showPage(const QString &name);

    QList<ChartPanel *> charts() const; ///< of all pages
    /// The chart that has the focus, or else the current page's first, or the chart over operators.
    ChartPanel &chartInFocus() const;
    QList<QWidget *> panes() const; ///< the bars, then the current page's

    void saveLayout(Settings &settings) const;
    void restoreLayout(const Settings &settings);
    void resetLayout();

signals:
    void said(quantloupe::Severity severity, const QString &text);
    void changed(const quantloupe::ui::Change &change);
    void textToSave(const QString &title, const QString &fileName, const QByteArray &text);
    void saveChartRequested(quantloupe::ui::ChartPanel *panel);
    void copyChartRequested(quantloupe::ui::ChartPanel *panel);

private:
    void addPages(const PageContext &context, Actions &actions);
    void shareLogarithm(Actions &actions);
    void step(int direction);

    RunBar *m_runBar;
    ReportBar *m_reportBar;
    QTabWidget *m_tabs;
    QList<Page *> m_pages;
};

} // namespace quantloupe::ui
