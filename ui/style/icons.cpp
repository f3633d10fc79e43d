// SPDX-License-Identifier: GPL-3.0-or-later
#include "style/icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QStringList>

#include <optional>

namespace quantloupe::ui {
namespace {

/// A drawing on a grid of 24: M, L, Z as in SVG, "O x y r" a circle; what stands behind a "|" is filled.
const char *drawing(Glyph glyph)
{
    switch (glyph) {
    case Glyph::Archive: return "M 3 5 L 21 5 L 21 9 L 3 9 Z M 4.5 9 L 4.5 20 L 19.5 20 L 19.5 9 M 9.5 13 L 14.5 13";
    case Glyph::Pair: return "M 3 4 L 11 4 L 11 15 L 3 15 Z M 13 9 L 21 9 L 21 20 L 13 20 Z M 5.5 8 L 8.5 8 M 15.5 13 L 18.5 13 M 15.5 16 L 18.5 16";
    case Glyph::Sample: return "M 9.5 3 L 14.5 3 M 10.5 3 L 10.5 9 L 4.5 19 L 6 21 L 18 21 L 19.5 19 L 13.5 9 L 13.5 3 M 7.5 15 L 16.5 15";
    case Glyph::Folder: return "M 3 19 L 3 5 L 9.5 5 L 11.5 8 L 21 8 L 21 19 Z";
    case Glyph::Run: return "| M 7 4.5 L 19.5 12 L 7 19.5 Z";
    case Glyph::Stop: return "| M 6 6 L 18 6 L 18 18 L 6 18 Z";
    case Glyph::Export: return "M 12 15 L 12 3.5 M 7.5 8 L 12 3.5 L 16.5 8 M 4 14 L 4 20 L 20 20 L 20 14";
    case Glyph::Copy: return "M 8 8 L 20 8 L 20 21 L 8 21 Z M 16 8 L 16 3 L 4 3 L 4 16 L 8 16";
    case Glyph::Close: return "M 6 6 L 18 18 M 18 6 L 6 18";
    case Glyph::Note: return "O 12 12 9 M 12 11 L 12 17 | O 12 7.5 1.2";
    case Glyph::Warning: return "M 12 3.5 L 22 20.5 L 2 20.5 Z M 12 10 L 12 15 | O 12 17.8 1.1";
    case Glyph::Problem: return "M 8 3 L 16 3 L 21 8 L 21 16 L 16 21 L 8 21 L 3 16 L 3 8 Z M 12 7.5 L 12 13 | O 12 16.5 1.2";
    case Glyph::Ideal: return "M 4.5 12.5 L 10 18 L 19.5 7";
    case Glyph::Raised: return "M 6 14 L 12 8 L 18 14";
    case Glyph::Outlier: return "| M 12 3.5 L 22 20.5 L 2 20.5 Z";
    case Glyph::Unknown: return "M 6 12 L 18 12";
    case Glyph::Search: return "O 10.5 10.5 6.5 M 15.5 15.5 L 21 21";
    case Glyph::Chart: return "M 3 21 L 21 21 | M 5 12 L 8 12 L 8 19 L 5 19 Z M 10.5 5 L 13.5 5 L 13.5 19 L 10.5 19 Z M 16 9 L 19 9 L 19 19 L 16 19 Z";
    case Glyph::Model: return "O 6 6 2.6 O 18 6 2.6 O 12 18 2.6 M 7.4 8.2 L 10.7 15.7 M 16.6 8.2 L 13.3 15.7 M 8.6 6 L 15.4 6";
    case Glyph::Table: return "M 3 4 L 21 4 L 21 20 L 3 20 Z M 3 9.3 L 21 9.3 M 3 14.6 L 21 14.6 M 10 4 L 10 20";
    case Glyph::File: return "M 5 3 L 14 3 L 19 8 L 19 21 L 5 21 Z M 14 3 L 14 8 L 19 8";
    case Glyph::Histogram: return "M 3 21 L 21 21 M 3 19 L 6 19 L 6 15 L 9 15 L 9 7 L 12 7 L 12 4 L 15 4 L 15 11 L 18 11 L 18 17 L 21 17";
    case Glyph::Steps: return "M 3 16 L 7 16 L 7 10 L 12 10 L 12 14 L 16 14 L 16 5 L 21 5 M 3 21 L 21 21";
    case Glyph::Stack: return "M 3 4 L 21 4 L 21 9 L 3 9 Z M 14 4 L 14 9 M 3 15 L 21 15 L 21 20 L 3 20 Z M 8 15 L 8 20 | M 3 4 L 9 4 L 9 9 L 3 9 Z";
    case Glyph::Slope: return "M 4 3 L 4 21 M 20 3 L 20 21 M 4 17 L 20 6 M 4 9 L 20 14 | O 4 17 1.6 O 20 6 1.6 O 4 9 1.6 O 20 14 1.6";
    case Glyph::Parameter: return "M 3 7 L 21 7 M 3 17 L 21 17 | O 9 7 2.8 O 15 17 2.8";
    case Glyph::Dataset: return "M 4 4 L 10 4 L 10 10 L 4 10 Z M 14 4 L 20 4 L 20 10 L 14 10 Z M 4 14 L 10 14 L 10 20 L 4 20 Z M 14 14 L 20 14 L 20 20 L 14 20 Z";
    }
    return "";
}

struct Outline {
    QPainterPath stroked;
    QPainterPath filled;
};

Outline outlineOf(const char *text)
{
    Outline outline;
    QPainterPath *path = &outline.stroked;
    const QStringList words = QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    const auto number = [&](qsizetype at) { return words.value(at).toDouble(); };
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (word == QLatin1String("|"))
            path = &outline.filled;
        else if (word == QLatin1String("M"))
            path->moveTo(number(i + 1), number(i + 2));
        else if (word == QLatin1String("L"))
            path->lineTo(number(i + 1), number(i + 2));
        else if (word == QLatin1String("O"))
            path->addEllipse(QPointF(number(i + 1), number(i + 2)), number(i + 3), number(i + 3));
        else if (word == QLatin1String("Z"))
            path->closeSubpath();
    }
    return outline;
}

class GlyphEngine : public QIconEngine {
public:
    GlyphEngine(Glyph glyph, std::optional<QColor> color) : m_glyph(glyph), m_color(color) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QGuiApplication::palette();
        QColor color = m_color.value_or(palette.color(QPalette::Active, QPalette::ButtonText));
        if (mode == QIcon::Disabled)
            color.setAlphaF(0.4f);
        else if (mode == QIcon::Selected)
            color = palette.color(QPalette::HighlightedText);
        const Outline outline = outlineOf(drawing(m_glyph));
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.topLeft());
        painter->scale(rect.width() / 24.0, rect.height() / 24.0);
        painter->setPen(QPen(color, 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPath(outline.stroked);
        painter->setBrush(color);
        painter->drawPath(outline.filled);
        painter->restore();
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new GlyphEngine(m_glyph, m_color); }

private:
    Glyph m_glyph;
    std::optional<QColor> m_color;
};

} // namespace

QIcon icon(Glyph glyph)
{
    return QIcon(new GlyphEngine(glyph, std::nullopt));
}

QIcon icon(Glyph glyph, const QColor &color)
{
    return QIcon(new GlyphEngine(glyph, color));
}

} // namespace quantloupe::ui
