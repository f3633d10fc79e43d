// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/plain_text.h"

#include "base/error.h"

namespace quantloupe::ui {

QString plainText(std::string_view text)
{
    return QString::fromStdString(printable(text));
}

QString plainToolTip(const QString &text)
{
    QString escaped = text.toHtmlEscaped();
    escaped.replace(QLatin1Char('\n'), QLatin1String("<br>"));
    return QLatin1String("<qt>") + escaped + QLatin1String("</qt>");
}

} // namespace quantloupe::ui
