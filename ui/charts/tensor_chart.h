// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_panel.h"
#include "models/selection.h"
#include "models/session.h"

class QTimer;

namespace quantloupe::ui {

/// A chart of the selected tensor: finds it, follows the selection and the shown report, and says why there is nothing
/// to draw. The three charts below draw it.
class TensorChart : public ChartPanel {
    Q_OBJECT
public:
    TensorChart(const QString &objectName, const QString &title, const Session &session, const Selection &selection, QWidget *parent = nullptr);

protected:
    void rebuild() final;
    /// Draws and returns the summary.
    virtual QString draw(const TensorComparison &row, const ErrorStatistics &statistics) = 0;
    ErrorKind kind() const { return m_session.kind(); }
    QColor kindColor() const;
    /// A sentence of caution for tensors of few elements, or nothing.
    QString fewElementsNotice(const TensorComparison &row) const;

private:
    QString whyNothing(int row) const;
    void follow();

    const Session &m_session;
    const Selection &m_selection;
    QString m_name;
    QTimer *m_later; ///< to draw what a run in progress brings
};

/// Float and dequantized values over each other.
class ValueHistogram : public TensorChart {
    Q_OBJECT
public:
    ValueHistogram(const QString &objectName, const Session &session, const Selection &selection, QWidget *parent = nullptr);

protected:
    QString draw(const TensorComparison &row, const ErrorStatistics &statistics) override;
};

/// How often each code occurs, with the ends of the range marked: clipping piles up there, and range that is paid for and
/// not used stays empty.
class CodeChart : public TensorChart {
    Q_OBJECT
public:
    CodeChart(const Session &session, const Selection &selection, QWidget *parent = nullptr);

protected:
    QString draw(const TensorComparison &row, const ErrorStatistics &statistics) override;
};

/// The difference in steps of the output scale, with the half step that rounding alone causes.
class ErrorHistogram : public TensorChart {
    Q_OBJECT
public:
    ErrorHistogram(const QString &objectName, const Session &session, const Selection &selection, QWidget *parent = nullptr);

protected:
    QString draw(const TensorComparison &row, const ErrorStatistics &statistics) override;
};

/// rmse of each sample: one bad sample, or all alike?
class SampleChart : public TensorChart {
    Q_OBJECT
public:
    SampleChart(const QString &objectName, const Session &session, const Selection &selection, QWidget *parent = nullptr);

protected:
    QString draw(const TensorComparison &row, const ErrorStatistics &statistics) override;
};

} // namespace quantloupe::ui
