// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/outline.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace quantloupe {
namespace {

constexpr int kNone = -1;

/// Operators in groups, a group a node; in running order again, which folding may have changed.
class Grouping {
public:
    Grouping(const Subgraph &graph, const std::vector<Block> &blocks, std::vector<bool> isFolded)
        : m_graph(graph), m_blocks(blocks), m_isFolded(std::move(isFolded)), m_blockOf(graph.operators.size(), kNone)
    {
        for (std::size_t block = 0; block < blocks.size(); ++block)
            for (const OperatorIndex op : blocks[block].operators)
                m_blockOf[op.position()] = static_cast<int>(block);
    }

    Outline outline()
    {
        // Each block is closed under paths, but two of them can still feed each other; then one of them stays open.
        while (true) {
            group();
            const std::vector<int> order = sorted();
            if (order.size() == m_groups.size())
                return drawn(order);
            std::vector<bool> isPlaced(m_groups.size());
            for (const int each : order)
                isPlaced[static_cast<std::size_t>(each)] = true;
            for (std::size_t each = m_groups.size(); each-- > 0;)
                if (!isPlaced[each] && m_groups[each].size() > 1) {
                    m_isFolded[static_cast<std::size_t>(m_blockOf[m_groups[each].front().position()])] = false;
                    break;
                }
        }
    }

private:
    void group()
    {
        m_groups.clear();
        m_groupOf.assign(m_graph.operators.size(), kNone);
        std::vector<int> groupOfBlock(m_blocks.size(), kNone);
        for (std::size_t op = 0; op < m_graph.operators.size(); ++op) {
            const int block = m_blockOf[op];
            const bool isInside = block != kNone && m_isFolded[static_cast<std::size_t>(block)];
            int &known = isInside ? groupOfBlock[static_cast<std::size_t>(block)] : m_groupOf[op];
            if (known == kNone) {
                known = static_cast<int>(m_groups.size());
                m_groups.emplace_back();
            }
            m_groupOf[op] = known;
            m_groups[static_cast<std::size_t>(known)].emplace_back(op);
        }
        link();
    }

    void link()
    {
        std::vector<int> producer(m_graph.tensors.size(), kNone);
        m_next.assign(m_groups.size(), {});
        for (std::size_t op = 0; op < m_graph.operators.size(); ++op)
            for (const TensorIndex output : m_graph.operators[op].outputs)
                if (output.isValid())
                    producer[output.position()] = m_groupOf[op];
        for (std::size_t op = 0; op < m_graph.operators.size(); ++op)
            for (const TensorIndex input : m_graph.operators[op].inputs)
                if (input.isValid() && producer[input.position()] != kNone && producer[input.position()] != m_groupOf[op])
                    m_next[static_cast<std::size_t>(producer[input.position()])].push_back(m_groupOf[op]);
        for (auto &next : m_next) {
            std::sort(next.begin(), next.end());
            next.erase(std::unique(next.begin(), next.end()), next.end());
        }
        m_producer = std::move(producer);
    }

    /// Running order, the file's own where there is a choice; without those that are in a loop.
    std::vector<int> sorted() const
    {
        std::vector<int> waitsFor(m_groups.size());
        for (const auto &next : m_next)
            for (const int each : next)
                ++waitsFor[static_cast<std::size_t>(each)];
        std::priority_queue<int, std::vector<int>, std::greater<>> ready;
        for (std::size_t each = 0; each < m_groups.size(); ++each)
            if (waitsFor[each] == 0)
                ready.push(static_cast<int>(each));
        std::vector<int> order;
        while (!ready.empty()) {
            const int each = ready.top();
            ready.pop();
            order.push_back(each);
            for (const int next : m_next[static_cast<std::size_t>(each)])
                if (--waitsFor[static_cast<std::size_t>(next)] == 0)
                    ready.push(next);
        }
        return order;
    }

