// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>

class QHBoxLayout;
class QLabel;
class QMenu;
class QStackedLayout;

namespace quantloupe::ui {

class Legend;
class PlotView;
struct LegendEntry;

/// What every chart has: a title, room for controls, the plot or a sentence instead of it, a summary in words (shown, and
/// the accessible description), and a menu to save and copy it.
class ChartPanel : public QWidget {
    Q_OBJECT
public:
    ChartPanel(const QString &objectName, const QString &title, QWidget *parent = nullptr);

    PlotView &plot() const { return *m_plot; }
    /// The whole title, as exported; the panel itself may show a shorter one.
    QString title() const { return m_wholeTitle; }
    const QList<LegendEntry> &legend() const;
    QString summary() const;
    bool isPlotShown() const;
    QString sentenceInstead() const; ///< what stands there when there is nothing to draw
    /// What exports draw below the title, at life size.
    virtual QSizeF pictureSize() const;
    virtual void paintPicture(QPainter &painter, const QRectF &target) const;
    /// Proposed name of a file without its suffix: "operators-rmse-scale".
    QString fileStem() const { return m_fileStem; }

signals:
    void saveRequested(quantloupe::ui::ChartPanel *panel);
    void copyRequested(quantloupe::ui::ChartPanel *panel);

protected:
    QHBoxLayout &controls() const { return *m_controls; }
    void setTitle(const QString &whole, const QString &shown);
    void setLegend(const QList<LegendEntry> &entries);
    /// Something of its own in the place of the plot; to be set once, first.
    void setContent(QWidget *content);
    void setFileStem(const QString &stem) { m_fileStem = stem; }
    /// Title and file name of a chart of one thing: "Weights, local error: #3 CONV_2D", shown as "Weights · local error". `kind`
    /// may be empty.
    void setTitleOf(const QString &name, const QString &kind, const QString &place);
    /// Clears the plot and shows what `draw` puts into it, with the summary it returns, or else the sentence it leaves in `why`.
    void drawPlot(const std::function<QString(QString &why)> &draw);
    void showPlot(const QString &summary);
    void showInstead(const QString &sentence);
    /// Draws now, or when the panel is next seen: what lies on another page need not be drawn at every click.
    void refresh();
    /// Draws anew: after data, size and palette changes. Not pure: a palette change may come while the panel is built.
    virtual void rebuild() {}
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void addMenu();

    QLabel *m_title;
    QString m_wholeTitle;
    QHBoxLayout *m_controls;
    Legend *m_legend;
    QStackedLayout *m_stack;
    PlotView *m_plot;
    QWidget *m_content; ///< the plot, or what stands in its place
    QLabel *m_instead;
    QLabel *m_summary;
    QString m_fileStem;
    int m_builtForWidth = -1;
    bool m_isStale = false;
};

} // namespace quantloupe::ui
