// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_panel.h"
#include "report/report.h"

#include <memory>

namespace quantloupe::ui {

/// What the charts of a recurrent operator show.
struct RnnView {
    std::shared_ptr<const Report> report; ///< keeps the traces alive
    const RnnTrace *trace = nullptr;      ///< null: nothing to draw
    std::shared_ptr<const Report> otherReport;
    const RnnTrace *other = nullptr;      ///< the same operator, run with the other state policy; null while not measured
    QString why;                          ///< the sentence to be shown when there is nothing
    QString place;                        ///< "#7 UNIDIRECTIONAL_SEQUENCE_LSTM"
    ErrorKind kind = ErrorKind::Local;
};

/// A chart over the time steps of a recurrent operator. The charts below draw it.
class RnnChart : public ChartPanel {
    Q_OBJECT
public:
    RnnChart(const QString &objectName, const QString &title, QWidget *parent = nullptr);

    void setView(const RnnView &view);

protected:
    void rebuild() final;
    /// Draws and returns the summary; a sentence in `why` when there is nothing to draw.
    virtual QString draw(const RnnView &view, QString &why) = 0;
    void setName(const QString &name) { m_name = name; }
    int pointsThatFit() const;

private:
    QString m_name;
    RnnView m_view;
};

/// Error of the output by time step: local and accumulated, state reset and carried over above each other, so that the leak
/// from sample to sample is the gap between two lines.
class StepErrorChart : public RnnChart {
    Q_OBJECT
public:
    explicit StepErrorChart(QWidget *parent = nullptr);

protected:
    QString draw(const RnnView &view, QString &why) override;
};

/// Error by time step and unit.
class UnitErrorChart : public RnnChart {
    Q_OBJECT
public:
    explicit UnitErrorChart(QWidget *parent = nullptr);
    /// "cell", "hidden", "svdf_state".
    void setQuantity(const QString &name);

protected:
    QString draw(const RnnView &view, QString &why) override;

private:
    QString m_quantity = QStringLiteral("hidden");
};

/// One quantity by time step, float against integer, from its smallest to its largest value, with the limits of its integer
/// form. Where values lie on a limit the chart is marked as clipped.
class QuantityChart : public RnnChart {
    Q_OBJECT
public:
    QuantityChart(const QString &objectName, const QString &title, const QStringList &quantities, QWidget *parent = nullptr);

protected:
    QString draw(const RnnView &view, QString &why) override;

private:
    QStringList m_quantities; ///< the first that the operator has is drawn
};

} // namespace quantloupe::ui
