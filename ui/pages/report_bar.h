// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/session.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace quantloupe::ui {

/// Which report and which error is shown, what it rests on, and the filter line.
class ReportBar : public QWidget {
    Q_OBJECT
public:
    explicit ReportBar(Session &session, QWidget *parent = nullptr);

    QLineEdit &filter() const { return *m_filter; }
    /// Marks the filter as not understood, or as fine with an empty text.
    void showFilterError(const QString &error);
    QString basis() const;

private:
    void refreshSources();
    void refreshKinds();

    Session &m_session;
    QComboBox *m_source;
    QComboBox *m_kinds;
    QLineEdit *m_filter;
    QLabel *m_filterError;
    QLabel *m_basis;
};

} // namespace quantloupe::ui
