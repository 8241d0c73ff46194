// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text as masks, by Pango and Cairo with the fonts of the system. A text is laid out once and kept,
// up to a limit, as the same words come in every frame.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "draw/canvas.h"

namespace patchpipe {

enum class Font { sans, sans_bold, mono, mono_bold };

class TextPainter {
 public:
    enum class Align { left, center, right };

    struct Style {
        double size = 16;  ///< the height of a line, in pixels
        Font font = Font::sans;
        Color color = {255, 255, 255};
        double opacity = 1;
        Align align = Align::left;
        double most = 1e4;  ///< the width that it may have; what is longer ends in an ellipsis,
                            ///< and nothing is drawn below a pixel
    };

    /// Draws one line of UTF-8 with its left end, middle or right end at x, and its upper edge at
    /// y; what is outside of clip is cut off.
    void draw(Frame& frame, double x, double y, const std::string& text, const Style& style,
              const Box& clip);
    void draw(Frame& frame, double x, double y, const std::string& text, const Style& style) {
        draw(frame, x, y, text, style, box_of(frame));
    }
    /// The same with a dark box behind it, for text on a picture.
    void draw_label(Frame& frame, double x, double y, const std::string& text, const Style& style);
    /// The width of a line, in pixels.
    [[nodiscard]] double width(const std::string& text, const Style& style);

 private:
    using Key = std::tuple<std::string, double, Font, int>;
    const Mask& mask(const std::string& text, const Style& style);

    std::map<Key, Mask> masks_;
};

}  // namespace patchpipe
