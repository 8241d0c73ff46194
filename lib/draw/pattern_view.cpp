// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of a module as trackers show them, with the one that plays in the middle.

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/error.h"
#include "draw/canvas.h"
#include "draw/text.h"
#include "draw/view.h"
#include "song/module_terms.h"

namespace patchpipe {
namespace {

constexpr double letter_width = 0.447;  // of a line's height, in the monospaced font
constexpr double largest_line = 44, smallest_line = 12;  // at a height of 1080
constexpr int beat_rows = 4, bar_rows = 16;
constexpr double light_seconds = 0.3;  // that a channel's name shines after a note

// A column of a channel's cell: what it shows, where its letters begin, and its color.
struct Field {
    std::string SceneCell::*text;
    int begin, letters;
    Color color;
};
const Field fields[] = {{&SceneCell::note, 0, 3, {0xf4, 0xf6, 0xfa}},
                        {&SceneCell::instrument, 4, 2, {0x8f, 0xd3, 0xff}},
                        {&SceneCell::volume, 7, 3, {0x97, 0xe8, 0x9c}},
                        {&SceneCell::effect, 11, 3, {0xff, 0xc0, 0x78}}};
constexpr int gap = 2;  // letters between channels

struct Heading {
    std::string name;
    Color color;
};

class PatternView : public View {
 public:
    PatternView(Scene scene, const ViewSettings& settings)
        : scene_(std::move(scene)), settings_(settings) {
        if (scene_.rows.empty())
            throw Error(ErrorKind::bad_record, "pattern",
                        "there are no rows to draw; give the records of song-read --rows");
        number_channels();
        choose_size();
    }

    [[nodiscard]] double length() const override { return scene_.length; }

    void draw(std::int64_t number, Frame& frame) override {
        time_ = settings_.rate.time_of(number);
        fill(frame, settings_.background);
        const auto now = row_at(time_);
        const double head = settings_.labels ? settings_.scaled(110) : 0;
        const Box body{0, head, double(settings_.width), double(settings_.height)};
        const double middle = std::round((body.top + body.bottom - line_) / 2);
        const auto around = static_cast<std::ptrdiff_t>(body.height() / line_ / 2) + 2;
        for (auto step = -around; step <= around; ++step) {
            const auto index = static_cast<std::ptrdiff_t>(now) + step;
            if (index < 0 || index >= std::ssize(scene_.rows)) continue;
            draw_row(frame, static_cast<std::size_t>(index), now,
                     middle + static_cast<double>(step) * line_, body);
        }
        if (settings_.grid) draw_columns(frame, body);
        if (settings_.labels) draw_head(frame, now, head);
    }

 private:
    // The channels that do something get columns.
    void number_channels() {
        std::map<int, int> columns;
        for (const auto& row : scene_.rows)
            for (const auto& cell : row.cells) columns[cell.channel] = 0;
        for (auto& [channel, column] : columns) {
            column = channels_++;
            add_heading(channel);
        }
        struck_.resize(headings_.size());
        for (std::size_t i = 0; i < scene_.rows.size(); ++i)
            for (auto& cell : scene_.rows[i].cells) {
                cell.channel = columns[cell.channel];
                const bool has_note =
                    !cell.note.empty() && cell.note.front() >= 'A' && cell.note.front() <= 'G';
                if (has_note || is_sample_alone(cell))
                    struck_[static_cast<std::size_t>(cell.channel)].push_back(i);
            }
    }

    // The name and the color of the channel's track, whose id is as song-read(1) makes it.
    void add_heading(int channel) {
        const auto id = track_id(channel - 1);
        const auto track = std::find_if(scene_.tracks.begin(), scene_.tracks.end(),
                                        [&](const SceneTrack& one) { return one.id == id; });
        const bool found = track != scene_.tracks.end();
        const auto& color = settings_.colors[headings_.size() % settings_.colors.size()];
        headings_.push_back({found ? track->name : std::to_string(channel),
                             found ? track->color.value_or(color) : color});
    }

