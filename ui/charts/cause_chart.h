// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_panel.h"
#include "models/causes_model.h"
#include "models/selection.h"

#include <QAbstractScrollArea>

namespace quantloupe::ui {

/// Operators below each other, each with the shares of its error in one bar: a colour, a pattern and where there is room a name for every cause. Beside the
/// bar what the operator does to the model's outputs. Only what is seen is drawn. A click or the arrow keys choose an operator.
class CauseBars : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit CauseBars(const CausesModel &model, QWidget *parent = nullptr);

    void refresh(); ///< after the model changed
    void choose(int row);
    int rowAt(const QPoint &position) const; ///< of the viewport; -1 without one
    QRectF placeOf(int row) const;           ///< in viewport coordinates

    /// The first operators, as many as one looks at on a page.
    QSizeF pictureSize() const;
    void paintPicture(QPainter &painter, const QRectF &target) const;

signals:
    void chosen(int row);
    void opened(int row); ///< double click, or Enter

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    struct Columns; ///< where things stand across
    Columns columns(double width) const;
    double rowHeight() const;
    double headHeight() const;
    void paintHead(QPainter &painter, const Columns &columns, double bottom) const;
    void paintRow(QPainter &painter, const Columns &columns, int row, double top) const;
    void paintBar(QPainter &painter, const Columns &columns, int row, double top) const;
    void paintIdeal(QPainter &painter, const Columns &columns, int row, double top) const;
    QString toolTip(int row) const;
    void measure();

    const CausesModel &m_model;
    int m_chosen = -1;
    double m_first = 0.0; ///< of the axis, as a share: below 0 where causes make up for each other
    double m_last = 1.0;
};

/// The bars with title, legend and summary; chooses in the selection that all pages share.
class CauseChart : public ChartPanel {
    Q_OBJECT
public:
    CauseChart(const CausesModel &model, Selection &selection, QWidget *parent = nullptr);

    CauseBars &bars() const { return *m_bars; }
    /// What stands there while there is no analysis.
    void setSentenceInstead(const QString &sentence);

    QSizeF pictureSize() const override { return m_bars->pictureSize(); }
    void paintPicture(QPainter &painter, const QRectF &target) const override { m_bars->paintPicture(painter, target); }

protected:
    void rebuild() override;

private:
    QString summaryText() const;

    const CausesModel &m_model;
    CauseBars *m_bars;
    QString m_instead;
};

} // namespace quantloupe::ui
