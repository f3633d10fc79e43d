// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/findings_page.h"

#include "style/icons.h"
#include "pages/card_delegate.h"
#include "text/figure_text.h"
#include "text/plain_text.h"
#include "style/theme.h"

#include <algorithm>

namespace quantloupe::ui {
namespace {

Glyph glyphOf(Severity severity)
{
    return severity == Severity::Note ? Glyph::Note : severity == Severity::Warning ? Glyph::Warning : Glyph::Problem;
}

QColor colorOf(Severity severity, const MeaningColors &colors)
{
    return severity == Severity::Note ? colors.floatSide : severity == Severity::Warning ? colors.raised : colors.outlier;
}

std::vector<Finding> findingsOf(const Session &session)
{
    std::vector<Finding> findings;
    if (session.subject())
        findings = session.subject()->findings;
    if (const auto &report = session.shown().report())
        for (const Finding &finding : report->findings)
            if (std::none_of(findings.begin(), findings.end(), [&](const Finding &known) { return known.id == finding.id && known.op == finding.op && known.tensor == finding.tensor; }))
                findings.push_back(finding);
    if (const auto &report = session.shown().report())
        for (const std::string &sentence : report->leftOut)
            findings.push_back({"left-out", Severity::Note, sentence, {}, {}, {}, {}, {}});
    std::stable_sort(findings.begin(), findings.end(), [](const Finding &a, const Finding &b) { return a.severity > b.severity; });
    return findings;
}

/// What a card fired on, on how many samples it rests, and who recommends the remedy.
QString basisOf(const Finding &finding)
{
    QStringList parts;
    if (!finding.threshold.empty())
        parts << FindingsPage::tr("Fires at: %1").arg(plainText(finding.threshold));
    if (finding.samples > 0)
        parts << FindingsPage::tr("samples: %1").arg(countText(static_cast<double>(finding.samples)));
    if (!finding.source.empty())
        parts << FindingsPage::tr("source: %1").arg(plainText(finding.source));
    return parts.join(QStringLiteral(" · "));
}

bool isSame(const Finding &a, const Finding &b)
{
    return a.id == b.id && a.title == b.title && a.evidence == b.evidence && a.op == b.op;
}

} // namespace

FindingsPage::FindingsPage(const Session &session, Selection &selection, QWidget *parent) : QListWidget(parent), m_session(session), m_selection(selection)
{
    setObjectName(QStringLiteral("findings"));
    setAccessibleName(tr("Findings"));
    setFrameShape(QFrame::NoFrame);
    setMinimumWidth(220);
    setWordWrap(true);
    setUniformItemSizes(false);
    setResizeMode(QListView::Adjust);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setItemDelegate(new CardDelegate(this));
    connect(&session, &Session::subjectChanged, this, &FindingsPage::refresh);
    connect(&session, &Session::shownChanged, this, &FindingsPage::refresh);
    const auto choose = [this](QListWidgetItem *item) {
        const auto position = static_cast<std::size_t>(row(item));
        if (position < m_findings.size())
            if (const RowKey key = rowOf(m_findings[position]); key.isValid())
                m_selection.select(key);
    };
    connect(this, &QListWidget::itemClicked, this, choose);
    connect(this, &QListWidget::itemActivated, this, choose);
    refresh();
}

RowKey FindingsPage::rowOf(const Finding &finding) const
{
    const ShownReport &shown = m_session.shown();
    for (int row = 0; row < shown.rowCount(); ++row)
        if (const TensorComparison *comparison = shown.comparison(row); comparison && finding.op.isValid() && comparison->op == finding.op)
            return shown.key(row);
    return {};
}

int FindingsPage::countOf(Severity severity) const
{
    return static_cast<int>(std::count_if(m_findings.begin(), m_findings.end(), [severity](const Finding &finding) { return finding.severity == severity; }));
}

void FindingsPage::addFinding(const Finding &finding)
{
    auto *item = new QListWidgetItem(plainText(finding.title), this);
    item->setIcon(icon(glyphOf(finding.severity), colorOf(finding.severity, meaningColors(palette()))));
    QStringList details;
    for (const std::string *part : {&finding.evidence, &finding.remedy})
        if (!part->empty())
            details << plainText(*part);
    if (const QString basis = basisOf(finding); !basis.isEmpty())
        details << basis;
    item->setData(CardDelegate::DetailRole, details.join(QLatin1Char('\n')));
    item->setData(Qt::AccessibleTextRole, plainText(name(finding.severity)) + QLatin1String(": ") + plainText(finding.title));
    item->setData(Qt::AccessibleDescriptionRole, details.join(QLatin1Char(' ')));
    item->setToolTip(plainToolTip(plainText(finding.title) + QLatin1String("\n\n") + details.join(QLatin1String("\n\n"))));
}

void FindingsPage::refresh()
{
    std::vector<Finding> findings = findingsOf(m_session);
    // While a run goes on this is asked several times a second: leave what stands alone, or scrolling jumps.
    if (count() > 0 && std::equal(findings.begin(), findings.end(), m_findings.begin(), m_findings.end(), isSame) && !findings.empty())
        return;
    m_findings = std::move(findings);
    clear();
    for (const Finding &finding : m_findings)
        addFinding(finding);
    if (m_findings.empty()) {
        auto *none = new QListWidgetItem(this);
        none->setData(CardDelegate::DetailRole, m_session.subject() ? tr("Nothing to report so far.") : QString());
        none->setFlags(Qt::NoItemFlags);
    }
}

} // namespace quantloupe::ui
