// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/comparison_model.h"
#include "pages/page.h"

#include <array>
#include <functional>
#include <memory>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QSplitter;
class QTabBar;

namespace quantloupe::ui {

class LinkedTable;
class SlopeChart;

/// What is done with a file once it was chosen. (Under a name: moc takes the arguments of a function type apart.)
using FileTaker = std::function<void(const QString &file)>;

/// Two reports before and after: what is open against the archive's own report or against a file, or two files. A file is a report (ours or anybody's), or an
/// archive, which is run on the samples of the last run where there was one.
class ComparePage : public Page {
    Q_OBJECT
public:
    ComparePage(Session &session, Selection &selection, QWidget *parent = nullptr);

    /// Puts the file before what is open.
    void compareWith(const QString &file);
    void compareFiles(const QString &before, const QString &after);
    ~ComparePage() override;

    const ComparisonModel &model() const { return m_model; }
    SlopeChart &chart() const { return *m_chart; }

    QList<ChartPanel *> charts() const override;
    QList<QWidget *> panes() const override;
    bool isBusy() const override;
    bool takeDroppedFiles(const QStringList &files) override;
    QList<QSplitter *> splitters() const override;
    void resetLayout() override;

signals:
    /// A file is to be chosen; `then` is called with it.
    void fileRequested(const quantloupe::ui::FileTaker &then);

protected:
    void showEvent(QShowEvent *event) override;

private:
    enum Side { Before, After };
    static constexpr std::size_t kSides = 2;
    struct Source;

    QWidget *madeBar();
    void connectParts();
    void start(); ///< another subject is open
    void refresh();
    void offer();
    void chosen(Side side, int entry);
    void askForFile(Side side);
    std::shared_ptr<Source> fileSource(const QString &file);
    bool isThere(const Source &source) const;
    std::shared_ptr<const FigureTable> tableOf(Source &source);
    void load(Source &source);
    void drop(Source &source);
    void compare();
    void say(const QString &sentence);
    QString basisText() const;
    void showLists();
    void showList(int tab);
    void showSelected();
    void chooseRow(int row);
    QString titleOf(const Source &source) const;

    Session &m_session;
    Selection &m_selection;
    ComparisonModel m_model;
    std::array<QComboBox *, kSides> m_choices;
    std::array<std::shared_ptr<Source>, kSides> m_sides;
    std::array<std::vector<RowKey>, kSides> m_keys; ///< of the rows of a side that is open here; empty for a file
    std::vector<std::shared_ptr<Source>> m_sources;
    std::array<bool, kSides> m_isChosen{}; ///< by the user: stays when more reports come in
    QPushButton *m_swap;
    QComboBox *m_metric;
    QPushButton *m_save;
    QLabel *m_state;
    SlopeChart *m_chart;
    QTabBar *m_lists;
    LinkedTable *m_table;
    QSplitter *m_columns;
    bool m_isStale = true; ///< something changed while the page was not seen
};

} // namespace quantloupe::ui
