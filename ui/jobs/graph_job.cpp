// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/graph_job.h"

#include "pairing/pairing.h"
#include "text/plain_text.h"

namespace quantloupe::ui {
namespace {

std::shared_ptr<const GraphDrawing> draw(const std::shared_ptr<const Model> &model, const OpenBlocks &open, bool isFolding)
{
    if (!model)
        return {};
    auto drawing = std::make_shared<GraphDrawing>();
    drawing->model = model;
    drawing->outline = outlineOf(model->main(), [&](const Block &block) { return !isFolding || open.contains(block.operators.front().value); });
    return drawing;
}

void pair(GraphPair &graphs)
{
    const Result<Pairing> pairing = pairModels(*graphs.floatSide->model, *graphs.quantizedSide->model);
    if (!pairing) {
        graphs.whyNotPaired = plainText(pairing.error().message());
        return;
    }
    for (const OperatorPair &each : pairing->operators) {
        graphs.floatOperator.push_back(each.floatOperator.value);
        const std::string_view why = each.whyUnpaired.empty() ? std::string_view("it exists in the quantized model only") : std::string_view(each.whyUnpaired);
        graphs.pairedBy.push_back(plainText(each.floatOperator.isValid() ? name(each.rule) : why));
    }
}

} // namespace

GraphJob::GraphJob(std::shared_ptr<const Subject> subject, OpenBlocks openFloat, OpenBlocks openQuantized, bool isFolding, QObject *parent) : Job(parent)
{
    start([this, subject = std::move(subject), openFloat = std::move(openFloat), openQuantized = std::move(openQuantized), isFolding](std::stop_token stop) -> std::function<void()> {
        auto graphs = std::make_shared<GraphPair>();
        graphs->floatSide = draw(subject->floatModel, openFloat, isFolding);
        if (!stop.stop_requested())
            graphs->quantizedSide = draw(subject->quantizedModel, openQuantized, isFolding);
        if (graphs->floatSide && graphs->quantizedSide && !stop.stop_requested())
            pair(*graphs);
        return [this, graphs] { emit drawn(graphs); };
    });
}

} // namespace quantloupe::ui
