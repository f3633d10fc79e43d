// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/report_join.h"

#include "pairing/pairing.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

namespace quantloupe {
namespace {

struct Candidate {
    OperatorIndex op;
    TensorIndex tensor;
    bool isTaken = false;
};

class Joiner {
public:
    Joiner(const ReportTable &report, const Model &model) : m_report(report), m_graph(model.main()), m_rows(report.rowCount())
    {
        for (std::size_t row = 0; row < m_rows.size(); ++row)
            m_grids.emplace_back(report.number(row, "scale"), report.number(row, "zero_point"));
        for (std::size_t i = 0; i < m_graph.operators.size(); ++i)
            for (const TensorIndex output : m_graph.operators[i].outputs)
                if (output.isValid() && m_graph.tensor(output).quant.isQuantized() && !isConversion(m_graph.operators[i])) {
                    Kind &kind = m_kinds[m_graph.operators[i].name];
                    kind.byName[m_graph.tensor(output).name].push_back(kind.candidates.size());
                    kind.candidates.push_back({OperatorIndex(i), output});
                }
    }

    std::vector<JoinedRow> operator()()
    {
        takeUnique(JoinRule::Everything, Among::Named, [&](std::size_t row, const Candidate &c) { return gridOf(row, c) == Grid::Same; });
        takeUnique(JoinRule::Grid, Among::All, [&](std::size_t row, const Candidate &c) { return gridOf(row, c) == Grid::Same; });
        takeInOrder(JoinRule::Order, [&](std::size_t row, const Candidate &c) { return gridOf(row, c) == Grid::Same; });
        takeUnique(JoinRule::Name, Among::Named, [](std::size_t, const Candidate &) { return true; });
        takeInOrder(JoinRule::OrderAlone, [&](std::size_t row, const Candidate &c) { return gridOf(row, c) == Grid::Unknown; });
        takeInOrder(JoinRule::Contradicted, [](std::size_t, const Candidate &) { return true; });
        return std::move(m_rows);
    }

private:
    enum class Grid { Same, Other, Unknown };
    enum class Among { All, Named }; ///< of the operators of that name: all, or those whose output is called as the row says
    struct Kind {
        std::vector<Candidate> candidates; ///< in the model's order
        std::unordered_map<std::string_view, std::vector<std::size_t>> byName;
        std::size_t firstFree = 0; ///< all before it are taken: tens of thousands of rows may be of one kind
    };
    using Fits = std::function<bool(std::size_t, const Candidate &)>;

    const std::string &opName(std::size_t row) const { return m_report.cell(row, m_report.column("op_name")); }

    Grid gridOf(std::size_t row, const Candidate &candidate) const
    {
        const auto [scale, zeroPoint] = m_grids[row];
        if (std::isnan(scale) || std::isnan(zeroPoint))
            return Grid::Unknown;
        constexpr double kSameText = 1e-5; // scales are printed with 6 digits or more
        const QuantParams &quant = m_graph.tensor(candidate.tensor).quant;
        const auto own = static_cast<double>(quant.scale());
        return std::abs(scale - own) <= kSameText * own && zeroPoint == static_cast<double>(quant.zeroPoint()) ? Grid::Same : Grid::Other;
    }

    /// The first two at most: more make no difference.
    std::vector<Candidate *> fitting(std::size_t row, Among among, const Fits &fits)
    {
        Kind &kind = m_kinds[opName(row)];
        std::vector<Candidate *> found;
        const auto consider = [&](std::size_t i) {
            Candidate &candidate = kind.candidates[i];
            if (found.size() < 2 && !candidate.isTaken && fits(row, candidate))
                found.push_back(&candidate);
        };
        if (among == Among::Named) {
            const int column = m_report.column("tensor_name");
            const auto named = column < 0 ? kind.byName.end() : kind.byName.find(m_report.cell(row, column));
            if (named != kind.byName.end())
                std::ranges::for_each(named->second, consider);
            return found;
        }
        while (kind.firstFree < kind.candidates.size() && kind.candidates[kind.firstFree].isTaken)
            ++kind.firstFree;
        for (std::size_t i = kind.firstFree; i < kind.candidates.size() && found.size() < 2; ++i)
            consider(i);
        return found;
    }

    void take(std::size_t row, Candidate &candidate, JoinRule rule)
    {
        candidate.isTaken = true;
        m_rows[row] = {candidate.op, candidate.tensor, rule};
    }

    /// Rows that fit one operator each, which no other row fits.
    void takeUnique(JoinRule rule, Among among, const Fits &fits)
    {
        std::map<Candidate *, std::vector<std::size_t>> wanted;
        for (std::size_t row = 0; row < m_rows.size(); ++row)
            if (!m_rows[row].op.isValid())
                if (const auto found = fitting(row, among, fits); found.size() == 1)
                    wanted[found.front()].push_back(row);
        for (const auto &[candidate, rows] : wanted)
            if (rows.size() == 1)
                take(rows.front(), *candidate, rule);
    }

    void takeInOrder(JoinRule rule, const Fits &fits)
    {
        for (std::size_t row = 0; row < m_rows.size(); ++row) {
            if (m_rows[row].op.isValid())
                continue;
            if (const auto found = fitting(row, Among::All, fits); !found.empty())
                take(row, *found.front(), rule);
        }
    }

    const ReportTable &m_report;
    const Subgraph &m_graph;
    std::vector<std::pair<double, double>> m_grids; ///< scale and zero point, by row
    std::unordered_map<std::string, Kind> m_kinds; ///< by operator name
    std::vector<JoinedRow> m_rows;
};

} // namespace

std::string_view name(JoinRule rule)
{
    switch (rule) {
    case JoinRule::None: return "not in the model";
    case JoinRule::Everything: return "name, scale and zero point";
    case JoinRule::Grid: return "scale and zero point";
    case JoinRule::Name: return "name";
    case JoinRule::Order: return "order, scale and zero point";
    case JoinRule::OrderAlone: return "order alone";
    case JoinRule::Contradicted: return "order, though scale or zero point differ";
    }
    return {};
}

double confidence(JoinRule rule)
{
    switch (rule) {
    case JoinRule::None: return 0.0;
    case JoinRule::Everything: return 1.0;
    case JoinRule::Grid: return 0.95;
    case JoinRule::Name: return 0.7;
    case JoinRule::Order: return 0.9;
    case JoinRule::OrderAlone: return 0.5;
    case JoinRule::Contradicted: return 0.2;
    }
    return 0.0;
}

std::vector<JoinedRow> joinReport(const ReportTable &report, const Model &model)
{
    return Joiner(report, model)();
}

} // namespace quantloupe
