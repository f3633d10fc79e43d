// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_panel.h"
#include "models/selection.h"
#include "models/session.h"
#include "report/tensor_study.h"

#include <memory>

namespace quantloupe::ui {

/// What the charts of one sample show.
struct SampleView {
    std::shared_ptr<const SampleStudy> study; ///< null: nothing to draw yet
    QString why;                              ///< the sentence to be shown then
    std::size_t input = 0;
};

/// A chart of one sample. The charts below draw it.
class OneSampleChart : public ChartPanel {
    Q_OBJECT
public:
    using ChartPanel::ChartPanel;

    void setView(const SampleView &view);

protected:
    void rebuild() final;
    virtual QString draw(const SampleStudy &study, const SampleView &view, QString &why) = 0;

private:
    SampleView m_view;
};

/// A model input as its shape suggests: a picture, a spectrogram or feature map, a series.
class InputChart : public OneSampleChart {
    Q_OBJECT
public:
    /// `isAudio`: the archive's parameters say that the model hears; a map of one channel is then time by frequency.
    explicit InputChart(QWidget *parent = nullptr);
    void setAudio(bool isAudio) { m_isAudio = isAudio; }

protected:
    QString draw(const SampleStudy &study, const SampleView &view, QString &why) override;

private:
    bool m_isAudio = false;
};

/// What both models answered.
class OutputChart : public OneSampleChart {
    Q_OBJECT
public:
    explicit OutputChart(QWidget *parent = nullptr);

protected:
    QString draw(const SampleStudy &study, const SampleView &view, QString &why) override;
};

/// The sample's error in every row on its way through the network, against the mean of all samples. A click selects.
class TraceChart : public OneSampleChart {
    Q_OBJECT
public:
    TraceChart(const Session &session, Selection &selection, QWidget *parent = nullptr);

protected:
    QString draw(const SampleStudy &study, const SampleView &view, QString &why) override;

private:
    const Session &m_session;
    Selection &m_selection;
};

} // namespace quantloupe::ui
