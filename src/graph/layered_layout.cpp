// SPDX-License-Identifier: GPL-3.0-or-later
// Layered drawing in the three steps of K. Sugiyama, S. Tagawa, M. Toda, "Methods for Visual Understanding of Hierarchical System
// Structures" (1981): layers by longest path, order by barycentres, then places. Places are the least squares fit of each row to its
// neighbours' under the order kept, by pooling adjacent violators.
#include "graph/layered_layout.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace quantloupe {
namespace {

constexpr int kOrderSweeps = 6;
constexpr int kPlaceSweeps = 8;

/// Nodes and, after them, the points at which bent edges pass a layer.
class Rows {
public:
    Rows(int nodes, std::span<const LayoutEdge> edges) : m_layer(static_cast<std::size_t>(nodes), 0)
    {
        layer(edges);
        join(edges);
        m_x.resize(m_layer.size());
        fill();
    }

    LayeredLayout place(int nodes, std::span<const LayoutEdge> edges)
    {
        for (int sweep = 0; sweep < kOrderSweeps; ++sweep)
            each(sweep % 2 == 0, [this](std::vector<int> &row, const auto &neighbours) { order(row, neighbours); });
        for (int sweep = 0; sweep < kPlaceSweeps; ++sweep)
            each(sweep % 2 == 0, [this](std::vector<int> &row, const auto &neighbours) { fit(row, neighbours); });

        LayeredLayout layout;
        const double first = m_x.empty() ? 0.0 : *std::min_element(m_x.begin(), m_x.end());
        for (double &x : m_x)
            x -= first;
        const auto count = static_cast<std::ptrdiff_t>(nodes);
        layout.layer.assign(m_layer.begin(), m_layer.begin() + count);
        layout.x.assign(m_x.begin(), m_x.begin() + count);
        layout.bends.resize(edges.size());
        for (std::size_t edge = 0; edge < edges.size(); ++edge)
            for (int point = m_points[edge].first; point < m_points[edge].second; ++point)
                layout.bends[edge].push_back(m_x[static_cast<std::size_t>(point)]);
        layout.rows.resize(m_rows.size());
        for (std::size_t row = 0; row < m_rows.size(); ++row)
            std::copy_if(m_rows[row].begin(), m_rows[row].end(), std::back_inserter(layout.rows[row]), [&](int node) { return node < nodes; });
        layout.width = m_x.empty() ? 0.0 : *std::max_element(m_x.begin(), m_x.end());
        return layout;
    }

private:
    using Neighbours = std::vector<std::vector<int>>;

    void layer(std::span<const LayoutEdge> edges)
    {
        std::vector<LayoutEdge> sorted(edges.begin(), edges.end());
        std::sort(sorted.begin(), sorted.end(), [](const LayoutEdge &a, const LayoutEdge &b) { return a.from < b.from; });
        std::vector<bool> isFed(m_layer.size());
        for (const LayoutEdge &edge : sorted) {
            auto &to = m_layer[static_cast<std::size_t>(edge.to)];
            to = std::max(to, m_layer[static_cast<std::size_t>(edge.from)] + 1);
            isFed[static_cast<std::size_t>(edge.to)] = true;
        }
        // What nothing feeds stands right above its first reader, not at the top of everything.
        std::vector<int> firstReader(m_layer.size(), std::numeric_limits<int>::max());
        for (const LayoutEdge &edge : sorted)
            firstReader[static_cast<std::size_t>(edge.from)] = std::min(firstReader[static_cast<std::size_t>(edge.from)], m_layer[static_cast<std::size_t>(edge.to)]);
        for (std::size_t node = 0; node < m_layer.size(); ++node)
            if (!isFed[node] && firstReader[node] != std::numeric_limits<int>::max())
                m_layer[node] = firstReader[node] - 1;
    }

