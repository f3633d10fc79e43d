// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/sample_page.h"

#include "charts/plot_view.h"
#include "debugger/evaluate.h"
#include "jobs/study_job.h"
#include "style/elided_label.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>

namespace quantloupe::ui {
namespace {

int largestOf(const std::vector<float> &values)
{
    return values.empty() ? -1 : static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// For classifiers: what both models say, and whether it is right.
QString verdictOf(const SampleStudy &study, const Subject &subject)
{
    if (study.outputs.size() != 1 || study.outputs.front().dequantized.size() < 2)
        return {};
    const int floats = largestOf(study.outputs.front().floats);
    const int quantized = largestOf(study.outputs.front().dequantized);
    const auto classes = classNames(subject, study.outputs.front().dequantized.size());
    const auto named = [&](std::int64_t number) {
        const QString name = number >= 0 && static_cast<std::size_t>(number) < classes.size() ? plainText(classes[static_cast<std::size_t>(number)]) : QString();
        return name.isEmpty() || name == QString::number(number) ? QString::number(number) : SamplePage::tr("%1 (%2)").arg(number).arg(name);
    };
    const QString answers = SamplePage::tr("float model says %1, quantized model says %2").arg(named(floats), named(quantized));
    if (!study.label)
        return answers;
    const bool isFloatRight = floats == *study.label;
    const bool isQuantizedRight = quantized == *study.label;
    const QString sentence = isFloatRight && isQuantizedRight ? SamplePage::tr("both are right")
        : isFloatRight                                        ? SamplePage::tr("lost by quantization")
        : isQuantizedRight                                    ? SamplePage::tr("right only when quantized")
                                                              : SamplePage::tr("both are wrong");
    return SamplePage::tr("label %1 · %2 · %3").arg(named(*study.label), answers, sentence);
}

} // namespace

SamplePage::SamplePage(Session &session, Selection &selection, QWidget *parent)
    : Page(parent), m_session(session), m_selection(selection), m_sample(new QSpinBox(this)), m_inputs(new QComboBox(this)), m_verdict(new ElidedLabel(this)),
      m_input(new InputChart(this)), m_output(new OutputChart(this)), m_trace(new TraceChart(session, selection, this))
{
    setObjectName(QStringLiteral("samplePage"));
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(addControls(), 0, 0, 1, 2);
    layout->addWidget(m_input, 1, 0);
    layout->addWidget(m_output, 1, 1);
    layout->addWidget(m_trace, 2, 0, 1, 2);
    layout->setRowStretch(1, 4);
    layout->setRowStretch(2, 5);
    layout->setColumnStretch(0, 1);
    layout->setColumnStretch(1, 1);
    connect(&session, &Session::shownChanged, this, &SamplePage::refresh);
    connect(&selection, &Selection::sampleChanged, this, &SamplePage::refresh);
    connect(m_sample, &QSpinBox::valueChanged, this, [this](int sample) { m_selection.selectSample(static_cast<std::size_t>(sample)); });
    connect(m_inputs, &QComboBox::currentIndexChanged, this, [this] { show(m_study, {}); });
    refresh();
}

QWidget *SamplePage::addControls()
{
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 6, 8, 0);
    m_sample->setObjectName(QStringLiteral("sampleNumber"));
    m_sample->setAccessibleName(tr("Sample"));
    m_sample->setToolTip(tr("The sample that is looked at, counted from 0"));
    m_sample->setKeyboardTracking(false);
    m_inputs->setObjectName(QStringLiteral("sampleInputChoice"));
    m_inputs->setAccessibleName(tr("Model input that is drawn"));
    m_inputs->hide();
    m_verdict->setObjectName(QStringLiteral("sampleVerdict"));
    auto *label = new QLabel(tr("Sam&ple:"), bar);
    label->setBuddy(m_sample);
    row->addWidget(label);
    row->addWidget(m_sample);
    row->addWidget(m_inputs);
    row->addWidget(m_verdict, 1);
    return bar;
}

QList<QWidget *> SamplePage::panes() const
{
    return QList<QWidget *>{m_sample} + Page::panes();
}

void SamplePage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    refresh();
}

void SamplePage::drop()
{
    if (m_job)
        m_job->abandon();
    m_job = nullptr;
}

void SamplePage::refresh()
{
    const auto &report = m_session.shown().report();
    const auto &run = m_session.runSettings();
    const bool canStudy = report && !report->isPartial && run && run->data;
    m_sample->setEnabled(canStudy);
    if (!canStudy) {
        drop();
        m_study.reset();
        show(nullptr, report && report->isPartial ? tr("A sample is looked at when the run has ended.") : tr("Run first: a sample is looked at with the dataset and the settings of a run."));
        return;
    }
    const std::size_t sample = std::min(m_selection.sample().value_or(0), run->data->sampleCount() - 1);
    {
        const QSignalBlocker blocker(m_sample);
        m_sample->setRange(0, static_cast<int>(run->data->sampleCount() - 1));
        m_sample->setValue(static_cast<int>(sample));
    }
    if (!isVisible())
        return;
    if (m_study && m_report == report && m_study->sample == sample) {
        show(m_study, {});
        return;
    }
    if (m_job && m_report == report && m_asked == sample)
        return;
    study(sample);
}

void SamplePage::study(std::size_t sample)
{
    drop();
    m_report = m_session.shown().report();
    m_asked = sample;
    const RunSettings &run = *m_session.runSettings();
    m_job = new SampleJob(m_session.subject(), run.data, run.options, sample, this);
    connect(m_job, &SampleJob::finished, this, [this](std::shared_ptr<const SampleStudy> study) { show(study, {}); });
    connect(m_job, &SampleJob::failed, this, [this](const QString &message) { show(nullptr, message); });
    connect(m_job, &SampleJob::ended, this, [this] { drop(); });
    if (!m_study)
        show(nullptr, tr("Looking at sample %1…").arg(sample));
}

void SamplePage::show(const std::shared_ptr<const SampleStudy> &study, const QString &why)
{
    m_study = study;
    m_verdict->setText(study ? verdictOf(*study, *m_session.subject()) : QString());
    if (study && m_inputs->count() != static_cast<int>(study->inputs.size())) {
        const QSignalBlocker blocker(m_inputs);
        m_inputs->clear();
        for (const SampleStudy::Values &input : study->inputs)
            m_inputs->addItem(plainText(input.name));
        m_inputs->setVisible(study->inputs.size() > 1);
    }
    const auto &subject = m_session.subject();
    const bool isAudio = subject && std::ranges::any_of(subject->parameters, [](const Parameter &parameter) { return parameter.name.starts_with("fe."); });
    m_input->setAudio(isAudio);
    const SampleView view{study, why, static_cast<std::size_t>(std::max(0, m_inputs->currentIndex()))};
    for (OneSampleChart *chart : std::initializer_list<OneSampleChart *>{m_input, m_output, m_trace})
        chart->setView(view);
}

extern const PageSpec sample_page{"sample", Glyph::Dataset, [] { return SamplePage::tr("Sample"); },
                                  [] { return SamplePage::tr("One sample: its input, both models’ answers, its error through all operators"); },
                                  [](const PageContext &context, QWidget *parent) -> Page * { return new SamplePage(context.session, context.selection, parent); }};

} // namespace quantloupe::ui
