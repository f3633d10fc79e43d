// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/graph_view.h"
#include "debugger/subject.h"
#include "jobs/job.h"

#include <set>

namespace quantloupe::ui {

/// Both graphs of what is open, drawn, and which operators mean the same.
struct GraphPair {
    std::shared_ptr<const GraphDrawing> floatSide;     ///< null without a float model
    std::shared_ptr<const GraphDrawing> quantizedSide; ///< null without a quantized model
    std::vector<int> floatOperator;                    ///< by quantized operator; -1: no counterpart
    std::vector<QString> pairedBy;                     ///< by quantized operator: the rule, or why there is none
    QString whyNotPaired;                              ///< of the models as a whole; empty when they were paired
};

/// Blocks that stand open, by their first operator.
using OpenBlocks = std::set<int>;

/// Finds blocks, lays both graphs out and pairs them, away from the GUI thread.
class GraphJob : public Job {
    Q_OBJECT
public:
    GraphJob(std::shared_ptr<const Subject> subject, OpenBlocks openFloat, OpenBlocks openQuantized, bool isFolding, QObject *parent = nullptr);
    ~GraphJob() override { finish(); }

signals:
    void drawn(std::shared_ptr<const quantloupe::ui::GraphPair> graphs);
};

} // namespace quantloupe::ui
