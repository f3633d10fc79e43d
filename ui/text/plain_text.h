// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string_view>

namespace quantloupe::ui {

/// Text from a file, made safe to show: control and bidirectional-override characters become visible, and nothing in it
/// is ever taken for markup (every label that shows it is set to Qt::PlainText; tooltips go through plainToolTip).
QString plainText(std::string_view text);

/// A tooltip that Qt must not sniff for markup, wrapped at a readable width.
QString plainToolTip(const QString &text);

} // namespace quantloupe::ui