    Outline drawn(const std::vector<int> &order)
    {
        Outline outline;
        outline.nodeOfOperator.resize(m_graph.operators.size());
        std::vector<int> nodeOfGroup(m_groups.size());
        const int first = static_cast<int>(m_graph.inputs.size());
        for (const TensorIndex input : m_graph.inputs)
            outline.nodes.push_back({Outline::NodeKind::Input, "input", m_graph.tensor(input).name, {}, input, kNone});
        for (std::size_t place = 0; place < order.size(); ++place) {
            const auto &members = m_groups[static_cast<std::size_t>(order[place])];
            nodeOfGroup[static_cast<std::size_t>(order[place])] = first + static_cast<int>(place);
            for (const OperatorIndex op : members)
                outline.nodeOfOperator[op.position()] = first + static_cast<int>(place);
            outline.nodes.push_back(nodeOf(members));
        }
        connect(outline, order, nodeOfGroup);
        for (std::size_t i = 0; i < m_graph.outputs.size(); ++i) {
            const TensorIndex output = m_graph.outputs[i];
            const int producer = m_producer[output.position()];
            if (producer != kNone)
                outline.edges.push_back({nodeOfGroup[static_cast<std::size_t>(producer)], static_cast<int>(outline.nodes.size())});
            outline.nodes.push_back({Outline::NodeKind::Output, "output", m_graph.tensor(output).name, {}, output, kNone});
        }
        outline.layout = layoutInLayers(static_cast<int>(outline.nodes.size()), outline.edges);
        return outline;
    }

    void connect(Outline &outline, const std::vector<int> &order, const std::vector<int> &nodeOfGroup) const
    {
        for (std::size_t i = 0; i < m_graph.inputs.size(); ++i) {
            std::vector<int> readers;
            for (std::size_t op = 0; op < m_graph.operators.size(); ++op)
                if (const auto &inputs = m_graph.operators[op].inputs; std::find(inputs.begin(), inputs.end(), m_graph.inputs[i]) != inputs.end())
                    readers.push_back(outline.nodeOfOperator[op]);
            std::sort(readers.begin(), readers.end());
            readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
            for (const int reader : readers)
                outline.edges.push_back({static_cast<int>(i), reader});
        }
        for (const int group : order)
            for (const int next : m_next[static_cast<std::size_t>(group)])
                outline.edges.push_back({nodeOfGroup[static_cast<std::size_t>(group)], nodeOfGroup[static_cast<std::size_t>(next)]});
    }

    Outline::Node nodeOf(const std::vector<OperatorIndex> &members) const
    {
        const Operator &last = m_graph.op(members.back());
        const TensorIndex tensor = last.outputs.empty() ? TensorIndex() : last.outputs.front();
        const int block = m_blockOf[members.front().position()];
        if (block != kNone && m_isFolded[static_cast<std::size_t>(block)])
            return {Outline::NodeKind::Block, m_blocks[static_cast<std::size_t>(block)].title, m_blocks[static_cast<std::size_t>(block)].name, members, tensor, block};
        return {Outline::NodeKind::Operator, last.name, tensor.isValid() ? m_graph.tensor(tensor).name : std::string(), members, tensor, block};
    }

    const Subgraph &m_graph;
    const std::vector<Block> &m_blocks;
    std::vector<bool> m_isFolded;
    std::vector<int> m_blockOf;
    std::vector<int> m_groupOf;
    std::vector<std::vector<OperatorIndex>> m_groups;
    std::vector<std::vector<int>> m_next;
    std::vector<int> m_producer;
};

} // namespace

Outline outlineOf(const Subgraph &subgraph, const std::function<bool(const Block &block)> &isOpen)
{
    std::vector<Block> blocks = findBlocks(subgraph);
    std::vector<bool> isFolded;
    for (const Block &block : blocks)
        isFolded.push_back(!isOpen || !isOpen(block));
    Outline outline = Grouping(subgraph, blocks, std::move(isFolded)).outline();
    outline.blocks = std::move(blocks);
    return outline;
}

} // namespace quantloupe
