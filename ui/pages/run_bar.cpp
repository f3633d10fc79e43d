// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/run_bar.h"

#include "text/figure_text.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QSpinBox>
#include <QToolButton>

#include <thread>

namespace quantloupe::ui {
namespace {

constexpr int kMaxSamples = 10'000'000;

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

void select(QComboBox *box, const QVariant &data)
{
    box->setCurrentIndex(std::max(0, box->findData(data)));
}

} // namespace

RunBar::RunBar(QAction &run, QAction &cancel, QAction &browse, QWidget *parent)
    : QWidget(parent), m_settings(new QWidget(this)), m_dataset(new QComboBox(this)), m_samples(new QSpinBox(this)), m_error(new QComboBox(this)),
      m_state(new QComboBox(this)), m_kernels(new QComboBox(this)), m_threads(new QSpinBox(this)), m_feedback(new QLineEdit(this)), m_run(new QToolButton(this)), m_cancel(new QToolButton(this)),
      m_progress(new QProgressBar(this)), m_timeLeft(new QLabel(this))
{
    setObjectName(QStringLiteral("runBar"));
    m_dataset->setEditable(true);
    m_dataset->setInsertPolicy(QComboBox::NoInsert);
    m_dataset->setMinimumContentsLength(16);
    m_dataset->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_dataset->lineEdit()->setObjectName(QStringLiteral("datasetEdit"));
    m_dataset->lineEdit()->setAccessibleName(tr("Dataset"));
    m_dataset->lineEdit()->setPlaceholderText(tr("file, or random:N:SEED"));
    addSettings(browse);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(8);
    layout->addWidget(m_settings, 1);
    addProgress(run, cancel);
    showRunning(false);
}

QLabel *RunBar::addField(QHBoxLayout &row, const QString &label, QWidget *field, const QString &toolTip)
{
    auto *name = new QLabel(label, this);
    name->setBuddy(field);
    name->setToolTip(toolTip);
    field->setToolTip(toolTip);
    QString accessible = label;
    field->setAccessibleName(accessible.remove(QLatin1Char('&')).remove(QLatin1Char(':')));
    field->setAccessibleDescription(toolTip);
    row.addWidget(name);
    row.addWidget(field, field == m_dataset ? 1 : 0);
    if (field != m_dataset)
        row.addSpacing(10);
    return name;
}

void RunBar::addSettings(QAction &browse)
{
    auto *rows = new QVBoxLayout(m_settings);
    auto *first = new QHBoxLayout;
    auto *second = new QHBoxLayout;
    rows->setContentsMargins(0, 0, 0, 0);
    for (QHBoxLayout *row : {first, second}) {
        row->setSpacing(5);
        rows->addLayout(row);
    }
    m_dataset->setObjectName(QStringLiteral("dataset"));
    m_samples->setObjectName(QStringLiteral("samples"));
    m_error->setObjectName(QStringLiteral("errorKind"));
    m_state->setObjectName(QStringLiteral("state"));
    m_kernels->setObjectName(QStringLiteral("kernels"));
    m_threads->setObjectName(QStringLiteral("threads"));
    addField(*first, tr("&Dataset:"), m_dataset, tr("Debug samples: a .npz or .npy file, or random:N:SEED for N samples of standard normal values (a rough check only: real data lies elsewhere)."));
    m_samples->setRange(0, kMaxSamples);
    m_samples->setSpecialValueText(tr("all"));
    m_samples->setSingleStep(10);
    addField(*second, tr("Sa&mples:"), m_samples, tr("How many samples are measured; 0 is all of them."));
    m_error->addItem(tr("both"), 3);
    m_error->addItem(tr("local"), 1);
    m_error->addItem(tr("accumulated"), 2);
    addField(*second, tr("E&rror:"), m_error, tr("Local: what each operator alone adds. Accumulated: float and quantized model run separately."));
    for (const StatePolicy policy : {StatePolicy::Reset, StatePolicy::Carry})
        m_state->addItem(fromView(name(policy)), static_cast<int>(policy));
    addField(*second, tr("S&tate:"), m_state, tr("Reset: every sample starts from the initial state. Carry: LSTM state leaks from sample to sample, as TensorFlow’s debugger does it; one thread."));
    for (const KernelProfile profile : {KernelProfile::Litert, KernelProfile::Tflite214, KernelProfile::Tflm})
        m_kernels->addItem(fromView(name(profile)), static_cast<int>(profile));
    addField(*second, tr("&Kernels:"), m_kernels, tr("Whose arithmetic is reproduced: LiteRT’s reference kernels, those of tflite-runtime 2.14, or TFLite Micro’s, which a device computes. They differ by an LSB here and there."));
    m_threads->setRange(0, 256);
    m_threads->setSpecialValueText(tr("auto"));
    addField(*second, tr("T&hreads:"), m_threads, tr("The report does not depend on it. auto: one per core."));
    m_feedback->setObjectName(QStringLiteral("feedback"));
    m_feedback->setPlaceholderText(tr("out1=in1"));
    m_feedback->setMaximumWidth(fontMetrics().averageCharWidth() * 40);
    m_feedbackLabel = addField(*second, tr("&Feedback:"), m_feedback,
                               tr("State that the model’s caller keeps: outputs that are inputs of the next time step, as OUT=IN by name or number, several apart by spaces. "
                                  "Each sample of the dataset is then a sequence, its time steps one axis more."));
    offerFeedback(false);
    second->addStretch(1);
    auto *browseButton = new QToolButton(m_settings);
    browseButton->setObjectName(QStringLiteral("datasetBrowse"));
    browseButton->setDefaultAction(&browse);
    browseButton->setToolButtonStyle(Qt::ToolButtonIconOnly);
    browseButton->setAccessibleName(browse.iconText());
    browseButton->setFocusPolicy(Qt::TabFocus);
    first->addWidget(browseButton);
}

void RunBar::addProgress(QAction &run, QAction &cancel)
{
    m_progress->setObjectName(QStringLiteral("progress"));
    m_progress->setAccessibleName(tr("Progress of the run"));
    m_progress->setMinimumWidth(120);
    m_progress->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_progress->setTextVisible(true);
    m_timeLeft->setObjectName(QStringLiteral("timeLeft"));
    m_timeLeft->setTextFormat(Qt::PlainText);
    m_timeLeft->setMinimumWidth(fontMetrics().horizontalAdvance(tr("%1 left").arg(durationText(3e5))));
    m_run->setObjectName(QStringLiteral("runButton"));
    m_run->setDefaultAction(&run);
    m_cancel->setObjectName(QStringLiteral("cancelButton"));
    m_cancel->setDefaultAction(&cancel);
    for (QToolButton *button : {m_run, m_cancel}) {
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setMinimumWidth(92);
        button->setMinimumHeight(fontMetrics().height() * 2);
    }
    for (QWidget *widget : std::initializer_list<QWidget *>{m_progress, m_timeLeft, m_run, m_cancel})
        layout()->addWidget(widget);
}

QString RunBar::dataset() const
{
    const QString text = m_dataset->currentText().trimmed();
    const int chosen = m_dataset->findText(text);
    return chosen >= 0 && m_dataset->itemData(chosen).isValid() ? m_dataset->itemData(chosen).toString() : text;
}

void RunBar::setDataset(const QString &dataset)
{
    m_dataset->setEditText(dataset);
    m_dataset->lineEdit()->setCursorPosition(static_cast<int>(dataset.size()));
    m_dataset->lineEdit()->setToolTip(dataset);
}

void RunBar::setDatasetChoices(const QStringList &recent)
{
    const QString current = m_dataset->currentText();
    m_dataset->clear();
    m_dataset->addItems(recent);
    if (!recent.contains(QStringLiteral("random:100:1")))
        m_dataset->addItem(QStringLiteral("random:100:1"));
    setDataset(current);
}

RunOptions RunBar::options() const
{
    RunOptions options;
    options.local = m_error->currentData().toInt() & 1;
    options.accumulated = m_error->currentData().toInt() & 2;
    options.state = static_cast<StatePolicy>(m_state->currentData().toInt());
    options.kernels = static_cast<KernelProfile>(m_kernels->currentData().toInt());
    options.threads = static_cast<unsigned>(m_threads->value());
    options.samples = static_cast<std::size_t>(m_samples->value());
    return options;
}

void RunBar::setOptions(const RunOptions &options)
{
    select(m_error, (options.local ? 1 : 0) | (options.accumulated ? 2 : 0));
    select(m_state, static_cast<int>(options.state));
    select(m_kernels, static_cast<int>(options.kernels));
    m_threads->setValue(static_cast<int>(options.threads));
    m_samples->setValue(static_cast<int>(options.samples));
}

std::vector<std::string> RunBar::feedback() const
{
    std::vector<std::string> links;
    if (!m_feedback->isHidden())
        for (const QString &link : m_feedback->text().split(QLatin1Char(' '), Qt::SkipEmptyParts))
            links.push_back(link.toStdString());
    return links;
}

void RunBar::setFeedback(const QString &links)
{
    m_feedback->setText(links);
}

void RunBar::offerFeedback(bool isOffered)
{
    m_feedback->setVisible(isOffered);
    m_feedbackLabel->setVisible(isOffered);
}

void RunBar::showRunning(bool isRunning)
{
    m_progress->setVisible(isRunning);
    m_timeLeft->setVisible(isRunning);
    m_cancel->setVisible(isRunning);
    m_run->setVisible(!isRunning);
    m_settings->setVisible(!isRunning);
    if (isRunning) {
        m_progress->setRange(0, 0);
        m_timeLeft->setText(tr("starting…"));
    }
}

void RunBar::showProgress(std::size_t done, std::size_t total, double secondsLeft)
{
    m_progress->setRange(0, static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
    m_progress->setFormat(tr("%1 of %2").arg(countText(static_cast<double>(done)), countText(static_cast<double>(total))));
    m_timeLeft->setText(secondsLeft < 0 ? QString() : tr("%1 left").arg(durationText(secondsLeft)));
}

} // namespace quantloupe::ui
