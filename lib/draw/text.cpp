// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "draw/text.h"

#include <pango/pangocairo.h>
#include <algorithm>
#include <cmath>
#include <memory>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"

namespace patchpipe {
namespace {

constexpr std::size_t most_masks = 20000, most_bytes = 400;
constexpr double most_width = 8192, letter_share = 0.74;  // of a line's height

struct Release {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
    void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
    void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
template <typename Thing>
using Owned = std::unique_ptr<Thing, Release>;

Owned<PangoFontDescription> describe(const TextPainter::Style& style) {
    Owned<PangoFontDescription> font(pango_font_description_new());
    const bool mono = style.font == Font::mono || style.font == Font::mono_bold;
    const bool bold = style.font == Font::sans_bold || style.font == Font::mono_bold;
    pango_font_description_set_family_static(
        font.get(), mono ? "DejaVu Sans Mono,monospace" : "DejaVu Sans,sans-serif");
    pango_font_description_set_weight(font.get(), bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font.get(), style.size * letter_share * PANGO_SCALE);
    return font;
}

// Letters where they belong, without the adjustments to a screen that users set.
void set_plain_options(PangoLayout* layout) {
    const Owned<cairo_font_options_t> options(cairo_font_options_create());
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango_layout_get_context(layout), options.get());
    pango_layout_context_changed(layout);
}

Owned<PangoLayout> lay_out(cairo_t* context, const std::string& text,
                           const TextPainter::Style& style) {
    Owned<PangoLayout> layout(pango_cairo_create_layout(context));
    set_plain_options(layout.get());
    pango_layout_set_font_description(layout.get(), describe(style).get());
    pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    pango_layout_set_width(layout.get(),
                           static_cast<int>(std::min(style.most, most_width) * PANGO_SCALE));
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    return layout;
}

Mask paint(const std::string& all, const TextPainter::Style& style) {
    const auto text = printable(cut_to(all, most_bytes));
    const auto make = [](int width, int height) {
        return Owned<cairo_surface_t>(cairo_image_surface_create(CAIRO_FORMAT_A8, width, height));
    };
    const auto nothing = make(1, 1);
    const Owned<cairo_t> measuring(cairo_create(nothing.get()));
    int width = 0, height = 0;
    pango_layout_get_pixel_size(lay_out(measuring.get(), text, style).get(), &width, &height);
    const auto surface = make(std::max(width, 1), std::max(height, 1));
    {
        const Owned<cairo_t> context(cairo_create(surface.get()));
        pango_cairo_show_layout(context.get(), lay_out(context.get(), text, style).get());
    }
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        throw Error(ErrorKind::io, readable(text), "cannot be drawn: out of memory");
    cairo_surface_flush(surface.get());
    Mask mask{width, height, {}};
    const auto* const data = cairo_image_surface_get_data(surface.get());
    const auto stride = cairo_image_surface_get_stride(surface.get());
    for (int y = 0; y < height; ++y)
        mask.coverage.insert(mask.coverage.end(), data + std::ptrdiff_t{y} * stride,
                             data + std::ptrdiff_t{y} * stride + width);
    return mask;
}

}  // namespace

const Mask& TextPainter::mask(const std::string& text, const Style& style) {
    const Key key{text, style.size, style.font, static_cast<int>(std::min(style.most, most_width))};
    const auto found = masks_.find(key);
    if (found != masks_.end()) return found->second;
    if (masks_.size() >= most_masks) masks_.clear();
    return masks_[key] = paint(text, style);
}

void TextPainter::draw(Frame& frame, double x, double y, const std::string& text,
                       const Style& style, const Box& clip) {
    if (text.empty() || style.most < 1) return;
    const auto& shape = mask(text, style);
    const double before = style.align == Align::left     ? 0
                          : style.align == Align::center ? shape.width / 2.0
                                                         : shape.width;
    draw_mask(frame, static_cast<int>(std::lround(x - before)), static_cast<int>(std::lround(y)),
              shape, style.color, style.opacity, clip);
}

void TextPainter::draw_label(Frame& frame, double x, double y, const std::string& text,
                             const Style& style) {
    if (text.empty() || style.most < 1) return;
    const auto& shape = mask(text, style);
    constexpr double border = 0.3, darkness = 0.6;
    const double more = style.size * border;
    fill_round_box(frame, {x - more, y, x + shape.width + more, y + shape.height}, more, {},
                   darkness * style.opacity);
    draw(frame, x, y, text, style);
}

double TextPainter::width(const std::string& text, const Style& style) {
    return text.empty() || style.most < 1 ? 0 : mask(text, style).width;
}

}  // namespace patchpipe
