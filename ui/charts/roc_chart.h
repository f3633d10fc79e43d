// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_panel.h"

#include <memory>

class QComboBox;

namespace quantloupe {
struct Curve;
struct Evaluation;
} // namespace quantloupe

namespace quantloupe::ui {

/// How well scores tell one class from all others over all thresholds: the ROC, or precision against recall, of the float model (solid) and of the quantized one
/// (dashed). Of an autoencoder, how well the reconstruction error tells abnormal samples.
class RocChart : public ChartPanel {
    Q_OBJECT
public:
    explicit RocChart(QWidget *parent = nullptr);

    /// Null: the sentence stands there instead. The class that changed most is shown first.
    void setEvaluation(std::shared_ptr<const Evaluation> evaluation, const QString &instead);

protected:
    void rebuild() override;

private:
    struct Pair {
        const Curve *floats;
        const Curve *quantized;
    };
    bool isRoc() const;
    /// Of the chosen class; null where there is none.
    Pair curves(bool isRoc) const;
    Pair curvesOf(std::size_t oneClass, bool isRoc) const;
    void offerClasses();

    std::shared_ptr<const Evaluation> m_evaluation;
    QString m_instead;
    QComboBox *m_class;
    QComboBox *m_kind;
};

} // namespace quantloupe::ui
