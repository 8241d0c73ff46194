// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/diagrams.h"

#include <map>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "file/read_file.h"
#include "file/whole_file.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_diagram = std::size_t{64} << 20;
constexpr std::string_view first_diagram = "process.svg", link_mark = "xlink:href=\"";

// "osci" of "osci-0x7f13b42b1120.svg".
std::string_view expression_of(std::string_view name) {
    const auto end = name.rfind("-0x");
    return end == name.npos ? name.substr(0, name.rfind('.')) : name.substr(0, end);
}

class Renaming {
 public:
    Renaming(const std::string& from, const std::string& to) : from_(from), to_(to) {}

    void move_all() {
        (void)new_name(first_diagram);
        for (std::size_t next = 0; next < found_.size(); ++next) move(found_[next]);
    }

 private:
    const std::string& new_name(std::string_view name) {
        const auto known = names_.find(name);
        if (known != names_.end()) return known->second;
        const std::string expression(expression_of(name));
        const int number = ++used_[expression];
        auto fresh = expression + (number > 1 ? "-" + std::to_string(number) : "") + ".svg";
        found_.emplace_back(name);
        return names_.emplace(name, std::move(fresh)).first->second;
    }

    void move(const std::string name) {  // a copy: the list grows meanwhile
        const auto diagram = read_file(from_ + "/" + name, largest_diagram);
        std::string moved;
        std::size_t done = 0;
        for (auto at = diagram.find(link_mark); at != diagram.npos;
             at = diagram.find(link_mark, done)) {
            const auto begin = at + link_mark.size(), end = diagram.find('"', begin);
            if (end == diagram.npos) break;
            moved.append(diagram, done, begin - done);
            moved += new_name(std::string_view(diagram).substr(begin, end - begin));
            done = end;
        }
        moved.append(diagram, done);
        write_whole_file(to_ + "/" + names_.find(name)->second, moved);
    }

    const std::string &from_, &to_;
    std::map<std::string, std::string, std::less<>> names_;  // the compiler's, ours
    std::map<std::string, int> used_;                        // how often an expression's name
    std::vector<std::string> found_;                         // the compiler's, in order
};

}  // namespace

void take_diagrams(const std::string& from, const std::string& to) {
    Renaming(from, to).move_all();
}

}  // namespace patchpipe
