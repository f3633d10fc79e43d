// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_panel.h"
#include "models/comparison_model.h"

#include <QWidget>

#include <vector>

class QToolButton;

namespace quantloupe::ui {

/// A line from each row's figure before to its figure after. What became worse is drawn whole and thick, what became better dashed, the rest dotted; the largest
/// changes are named. A click or the arrow keys choose a row.
class SlopeLines : public QWidget {
    Q_OBJECT
public:
    explicit SlopeLines(const ComparisonModel &model, QWidget *parent = nullptr);

    void setLogarithmic(bool isLogarithmic);
    bool isLogarithmic() const { return m_isLogarithmic; }
    void refresh(); ///< after the model changed
    void choose(int row);
    int lineCount() const { return static_cast<int>(m_lines.size()); }
    int hiddenCount() const { return m_hidden; } ///< rows with a line that is not drawn: there are too many, or the axis has no place for it
    /// The line's end after the change, in the widget's coordinates.
    QPointF endOf(int row) const;
    void paintInto(QPainter &painter, const QSizeF &size) const;

signals:
    void chosen(int row);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Frame;
    Frame frame(const QSizeF &size) const;
    int lineAt(const QPointF &position) const; ///< position in m_lines; -1 without one near
    void paintAxes(QPainter &painter, const Frame &frame) const;
    void paintLine(QPainter &painter, const Frame &frame, int row) const;
    void paintNames(QPainter &painter, const Frame &frame) const;

    const ComparisonModel &m_model;
    std::vector<int> m_lines; ///< rows with both figures, the largest change first
    int m_hidden = 0;
    double m_first = 0.0;
    double m_last = 1.0;
    bool m_isLogarithmic = false;
    int m_chosen = -1;
};

/// The lines with title, legend and summary.
class SlopeChart : public ChartPanel {
    Q_OBJECT
public:
    explicit SlopeChart(const ComparisonModel &model, QWidget *parent = nullptr);

    SlopeLines &lines() const { return *m_lines; }
    void setSentenceInstead(const QString &sentence);

    QSizeF pictureSize() const override;
    void paintPicture(QPainter &painter, const QRectF &target) const override;

protected:
    void rebuild() override;

private:
    const ComparisonModel &m_model;
    SlopeLines *m_lines;
    QToolButton *m_log;
    QString m_instead;
};

} // namespace quantloupe::ui
