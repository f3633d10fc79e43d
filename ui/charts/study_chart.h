// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_panel.h"
#include "report/tensor_study.h"

#include <memory>

namespace quantloupe::ui {

/// What the charts of a close look show, and of what.
struct StudyView {
    std::shared_ptr<const TensorStudy> study = {}; ///< null: nothing to draw yet
    QString why = {};                         ///< the sentence to be shown then
    QString place = {};                       ///< "#3 CONV_2D"
    ErrorKind kind = ErrorKind::Local;
    double scale = 1.0;                       ///< of the tensor
    double rangeLower = 0.0;                  ///< what its smallest and largest code stand for
    double rangeUpper = 0.0;
    std::size_t weight = 0;                   ///< which of the study's weights
};

/// A chart of a close look at one tensor. The charts below draw it.
class StudyChart : public ChartPanel {
    Q_OBJECT
public:
    StudyChart(const QString &objectName, const QString &title, QWidget *parent = nullptr);

    void setView(const StudyView &view);

protected:
    void rebuild() final;
    /// Draws and returns the summary; nothing drawn and a sentence in `why` when there is nothing to draw.
    virtual QString draw(const StudyView &view, QString &why) = 0;
    /// True for charts of the error, which name its kind.
    virtual bool isOfError() const { return true; }
    QColor kindColor() const;
    int barsThatFit() const;
    const StudyView &view() const { return m_view; }

private:
    QString m_name;
    StudyView m_view;
};

/// Float values against dequantized ones: a straight line of steps when all is well, flat ends where it clips.
class DensityChart : public StudyChart {
    Q_OBJECT
public:
    explicit DensityChart(QWidget *parent = nullptr);

protected:
    QString draw(const StudyView &view, QString &why) override;
};

/// Error of each channel along the last axis.
class ChannelChart : public StudyChart {
    Q_OBJECT
public:
    explicit ChannelChart(QWidget *parent = nullptr);

protected:
    QString draw(const StudyView &view, QString &why) override;

private:
    void showToolTip(const QPointF &value, const QPoint &position);
};

/// Range of the float values of each channel against the range that the codes can hold.
class ChannelRangeChart : public StudyChart {
    Q_OBJECT
public:
    explicit ChannelRangeChart(QWidget *parent = nullptr);

protected:
    QString draw(const StudyView &view, QString &why) override;
};

/// Float and dequantized weights over each other.
class WeightHistogram : public StudyChart {
    Q_OBJECT
public:
    explicit WeightHistogram(QWidget *parent = nullptr);

protected:
    QString draw(const StudyView &view, QString &why) override;
    bool isOfError() const override { return false; }
};

/// The scale of every channel of a weight.
class WeightScaleChart : public StudyChart {
    Q_OBJECT
public:
    explicit WeightScaleChart(QWidget *parent = nullptr);

protected:
    QString draw(const StudyView &view, QString &why) override;
    bool isOfError() const override { return false; }
};

/// Error of every channel of a weight in steps of that channel's scale.
class WeightErrorChart : public StudyChart {
    Q_OBJECT
public:
    explicit WeightErrorChart(QWidget *parent = nullptr);

protected:
    QString draw(const StudyView &view, QString &why) override;
    bool isOfError() const override { return false; }
};

} // namespace quantloupe::ui
