// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_panel.h"
#include "models/selection.h"
#include "models/session.h"

#include <vector>


class QComboBox;
class QToolButton;

namespace quantloupe::ui {

/// A chosen metric over the operators, with its ideal and threshold. The bar of the selection is marked; a click or the
/// arrow keys select.
class OperatorChart : public ChartPanel {
    Q_OBJECT
public:
    OperatorChart(const Session &session, Selection &selection, QWidget *parent = nullptr, const QString &objectName = QStringLiteral("operatorChart"));

    int metric() const;
    void setMetric(int metric);
    bool isLogarithmic() const;
    void setLogarithmic(bool isLogarithmic);
    QToolButton *logButton() const { return m_log; }

protected:
    void rebuild() override;

private:
    struct Side; ///< the values of one kind of error

    QString draw(QString &why);
    void addSides(const std::vector<Side> &sides, double base, int maxBars);
    void addByVerdict(const Side &side, double base, int maxBars);
    void addArchived(double base);
    void addReferenceLines(double rows);
    void markSelection(double first, double last);
    std::vector<Side> sides() const;
    QList<LegendEntry> legendOf(const std::vector<Side> &sides) const;
    bool hasArchivedMarks() const;
    QString summaryOf(const std::vector<Side> &sides) const;
    QString toolTip(int row) const;
    int rowAt(double x) const;
    void step(int direction);

    const Session &m_session;
    Selection &m_selection;
    QComboBox *m_metric;
    QToolButton *m_log;
};

} // namespace quantloupe::ui
