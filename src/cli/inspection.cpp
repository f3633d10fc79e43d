// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/inspection.h"

#include "debugger/report_join.h"

#include <cmath>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

namespace quantloupe {
namespace {

using Json = nlohmann::ordered_json;

std::string joined(std::span<const TensorIndex> indices)
{
    std::string text;
    for (const TensorIndex index : indices)
        text += fmt::format("{}{}", text.empty() ? "" : " ", index.value);
    return text;
}

std::string quantText(const QuantParams &quant)
{
    if (!quant.isQuantized())
        return {};
    if (quant.isPerChannel())
        return fmt::format("  {} scales along axis {}", quant.scales.size(), quant.axis);
    return fmt::format("  scale {} zero point {}", quant.scale(), quant.zeroPoint());
}

std::string tensorText(const Subgraph &graph, TensorIndex index)
{
    const Tensor &tensor = graph.tensor(index);
    return fmt::format("{} {} {}{}", index.value, name(tensor.type), tensor.shape.text(), quantText(tensor.quant));
}

std::string modelText(std::string_view role, const Model &model)
{
    std::string text = fmt::format("\n{}: {}\n  {}, {} bytes, {} subgraphs\n", role, printable(model.file), name(kindOf(model)), model.fileSize, model.subgraphs.size());
    for (std::size_t s = 0; s < model.subgraphs.size(); ++s) {
        const Subgraph &graph = model.subgraphs[s];
        text += fmt::format("  subgraph {}: {} tensors, {} operators\n", s, graph.tensors.size(), graph.operators.size());
        for (const TensorIndex input : graph.inputs)
            text += fmt::format("    input  {}  {}\n", tensorText(graph, input), printable(graph.tensor(input).name));
        for (const TensorIndex output : graph.outputs)
            text += fmt::format("    output {}  {}\n", tensorText(graph, output), printable(graph.tensor(output).name));
        for (std::size_t i = 0; i < graph.operators.size(); ++i) {
            const Operator &op = graph.operators[i];
            text += fmt::format("    {:4} {} v{}  ({}) ->", i, printable(op.name), op.version, joined(op.inputs));
            for (const TensorIndex output : op.outputs)
                text += fmt::format(" {}", tensorText(graph, output));
            text += "\n";
        }
    }
    return text;
}

Json parameterJson(const Parameter &parameter)
{
    return std::visit([](const auto &value) { return Json(value); }, parameter.value);
}

Json quantJson(const QuantParams &quant)
{
    return {{"scales", quant.scales}, {"zeroPoints", quant.zeroPoints}, {"axis", quant.axis}};
}

Json indicesJson(std::span<const TensorIndex> indices)
{
    Json list = Json::array();
    for (const TensorIndex index : indices)
        list.push_back(index.value);
    return list;
}

Json optionsJson(const Options &options)
{
    Json object = Json::object();
    for (const auto &[key, value] : options.all())
        object[key] = std::visit([](const auto &v) { return Json(v); }, value);
    return object;
}

Json graphJson(const Subgraph &graph)
{
    Json tensors = Json::array();
    for (const Tensor &tensor : graph.tensors) {
        Json item{{"name", tensor.name}, {"type", name(tensor.type)}, {"shape", tensor.shape.dims()}, {"constant", tensor.isConstant()}, {"variable", tensor.isVariable}};
        if (tensor.quant.isQuantized())
            item["quantization"] = quantJson(tensor.quant);
        tensors.push_back(std::move(item));
    }
    Json operators = Json::array();
    for (const Operator &op : graph.operators)
        operators.push_back({{"name", op.name}, {"version", op.version}, {"inputs", indicesJson(op.inputs)}, {"outputs", indicesJson(op.outputs)}, {"options", optionsJson(op.options)}});
    return {{"name", graph.name}, {"inputs", indicesJson(graph.inputs)}, {"outputs", indicesJson(graph.outputs)}, {"tensors", tensors}, {"operators", operators}};
}

Json modelJson(const Model &model)
{
    Json subgraphs = Json::array();
    for (const Subgraph &graph : model.subgraphs)
        subgraphs.push_back(graphJson(graph));
    return {{"file", model.file}, {"kind", name(kindOf(model))}, {"bytes", model.fileSize}, {"description", model.description}, {"subgraphs", subgraphs}};
}

Json numberOrNull(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
}

/// Which operator each row of a report is about, and how sure that is.
std::string joinText(const ReportTable &report, const Model &model)
{
    const auto joined = joinReport(report, model);
    std::string text;
    for (std::size_t row = 0; row < joined.size(); ++row)
        text += fmt::format("  row {:3}  {:<30} {}, by {} ({:.0f} %)\n", row, printable(report.cell(row, report.column("op_name"))),
                            joined[row].op.isValid() ? fmt::format("operator {}, tensor {}", joined[row].op.value, joined[row].tensor.value) : "no operator", name(joined[row].rule),
                            100.0 * confidence(joined[row].rule));
    return text;
}

Json joinJson(const ReportTable &report, const Model &model)
{
    Json list = Json::array();
    for (const JoinedRow &row : joinReport(report, model))
        list.push_back({{"operator", row.op.value}, {"tensor", row.tensor.value}, {"by", name(row.rule)}, {"confidence", confidence(row.rule)}});
    return list;
}

} // namespace

std::string inspectionText(const Subject &subject)
{
    std::string text = fmt::format("{}\n", printable(subject.path));
    for (const SubjectEntry &entry : subject.entries)
        text += fmt::format("  {:>10}  {:<22} {}\n", entry.bytes, entry.role, printable(entry.name));
    if (subject.quantizedModel)
        text += modelText("quantized model", *subject.quantizedModel);
    if (subject.floatModel)
        text += modelText("float model", *subject.floatModel);
    if (!subject.parameters.empty())
        text += fmt::format("\nparameters (SL_PARAMSv1): {}\n", subject.parameters.size());
    for (const Parameter &parameter : subject.parameters)
        text += fmt::format("  {} = {}\n", printable(parameter.name), printable(parameter.text()));
    if (subject.archivedReport)
        text += fmt::format("\nquantization report: {} rows, columns {}\n", subject.archivedReport->rowCount(), printable(fmt::format("{}", fmt::join(subject.archivedReport->columns, ", "))));
    if (subject.archivedReport && subject.quantizedModel)
        text += joinText(*subject.archivedReport, *subject.quantizedModel);
    for (const ArchivedEvaluation &evaluation : subject.evaluations)
        text += fmt::format("\nevaluation of {}: {}, accuracy {:.4f}, ROC AUC {:.4f}\n", printable(evaluation.side), printable(evaluation.task), evaluation.accuracy, evaluation.rocArea);
    if (!subject.findings.empty())
        text += "\nfindings:\n";
    for (const Finding &finding : subject.findings)
        text += fmt::format("  {} {}: {}\n    {}\n{}", name(finding.severity), finding.id, printable(finding.title), printable(finding.evidence),
                            finding.remedy.empty() ? "" : fmt::format("    {}\n", printable(finding.remedy)));
    return text;
}

std::string inspectionJson(const Subject &subject)
{
    Json root{{"schemaVersion", 1}, {"path", subject.path}, {"name", subject.name}};
    root["entries"] = Json::array();
    for (const SubjectEntry &entry : subject.entries)
        root["entries"].push_back({{"name", entry.name}, {"bytes", entry.bytes}, {"role", entry.role}});
    root["quantizedModel"] = subject.quantizedModel ? modelJson(*subject.quantizedModel) : Json();
    root["floatModel"] = subject.floatModel ? modelJson(*subject.floatModel) : Json();
    root["parameters"] = Json::object();
    for (const Parameter &parameter : subject.parameters)
        root["parameters"][parameter.name] = parameterJson(parameter);
    root["report"] = subject.archivedReport ? Json{{"columns", subject.archivedReport->columns}, {"rows", subject.archivedReport->rows}} : Json();
    if (subject.archivedReport && subject.quantizedModel)
        root["report"]["joined"] = joinJson(*subject.archivedReport, *subject.quantizedModel);
    root["evaluations"] = Json::array();
    for (const ArchivedEvaluation &evaluation : subject.evaluations)
        root["evaluations"].push_back({{"side", evaluation.side}, {"task", evaluation.task}, {"accuracy", numberOrNull(evaluation.accuracy)}, {"rocArea", numberOrNull(evaluation.rocArea)}});
    root["findings"] = Json::array();
    for (const Finding &finding : subject.findings)
        root["findings"].push_back({{"id", finding.id}, {"severity", name(finding.severity)}, {"title", finding.title}, {"evidence", finding.evidence}, {"remedy", finding.remedy},
                                    {"subject", finding.subject}, {"operator", finding.op.value}, {"tensor", finding.tensor.value}});
    // Names come from files: what is not UTF-8 is replaced, not thrown at the user.
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace quantloupe