    void join(std::span<const LayoutEdge> edges)
    {
        m_above.resize(m_layer.size());
        m_below.resize(m_layer.size());
        m_points.reserve(edges.size());
        for (const LayoutEdge &edge : edges) {
            const int first = static_cast<int>(m_layer.size());
            const int from = m_layer[static_cast<std::size_t>(edge.from)];
            const int to = m_layer[static_cast<std::size_t>(edge.to)];
            int above = edge.from;
            if (to - from <= LayeredLayout::kLongestBent) {
                for (int row = from + 1; row < to; ++row) {
                    const int point = static_cast<int>(m_layer.size());
                    m_layer.push_back(row);
                    m_above.emplace_back();
                    m_below.emplace_back();
                    link(above, point);
                    above = point;
                }
                link(above, edge.to);
            }
            m_points.emplace_back(first, static_cast<int>(m_layer.size()));
        }
    }

    void link(int above, int below)
    {
        m_below[static_cast<std::size_t>(above)].push_back(below);
        m_above[static_cast<std::size_t>(below)].push_back(above);
    }

    void fill()
    {
        const int last = m_layer.empty() ? -1 : *std::max_element(m_layer.begin(), m_layer.end());
        m_rows.resize(static_cast<std::size_t>(last + 1));
        for (std::size_t node = 0; node < m_layer.size(); ++node)
            m_rows[static_cast<std::size_t>(m_layer[node])].push_back(static_cast<int>(node));
        for (auto &row : m_rows)
            number(row);
    }

    void number(const std::vector<int> &row)
    {
        for (std::size_t i = 0; i < row.size(); ++i)
            m_x[static_cast<std::size_t>(row[i])] = static_cast<double>(i);
    }

    template <typename Step>
    void each(bool isDownward, Step step)
    {
        const Neighbours &neighbours = isDownward ? m_above : m_below;
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            step(m_rows[isDownward ? i : m_rows.size() - 1 - i], neighbours);
    }

    /// The mean place of a node's neighbours; its own where it has none.
    double wish(int node, const Neighbours &neighbours) const
    {
        const auto &all = neighbours[static_cast<std::size_t>(node)];
        if (all.empty())
            return m_x[static_cast<std::size_t>(node)];
        double sum = 0.0;
        for (const int neighbour : all)
            sum += m_x[static_cast<std::size_t>(neighbour)];
        return sum / static_cast<double>(all.size());
    }

    void order(std::vector<int> &row, const Neighbours &neighbours)
    {
        std::vector<std::pair<double, int>> wishes;
        wishes.reserve(row.size());
        for (const int node : row)
            wishes.emplace_back(wish(node, neighbours), node);
        std::stable_sort(wishes.begin(), wishes.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
        std::transform(wishes.begin(), wishes.end(), row.begin(), [](const auto &each) { return each.second; });
        number(row);
    }

    void fit(const std::vector<int> &row, const Neighbours &neighbours)
    {
        // x[i] = place[i] + i with `place` never falling: neighbours then stand at least 1 apart.
        struct Pool {
            double sum;
            int count;
            double mean() const { return sum / count; }
        };
        std::vector<Pool> pools;
        for (std::size_t i = 0; i < row.size(); ++i) {
            pools.push_back({wish(row[i], neighbours) - static_cast<double>(i), 1});
            while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
                const Pool last = pools.back();
                pools.pop_back();
                pools.back().sum += last.sum;
                pools.back().count += last.count;
            }
        }
        std::size_t i = 0;
        for (const Pool &pool : pools)
            for (int k = 0; k < pool.count; ++k, ++i)
                m_x[static_cast<std::size_t>(row[i])] = pool.mean() + static_cast<double>(i);
    }

    std::vector<int> m_layer;
    std::vector<double> m_x;
    Neighbours m_above;
    Neighbours m_below;
    std::vector<std::vector<int>> m_rows;
    std::vector<std::pair<int, int>> m_points; ///< by edge: its points, first and behind the last
};

} // namespace

LayeredLayout layoutInLayers(int nodes, std::span<const LayoutEdge> edges)
{
    return Rows(nodes, edges).place(nodes, edges);
}

} // namespace quantloupe
