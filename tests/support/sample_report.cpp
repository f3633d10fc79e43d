// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/sample_report.h"

#include "metrics/metric.h"
#include "report/causes.h"
#include "report/evaluation.h"

#include <limits>

namespace quantloupe::test {
namespace {

ErrorStatistics statistics(double rmseOverScale)
{
    ErrorStatistics result;
    result.metrics.assign(metrics().size(), 1.0);
    const auto set = [&](std::string_view name, double value) { result.metrics[static_cast<std::size_t>(metricIndex(name))] = value; };
    set("num_elements", 3920.0);
    set("stddev", 7.275548153273803e-08);
    set("mean_error", std::numeric_limits<double>::quiet_NaN());
    set("max_abs_error", 0.5);
    set("rmse/scale", rmseOverScale);
    result.notFinite = 2;
    result.errorInLsb = {-2.0, 0.5, {1, 2, 3, 4, 5, 6, 7, 8}, 0, 1};
    result.floatValues = {-6.4, 0.05, std::vector<std::uint64_t>(256, 3), 4, 5};
    result.rmseBySample = {0.25f, 0.125f};
    result.worstSamples = {{0, 0.25}, {1, 0.125}};
    return result;
}

TensorComparison row(int position, std::string op, double rmseOverScale)
{
    TensorComparison result;
    result.op = OperatorIndex(std::size_t(position));
    result.tensor = TensorIndex(std::size_t(position + 3));
    result.opName = std::move(op);
    result.tensorName = "model/" + result.opName;
    result.shape = {1, 49, 1, 80};
    result.scale = 0.05f;
    result.zeroPoint = -128;
    result.floatTensor = TensorIndex(std::size_t(position));
    result.floatTensorName = result.tensorName;
    result.pairedBy = "same data flow";
    result.confidence = 1.0;
    result.local = statistics(rmseOverScale);
    result.accumulated = statistics(rmseOverScale * 2.0);
    result.quantizedValues = {-6.4, 0.05, std::vector<std::uint64_t>(256, 3), 0, 0};
    return result;
}

/// One gate and the hidden state over two steps; the hidden state of the second step is not finite anywhere.
RnnTrace trace()
{
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    RnnTrace result;
    result.op = OperatorIndex(std::size_t{1});
    result.tensor = TensorIndex(std::size_t{4});
    result.opName = "UNIDIRECTIONAL_SEQUENCE_LSTM";
    result.name = "model/lstm";
    result.steps = 2;
    result.sequences = 1;
    result.units = 3;
    RnnQuantity gate{.name = "forget_gate_sum", .role = RnnRole::GateSum, .gate = "forget", .units = 3, .type = DataType::Int16, .scale = 1.0f / 4096.0f, .lowest = -8.0, .highest = 7.999755859375};
    gate.quantized = {{0.5, 1.5}, {-8.0, -1.0}, {2.0, 3.0}, {0.25, 0.0}};
    gate.saturatedByUnit = {0.125, 0.0, 0.0};
    gate.local = RnnError{{0.1, 0.2}, {-0.01, 0.02}, {0.3, 0.4}, {{0.5, 1.5}, {-9.0, -1.0}, {2.0, 3.0}, {0.5, 0.0}}, {}};
    RnnQuantity hidden{.name = "hidden", .role = RnnRole::Hidden, .units = 3, .type = DataType::Float32};
    hidden.lowest = -std::numeric_limits<double>::infinity();
    hidden.highest = std::numeric_limits<double>::infinity();
    hidden.quantized = {{0.5, kNan}, {-1.0, kNan}, {1.0, kNan}, {0.0, kNan}};
    hidden.saturatedByUnit = {0.0, 0.0, 0.0};
    hidden.accumulated = RnnError{{0.1, kNan}, {0.01, kNan}, {0.3, kNan}, {{0.5, kNan}, {-1.0, kNan}, {1.0, kNan}, {0.0, kNan}}, {0.5f, 0.25f, 0.125f, 1.0f, 2.0f, 4.0f}};
    result.quantities = {gate, hidden};
    return result;
}

} // namespace

Report sampleReport()
{
    Report report;
    report.floatModel = {"a.mltk.zip:a.float32.tflite", "float", 1000, 3, 9};
    report.quantizedModel = {"a.mltk.zip:a.tflite", "quantized", 400, 5, 11};
    report.dataset = "debug.npz, 2 samples";
    report.samples = report.samplesAsked = 2;
    report.hasLocal = report.hasAccumulated = true;
    report.rows = {row(0, "CONV_2D", 0.289), row(1, "UNIDIRECTIONAL_SEQUENCE_LSTM", 9.16)};
    report.findings = {{.id = "dynamic-range-reference", .severity = Severity::Warning, .title = "The float model is <dynamic-range>", .evidence = "1 & 2", .remedy = "", .subject = "float model", .op = {}, .tensor = {}}};
    report.rnn = {trace()};
    report.leftOut = {"operator 7 CUSTOM has no twin"};
    return report;
}

Report sampleReportWithPasses()
{
    Report report = sampleReport();
    Evaluation evaluation;
    evaluation.dataset = "debug.npz, 4 samples";
    evaluation.samples = 4;
    evaluation.state = "reset";
    evaluation.classes = {"yes", "<no>", "_unknown_"};
    const std::vector<std::int64_t> labels{0, 1, 1, 0};
    evaluation.floatModel.classification = classify(std::vector<float>{0.9f, 0.1f, 0.0f, 0.2f, 0.7f, 0.1f, 0.1f, 0.8f, 0.1f, 0.4f, 0.5f, 0.1f}, 3, labels);
    evaluation.quantizedModel.classification = classify(std::vector<float>{0.9f, 0.1f, 0.0f, 0.6f, 0.3f, 0.1f, 0.1f, 0.8f, 0.1f, 0.6f, 0.3f, 0.1f}, 3, labels);
    evaluation.detection = DetectionSettings{100.0, 1000.0, 0.75, 750.0, {1, 1, 0}};
    evaluation.floatModel.detection = DetectionFigures{3, 1, 4, 2, 0.5, 2.0, 0.5};
    evaluation.quantizedModel.detection = DetectionFigures{3, 2, 4, 2, 0.5, 4.0, 0.5};
    evaluation.regressions = evaluation.improvements = 1;
    evaluation.changed = {{1, 1, 1, 0, 0.75, 0.25}, {3, 0, 1, 0, 0.375, 0.625}};
    evaluation.archived = {{"tflite", "classification", {"yes", "no"}, 0.75, std::numeric_limits<double>::quiet_NaN(), {1.0, 0.5}, {}, {{1, 0}, {1, 2}}}};
    report.evaluation = std::make_shared<const Evaluation>(std::move(evaluation));

    CauseAnalysis causes;
    causes.samples = 32;
    causes.samplesFollowed = 16;
    causes.state = "reset";
    causes.leftOut = {"operator 7 CUSTOM cannot be held against a float twin"};
    OperatorCauses op;
    op.op = report.rows[1].op;
    op.tensor = report.rows[1].tensor;
    op.scale = 0.05;
    op.rmse = 0.5;
    op.localRmse = 0.25;
    op.idealRounding = 0.014;
    op.outputRmse = 0.125;
    op.causes = {{{0.5, 0.4, 0.3}, {0.0, 0.0, 0.5}, {0.0, 0.0, 0.5}, {0.25, 0.2, 0.4}, {0.125, 0.1, 0.45}, {0.25, 0.2, 0.4}, {-0.125, 0.1, 0.55}}};
    causes.operators.push_back(op);
    op.op = report.rows[0].op;
    op.tensor = report.rows[0].tensor;
    op.outputRmse = std::numeric_limits<double>::quiet_NaN();
    op.note = "input 1 is laid out differently";
    causes.operators.push_back(op);
    report.causes = std::make_shared<const CauseAnalysis>(std::move(causes));
    return report;
}

} // namespace quantloupe::test
