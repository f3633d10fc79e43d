// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFontMetricsF>
#include <QList>
#include <QString>
#include <QWidget>

namespace quantloupe::ui {

struct LegendEntry {
    enum class Mark { Fill, Line, Dashes, Dots, Diamond, Scale } mark = Mark::Fill;
    QColor color;
    QString name;
    QList<QColor> swatches = {}; ///< of a Scale, from the smallest value to the largest
    Qt::BrushStyle pattern = Qt::NoBrush; ///< over a Fill
};

/// Lines that the entries need in that width, at most two.
int legendLines(const QList<LegendEntry> &entries, double width, const QFontMetricsF &metrics);
/// Draws the entries from the left, in as many lines as they need; what does not fit into two is left out. Shared by the screen
/// and the exports. (Qt Charts' own legend cuts names short once fonts change.)
void paintLegend(QPainter &painter, const QRectF &place, const QList<LegendEntry> &entries, const QPalette &palette);

class Legend : public QWidget {
    Q_OBJECT
public:
    explicit Legend(QWidget *parent = nullptr);

    const QList<LegendEntry> &entries() const { return m_entries; }
    void setEntries(const QList<LegendEntry> &entries);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void takeLines();

    QList<LegendEntry> m_entries;
    int m_lines = 1;
};

} // namespace quantloupe::ui