    // The largest letters with which all channels fit, showing less of cells if they get too small.
    void choose_size() {
        const double least = settings_.scaled(smallest_line);
        for (shown_ = std::size(fields); shown_ > 1; --shown_) {
            set_size();
            if (line_ >= settings_.scaled(largest_line) / 2) break;
        }
        if (shown_ == 1) set_size();
        line_ = std::max(line_, least);
        letter_ = line_ * letter_width;
        left_ = std::max(0.0, (settings_.width - letter_ * letters()) / 2);
    }
    void set_size() {
        line_ =
            std::min(settings_.width / (letters() * letter_width), settings_.scaled(largest_line));
    }
    [[nodiscard]] int cell_letters() const {
        return fields[shown_ - 1].begin + fields[shown_ - 1].letters + gap;
    }
    // Of a whole line: the row's number, and a border on both sides.
    [[nodiscard]] int letters() const { return number_letters + channels_ * cell_letters() + gap; }
    [[nodiscard]] double x_of(int channel) const {
        return left_ + letter_ * (number_letters + channel * cell_letters() + gap / 2.0);
    }
    static constexpr int number_letters = 5;

    [[nodiscard]] std::size_t row_at(double time) const {
        const auto behind =
            std::upper_bound(scene_.rows.begin(), scene_.rows.end(), time,
                             [](double at, const SceneRow& row) { return at < row.time; });
        return behind == scene_.rows.begin()
                   ? 0
                   : static_cast<std::size_t>(behind - scene_.rows.begin() - 1);
    }

    void draw_row(Frame& frame, std::size_t index, std::size_t now, double top, const Box& body) {
        const auto& row = scene_.rows[index];
        const Box line{0, std::max(top, body.top), body.right, top + line_};
        const bool other = row.order != scene_.rows[now].order;
        if (index == now)
            fill_box(frame, line, {0x5c, 0x7c, 0xfa}, 0.55);
        else if (row.row % beat_rows == 0)
            fill_box(frame, line, {255, 255, 255}, row.row % bar_rows == 0 ? 0.1 : 0.05);
        const double opacity = index == now ? 1 : other ? 0.3 : 0.85;
        const TextPainter::Style style{
            .size = line_, .font = Font::mono, .color = {0x8a, 0x92, 0xa3}, .opacity = opacity};
        auto number = std::to_string(row.row);
        number.insert(0, number.size() < 3 ? 3 - number.size() : 0, ' ');
        text_.draw(frame, left_ + letter_ / 2, top, number, style, body);
        for (int channel = 0; channel < channels_; ++channel)
            if (const auto* cell = cell_of(row, channel))
                draw_cell(frame, *cell, x_of(channel), top, style, body);
            else if (settings_.grid)
                text_.draw(frame, x_of(channel), top, "...", faint(style), body);
    }

    [[nodiscard]] static TextPainter::Style faint(TextPainter::Style style) {
        style.opacity *= 0.35;
        return style;
    }

    [[nodiscard]] static const SceneCell* cell_of(const SceneRow& row, int channel) {
        for (const auto& cell : row.cells)
            if (cell.channel == channel) return &cell;
        return nullptr;
    }

    // As in a module in text, whose cells are shown by the names of their samples.
    [[nodiscard]] static bool is_sample_alone(const SceneCell& cell) {
        return cell.note.empty() && cell.instrument.empty() && !cell.sample.empty();
    }

