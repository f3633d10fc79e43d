// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/start_page.h"

#include "pages/action_card.h"
#include "pages/recent_entry.h"
#include "text/plain_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QVBoxLayout>

namespace quantloupe::ui {
namespace {

constexpr int kColumnWidth = 720;
constexpr int kEntryRole = Qt::UserRole;

QLabel *plainLabel(const QString &text, double size, QFont::Weight weight, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * size);
    font.setWeight(weight);
    label->setFont(font);
    return label;
}

} // namespace

StartPage::StartPage(QAction &openArchive, QAction &openPair, QAction &openSample, QWidget *parent)
    : QWidget(parent), m_recentTitle(plainLabel(tr("Opened before"), 1.0, QFont::DemiBold, this)), m_recent(new QListWidget(this))
{
    setObjectName(QStringLiteral("startPage"));
    auto *title = plainLabel(tr("Where, how much and why does the quantized model depart from its float original?"), 1.5, QFont::DemiBold, this);
    auto *hint = plainLabel(tr("Open an archive or a pair of models, or drop files anywhere on this window: .mltk.zip, .tflite, a "
                               "quantization_report.csv, or a debug dataset (.npz, .npy)."), 1.0, QFont::Normal, this);
    hint->setForegroundRole(QPalette::PlaceholderText);
    m_recent->setObjectName(QStringLiteral("recentList"));
    m_recent->setAccessibleName(tr("Files opened before"));
    m_recent->setFrameShape(QFrame::NoFrame);
    m_recent->setSpacing(1);
    m_recent->setMaximumHeight(230);
    m_recent->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_recent->setTextElideMode(Qt::ElideMiddle);
    m_recent->viewport()->setAutoFillBackground(false);
    connect(m_recent, &QListWidget::itemActivated, this, [this](QListWidgetItem *item) { emit recentChosen(item->data(kEntryRole).toString()); });
    connect(m_recent, &QListWidget::itemClicked, this, [this](QListWidgetItem *item) { emit recentChosen(item->data(kEntryRole).toString()); });
    auto *remove = new QAction(tr("Remove from the list"), m_recent);
    remove->setObjectName(QStringLiteral("recentRemove"));
    remove->setShortcut(QKeySequence::Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    m_recent->addAction(remove);
    m_recent->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(remove, &QAction::triggered, this, [this] {
        if (QListWidgetItem *item = m_recent->currentItem())
            emit recentRemoved(item->data(kEntryRole).toString());
    });

    auto *column = new QWidget(this);
    column->setMaximumWidth(kColumnWidth);
    auto *layout = new QVBoxLayout(column);
    layout->setSpacing(14);
    layout->addWidget(title);
    layout->addWidget(hint);
    layout->addSpacing(6);
    auto *cards = new QHBoxLayout;
    cards->setSpacing(14);
    cards->addWidget(new ActionCard(openArchive, tr("Models, parameters and report of one .mltk.zip"), this));
    cards->addWidget(new ActionCard(openPair, tr("A float and a quantized model, in any order"), this));
    cards->addWidget(new ActionCard(openSample, tr("Spoken digits, with an LSTM that stands out"), this));
    layout->addLayout(cards);
    layout->addSpacing(10);
    layout->addWidget(m_recentTitle);
    layout->addWidget(m_recent);
    auto *centre = new QHBoxLayout;
    centre->addStretch(1);
    centre->addWidget(column, 8);
    centre->addStretch(1);
    auto *outer = new QVBoxLayout(this);
    outer->addStretch(2);
    outer->addLayout(centre);
    outer->addStretch(3);
    setRecent({});
}

void StartPage::setRecent(const QStringList &entries)
{
    m_recent->clear();
    for (const QString &text : entries) {
        const RecentEntry entry = RecentEntry::of(text);
        const bool isThere = entry.exists();
        auto *item = new QListWidgetItem(isThere ? tr("%1   —   %2").arg(entry.title(), entry.folder()) : tr("%1   —   no longer in %2").arg(entry.title(), entry.folder()), m_recent);
        item->setData(kEntryRole, text);
        item->setToolTip(plainToolTip(entry.files.join(QLatin1Char('\n'))));
        if (!isThere)
            item->setForeground(palette().color(QPalette::Disabled, QPalette::Text));
    }
    m_recentTitle->setVisible(!entries.isEmpty());
    m_recent->setVisible(!entries.isEmpty());
}

} // namespace quantloupe::ui
