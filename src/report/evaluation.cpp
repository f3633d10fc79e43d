// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/evaluation.h"

namespace quantloupe {

std::string_view name(EvaluationTask task)
{
    return task == EvaluationTask::Classification ? "classification" : "autoencoder";
}

std::optional<EvaluationTask> evaluationTask(std::string_view name)
{
    if (name == "classification")
        return EvaluationTask::Classification;
    if (name == "autoencoder")
        return EvaluationTask::Autoencoder;
    return std::nullopt;
}

} // namespace quantloupe
