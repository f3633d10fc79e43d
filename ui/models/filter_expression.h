// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>
#include <optional>
#include <variant>

namespace quantloupe::ui {

/// What the filter line says: words that must all occur in a row's names, or an expression over columns such as
/// `rmse/scale > 1 && op == CONV_2D || tensor ~ lstm`. Comparisons: < <= > >= == != and ~ (contains, without case).
class FilterExpression {
public:
    using Value = std::variant<double, QString>;
    /// The value of a column by name in the row under test; nothing when there is no such column.
    using Lookup = std::function<std::optional<Value>(const QString &name)>;

    FilterExpression() = default;
    /// `isKnown` tells whether a name is a column, so that a misspelt one is an error instead of an empty table.
    static FilterExpression parse(const QString &text, const std::function<bool(const QString &)> &isKnown);

    bool isEmpty() const { return !m_test; }
    bool isExpression() const { return m_isExpression; }
    /// Why the text is not understood; empty when it is. Nothing is filtered then.
    const QString &error() const { return m_error; }
    bool accepts(const Lookup &lookup) const { return !m_test || m_test(lookup); }

private:
    friend class FilterParser;
    std::function<bool(const Lookup &)> m_test;
    bool m_isExpression = false;
    QString m_error;
};

} // namespace quantloupe::ui
