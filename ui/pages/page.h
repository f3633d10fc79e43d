// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/change.h"
#include "models/selection.h"
#include "models/session.h"
#include "models/tensor_filter_model.h"
#include "report/finding.h"
#include "style/icons.h"

#include <QWidget>

#include <span>

class QLineEdit;
class QSplitter;

namespace quantloupe::ui {

class ChartPanel;
class Evaluator;

/// What every page is made from: the state they all share.
struct PageContext {
    Session &session;
    Selection &selection;
    TensorTableModel &table;
    TensorFilterModel &filter;
    Evaluator &evaluator;
};

/// One page of the workspace. It gets its models by constructor and speaks by signals; the workspace gives it a tab, an
/// action with a shortcut, a place in the round of panes and a picture in --screenshots.
class Page : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// Charts that can be saved and copied. The first is the one meant when none has the focus.
    virtual QList<ChartPanel *> charts() const { return {}; }
    /// Where F6 stops, in the order of reading.
    virtual QList<QWidget *> panes() const;
    /// Where "find" goes on this page; none: to the filter of the table.
    virtual QLineEdit *searchField() const { return nullptr; }
    /// True while the page works out something of its own that it does not show yet.
    virtual bool isBusy() const { return false; }
    /// Files dropped while the page is shown: true when it takes them for itself.
    virtual bool takeDroppedFiles(const QStringList &) { return false; }
    /// Whose sizes are kept between starts.
    virtual QList<QSplitter *> splitters() const { return {}; }
    QByteArray layoutState() const;
    /// What was saved of other splitters, or is damaged, changes nothing.
    void restoreLayout(const QByteArray &state);
    virtual void resetLayout() {}

signals:
    void said(quantloupe::Severity severity, const QString &text);
    /// The user changed what is shown; goes onto the undo stack.
    void changed(const quantloupe::ui::Change &change);
    /// A table is to be written where the user says.
    void textToSave(const QString &title, const QString &fileName, const QByteArray &text);
    /// Asks for another page, by its name.
    void pageRequested(const QString &name);
};

/// A row of the list of pages; each page's file defines its own.
struct PageSpec {
    const char *name; ///< for --page, file names and settings: "overview"
    Glyph glyph;
    QString (*title)();
    QString (*explanation)();
    Page *(*make)(const PageContext &context, QWidget *parent);
};
/// In the order of the tabs.
std::span<const PageSpec *const> pageSpecs();

} // namespace quantloupe::ui