    void draw_cell(Frame& frame, const SceneCell& cell, double x, double top,
                   const TextPainter::Style& style, const Box& body) {
        if (is_sample_alone(cell)) {
            const auto name = scene_.sample_names.find(cell.sample);
            auto own = style;
            own.color = fields[0].color;
            own.most = std::floor(letter_ * (cell_letters() - gap));
            return text_.draw(frame, x, top,
                              name == scene_.sample_names.end() ? cell.sample : name->second, own,
                              body);
        }
        for (std::size_t i = 0; i < shown_; ++i) {
            const auto& field = fields[i];
            const auto& text = cell.*field.text;
            auto own = style;
            own.color = field.color;
            if (!text.empty())
                text_.draw(frame, x + letter_ * field.begin, top, text, own, body);
            else if (i == 0 && settings_.grid)
                text_.draw(frame, x, top, "...", faint(style), body);
        }
    }

    void draw_columns(Frame& frame, const Box& body) const {
        const double thin = std::max(1.0, settings_.scaled(1.5));
        for (int channel = 0; channel <= channels_; ++channel) {
            const double x = std::round(x_of(channel) - letter_ * gap / 2);
            fill_box(frame, {x, body.top, x + thin, body.bottom}, {255, 255, 255}, 0.13);
        }
    }

    // The title and the place in the song, and below them the channels, which shine with notes.
    void draw_head(Frame& frame, std::size_t now, double head) {
        const auto& row = scene_.rows[now];
        fill_box(frame, {0, 0, double(settings_.width), head},
                 mixed(settings_.background, {255, 255, 255}, 0.06));
        const double edge = settings_.scaled(24), size = settings_.scaled(36);
        const auto place =
            "order " + std::to_string(row.order) + "   pattern " + std::to_string(row.pattern);
        const TextPainter::Style style{.size = size, .font = Font::sans_bold};
        auto right = style;
        right.align = TextPainter::Align::right;
        right.opacity = 0.7;
        const double used = text_.width(place, right);
        text_.draw(frame, settings_.width - edge, settings_.scaled(10), place, right);
        auto title = style;
        title.most = settings_.width - 3 * edge - used;
        text_.draw(frame, edge, settings_.scaled(10), scene_.title, title);
        for (int channel = 0; channel < channels_; ++channel) draw_name(frame, channel, now, head);
    }

    void draw_name(Frame& frame, int channel, std::size_t now, double head) {
        const double size = settings_.scaled(30), top = head - size - settings_.scaled(10);
        const double width = letter_ * (cell_letters() - gap);
        const double light = light_of(channel, now);
        const auto& [name, color] = headings_[static_cast<std::size_t>(channel)];
        const double left = x_of(channel);
        fill_box(frame,
                 {left, head - settings_.scaled(7), left + width, head - settings_.scaled(2)},
                 color, 0.2 + 0.8 * light);
        text_.draw(frame, left, top, name,
                   {.size = std::min(size, line_ * 1.2),
                    .color = mixed(color, {255, 255, 255}, light),
                    .opacity = 0.65 + 0.35 * light,
                    .most = std::floor(width)});
    }

    // 1 when a channel's note begins, then less.
    [[nodiscard]] double light_of(int channel, std::size_t now) const {
        const auto& rows = struck_[static_cast<std::size_t>(channel)];
        const auto behind = std::upper_bound(rows.begin(), rows.end(), now);
        if (behind == rows.begin()) return 0;
        const double since = time_ - scene_.rows[*std::prev(behind)].time;
        return std::clamp(1 - since / light_seconds, 0.0, 1.0);
    }

    Scene scene_;
    ViewSettings settings_;
    int channels_ = 0;                       // that are shown; cells have their numbers, from 0
    std::size_t shown_ = std::size(fields);  // fields of each cell
    double line_ = 0, letter_ = 0, left_ = 0, time_ = 0;
    std::vector<Heading> headings_;                 // of the channels
    std::vector<std::vector<std::size_t>> struck_;  // rows in which each channel begins a note
    TextPainter text_;
};

}  // namespace

std::unique_ptr<View> make_pattern_view(Scene scene, const ViewSettings& settings) {
    return std::make_unique<PatternView>(std::move(scene), settings);
}

}  // namespace patchpipe
