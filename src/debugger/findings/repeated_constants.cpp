// SPDX-License-Identifier: GPL-3.0-or-later
//
// Constants that lie in the file more than once. A file may share one buffer among tensors: those are not counted.
#include "debugger/finding_rule.h"
#include "debugger/findings/places.h"

#include <fmt/format.h>
#include <set>
#include <string_view>

namespace quantloupe {
namespace {

constexpr std::size_t kSmallest = 256; ///< bytes; axes, shapes and small tables are not worth a word

void check(const Model &quantized, std::vector<Finding> &findings)
{
    std::set<std::string_view> seen;
    std::set<const std::byte *> known; // buffers: tensors may share one
    Places places;
    std::size_t wasted = 0;
    for (const Subgraph &graph : quantized.subgraphs) {
        for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
            const auto bytes = graph.tensors[i].constant.bytes;
            if (bytes.size() < kSmallest || !known.insert(bytes.data()).second)
                continue;
            if (seen.emplace(reinterpret_cast<const char *>(bytes.data()), bytes.size()).second)
                continue;
            places.add(placeOf(graph, TensorIndex(i)));
            wasted += bytes.size();
        }
    }
    if (places.count() > 0)
        findings.push_back({.id = "repeated-constants", .severity = Severity::Note, .title = fmt::format("{} bytes of constants lie in the file twice", wasted),
                            .evidence = places.text() + " have the same bytes as a tensor before them.", .remedy = "Share one layer or one constant between them.",
                            .subject = "quantized model", .op = {}, .tensor = {}});
}

} // namespace

extern const FindingRule repeated_constants_finding{"repeated-constants", check};

} // namespace quantloupe
