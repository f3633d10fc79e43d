// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/page.h"

class QSplitter;

namespace quantloupe::ui {

class FigureTile;
class FindingsPage;
class OperatorChart;

/// What one wants to know first: the figures at a glance, what was found and what to do about it, and the error over all
/// operators.
class OverviewPage : public Page {
    Q_OBJECT
public:
    OverviewPage(Session &session, Selection &selection, Evaluator &evaluator, QWidget *parent = nullptr);

    OperatorChart &operatorChart() const { return *m_chart; }
    FigureTile &tile(const char *name) const;

    bool isBusy() const override;
    QList<ChartPanel *> charts() const override;
    QList<QWidget *> panes() const override;
    QList<QSplitter *> splitters() const override;
    void resetLayout() override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    void addTile(const char *name);
    void refresh();
    void showModels();
    void showRun();
    void showWorst(const char *name, ErrorKind kind, const QString &title);
    void showOutliers();
    void showAccuracy();
    QString archivedAccuracyText() const;

    Session &m_session;
    Selection &m_selection;
    Evaluator &m_evaluator;
    QList<FigureTile *> m_tiles;
    FindingsPage *m_findings;
    OperatorChart *m_chart;
    QSplitter *m_columns;
};

} // namespace quantloupe::ui
