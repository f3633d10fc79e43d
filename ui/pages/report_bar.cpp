// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/report_bar.h"

#include "style/icons.h"
#include "style/elided_label.h"
#include "models/column_text.h"
#include "models/report_text.h"
#include "style/theme.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStandardItemModel>

namespace quantloupe::ui {

ReportBar::ReportBar(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_source(new QComboBox(this)), m_kinds(new QComboBox(this)), m_filter(new QLineEdit(this)),
      m_filterError(new QLabel(this)), m_basis(new ElidedLabel(this))
{
    setObjectName(QStringLiteral("reportBar"));
    m_source->setObjectName(QStringLiteral("reportSource"));
    m_source->setAccessibleName(tr("Report shown"));
    m_source->setToolTip(tr("The archive’s own report, or the one measured here. Where both are there, the table of the measured one also has the archive’s rmse/scale."));
    m_source->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_kinds->setObjectName(QStringLiteral("shownKinds"));
    m_kinds->setAccessibleName(tr("Error shown"));
    m_kinds->setToolTip(kindExplanation(ErrorKind::Local) + QLatin1Char('\n') + kindExplanation(ErrorKind::Accumulated));
    m_kinds->addItem(tr("Local error"), static_cast<int>(ShownKinds::Local));
    m_kinds->addItem(tr("Accumulated error"), static_cast<int>(ShownKinds::Accumulated));
    m_kinds->addItem(tr("Local and accumulated"), static_cast<int>(ShownKinds::Both));
    m_filter->setObjectName(QStringLiteral("filter"));
    m_filter->setAccessibleName(tr("Filter of the table"));
    m_filter->setPlaceholderText(tr("Filter: words, or rmse/scale > 0.7 && op == CONV_2D"));
    m_filter->setToolTip(tr("Words that occur in the operator or tensor name, or an expression over columns:\n"
                            "rmse/scale > 0.7 && op == CONV_2D\naccumulated.rmse/scale >= 1 || tensor ~ lstm\n"
                            "Comparisons: < <= > >= == != ~ (contains); && || and brackets. A column’s name is in its header’s tooltip."));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMinimumWidth(220);
    m_filter->addAction(icon(Glyph::Search), QLineEdit::LeadingPosition);
    m_filterError->setObjectName(QStringLiteral("filterError"));
    m_filterError->setTextFormat(Qt::PlainText);
    m_filterError->hide();
    m_basis->setObjectName(QStringLiteral("basis"));
    m_basis->setForegroundRole(QPalette::PlaceholderText);

    auto *first = new QHBoxLayout;
    first->setSpacing(6);
    auto *title = new QLabel(tr("S&how:"), this);
    title->setBuddy(m_source);
    first->addWidget(title);
    first->addWidget(m_source);
    first->addWidget(m_kinds);
    first->addStretch(1);
    first->addWidget(m_filterError);
    first->addWidget(m_filter, 2);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 4);
    layout->setSpacing(4);
    layout->addLayout(first);
    layout->addWidget(m_basis);

    connect(&session, &Session::sourcesChanged, this, &ReportBar::refreshSources);
    connect(&session, &Session::shownChanged, this, &ReportBar::refreshKinds);
    connect(m_source, &QComboBox::activated, this, [this] { m_session.show(static_cast<ReportSource>(m_source->currentData().toInt())); });
    connect(m_kinds, &QComboBox::activated, this, [this] { m_session.setKinds(static_cast<ShownKinds>(m_kinds->currentData().toInt())); });
    refreshSources();
    refreshKinds();
}

void ReportBar::refreshSources()
{
    const QSignalBlocker blocker(m_source);
    m_source->clear();
    for (const ReportSource source : {ReportSource::Archived, ReportSource::Measured})
        if (m_session.has(source))
            m_source->addItem(sourceText(source, m_session), static_cast<int>(source));
    if (m_source->count() == 0)
        m_source->addItem(tr("No report yet"), -1);
    m_source->setCurrentIndex(std::max(0, m_source->findData(static_cast<int>(m_session.source()))));
    m_source->setEnabled(m_source->count() > 1);
}

void ReportBar::refreshKinds()
{
    const ShownReport &shown = m_session.shown();
    const bool hasBoth = shown.has(ErrorKind::Local) && shown.has(ErrorKind::Accumulated);
    m_kinds->setEnabled(hasBoth);
    m_kinds->setCurrentIndex(m_kinds->findData(static_cast<int>(m_session.kinds())));
    m_basis->setText(basisText(shown, m_session.subject().get()));
}

void ReportBar::showFilterError(const QString &error)
{
    m_filterError->setText(error);
    m_filterError->setVisible(!error.isEmpty());
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, meaningColors(palette()).outlier);
    m_filterError->setPalette(colors);
    m_filter->setAccessibleDescription(error);
}

QString ReportBar::basis() const
{
    return m_basis->text();
}

} // namespace quantloupe::ui
