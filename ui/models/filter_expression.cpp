// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/filter_expression.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <vector>



namespace quantloupe::ui {
namespace {

using Test = std::function<bool(const FilterExpression::Lookup &)>;

/// Under a name, so that the tools of translators find what goes through it.
struct Texts {
    Q_DECLARE_TR_FUNCTIONS(quantloupe::ui::FilterExpression)
};

struct Token {
    enum Kind { Word, Text, Comparison, And, Or, Open, Close, Bad } kind;
    QString text;
};

std::vector<Token> tokensOf(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral(R"re(\s*(?:(&&|\band\b)|(\|\||\bor\b)|(<=|>=|==|!=|[<>=~])|(\()|(\))|"([^"]*)"|([^\s&|<>=!~()"]+)|(\S)))re"));
    static const Token::Kind kinds[] = {Token::And, Token::Or, Token::Comparison, Token::Open, Token::Close, Token::Text, Token::Word, Token::Bad};
    std::vector<Token> tokens;
    for (auto matches = pattern.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        const int group = match.lastCapturedIndex();
        if (group > 0)
            tokens.push_back({kinds[group - 1], match.captured(group)});
    }
    return tokens;
}

bool compareNumbers(double left, const QString &comparison, double right)
{
    if (comparison == QLatin1String("<"))
        return left < right;
    if (comparison == QLatin1String("<="))
        return left <= right;
    if (comparison == QLatin1String(">"))
        return left > right;
    if (comparison == QLatin1String(">="))
        return left >= right;
    if (comparison == QLatin1String("!="))
        return left != right;
    return left == right;
}

bool compareTexts(const QString &left, const QString &comparison, const QString &right)
{
    if (comparison == QLatin1String("~"))
        return left.contains(right, Qt::CaseInsensitive);
    const int order = left.compare(right, Qt::CaseInsensitive);
    return compareNumbers(order, comparison, 0);
}

Test comparisonTest(const QString &column, const QString &comparison, const QString &right)
{
    bool isNumber = false;
    const double number = right.toDouble(&isNumber);
    return [=](const FilterExpression::Lookup &lookup) {
        const auto value = lookup(column);
        if (!value)
            return false;
        if (const double *left = std::get_if<double>(&*value))
            return isNumber && compareNumbers(*left, comparison, number);
        return compareTexts(std::get<QString>(*value), comparison, right);
    };
}

Test wordsTest(const QStringList &words)
{
    return [words](const FilterExpression::Lookup &lookup) {
        const QString names = std::get<QString>(*lookup(QString()));
        return std::all_of(words.begin(), words.end(), [&](const QString &word) { return names.contains(word, Qt::CaseInsensitive); });
    };
}

} // namespace

/// Recursive descent: or-chain of and-chains of comparisons and brackets.
class FilterParser {
public:
    FilterParser(std::vector<Token> tokens, const std::function<bool(const QString &)> &isKnown) : m_tokens(std::move(tokens)), m_isKnown(isKnown) {}

    FilterExpression parse()
    {
        FilterExpression expression;
        expression.m_isExpression = true;
        Test test = either(0);
        if (m_error.isEmpty() && m_next < m_tokens.size())
            m_error = Texts::tr("“%1” is one too many").arg(m_tokens[m_next].text);
        expression.m_error = m_error;
        if (m_error.isEmpty())
            expression.m_test = std::move(test);
        return expression;
    }

private:
    static constexpr int kMaxDepth = 32;

    bool take(Token::Kind kind)
    {
        if (m_next >= m_tokens.size() || m_tokens[m_next].kind != kind)
            return false;
        ++m_next;
        return true;
    }

    Test failed(const QString &error)
    {
        if (m_error.isEmpty())
            m_error = error;
        return [](const FilterExpression::Lookup &) { return true; };
    }

    Test either(int depth)
    {
        if (depth > kMaxDepth)
            return failed(Texts::tr("too many brackets"));
        Test left = both(depth);
        while (take(Token::Or))
            left = [left, right = both(depth)](const FilterExpression::Lookup &lookup) { return left(lookup) || right(lookup); };
        return left;
    }

    Test both(int depth)
    {
        Test left = single(depth);
        while (take(Token::And))
            left = [left, right = single(depth)](const FilterExpression::Lookup &lookup) { return left(lookup) && right(lookup); };
        return left;
    }

    Test single(int depth)
    {
        if (take(Token::Open)) {
            Test inner = either(depth + 1);
            return take(Token::Close) ? inner : failed(Texts::tr("a bracket is not closed"));
        }
        return comparison();
    }

    Test comparison()
    {
        if (!take(Token::Word))
            return failed(Texts::tr("a column’s name is missing"));
        const QString column = m_tokens[m_next - 1].text;
        if (!m_isKnown(column))
            return failed(Texts::tr("there is no column “%1”").arg(column));
        if (!take(Token::Comparison))
            return failed(Texts::tr("a comparison is missing after “%1”").arg(column));
        const QString comparison = m_tokens[m_next - 1].text;
        if (!take(Token::Word) && !take(Token::Text))
            return failed(Texts::tr("a value is missing after “%1”").arg(comparison));
        return comparisonTest(column, comparison, m_tokens[m_next - 1].text);
    }

    std::vector<Token> m_tokens;
    const std::function<bool(const QString &)> &m_isKnown;
    std::size_t m_next = 0;
    QString m_error;
};

FilterExpression FilterExpression::parse(const QString &text, const std::function<bool(const QString &)> &isKnown)
{
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words.isEmpty())
        return {};
    const auto tokens = tokensOf(text);
    if (std::any_of(tokens.begin(), tokens.end(), [](const Token &token) { return token.kind == Token::Comparison; }))
        return FilterParser(tokens, isKnown).parse();
    FilterExpression expression;
    expression.m_test = wordsTest(words);
    return expression;
}

} // namespace quantloupe::ui
