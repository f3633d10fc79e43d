// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/snake_case.h"

#include <cstddef>

namespace quantloupe {
namespace {

bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool isWord(char c)
{
    return isUpper(c) || isLower(c) || (c >= '0' && c <= '9') || c == '_';
}

/// Before a capital with small letters behind it, and after any character: the regular expression (.)([A-Z][a-z]+), whose
/// matches do not overlap.
std::string parted(std::string_view name)
{
    std::string out;
    for (std::size_t i = 0; i < name.size();) {
        out += name[i];
        const bool isMatch = i + 2 < name.size() && isUpper(name[i + 1]) && isLower(name[i + 2]);
        ++i;
        if (!isMatch)
            continue;
        out += '_';
        for (out += name[i++]; i < name.size() && isLower(name[i]); ++i)
            out += name[i];
    }
    return out;
}

} // namespace

std::string snakeCase(std::string_view name)
{
    std::string words;
    for (const char c : name)
        if (isWord(c))
            words += c;
    words = parted(words);
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0 && isLower(words[i - 1]) && isUpper(words[i]))
            out += '_';
        out += isUpper(words[i]) ? static_cast<char>(words[i] - 'A' + 'a') : words[i];
    }
    return out;
}

} // namespace quantloupe
