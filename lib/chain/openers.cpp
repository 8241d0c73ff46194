// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The kind "chain": several plug-ins one after the other, named by a JSON list of their operands:
// ["/usr/lib/vst/amsynth_vst.so","http://drobilla.net/plugins/mda/Delay"].

#include "base/error.h"
#include "base/json.h"
#include "plugin/opener.h"
#include "render/chain.h"

namespace patchpipe {
namespace {

constexpr std::size_t most_links = 64;

std::vector<std::string> operands_in(const std::string& list) {
    auto operands = json_texts(list);
    const auto entries = json_elements(list);
    const bool only_texts = entries && entries->size() == operands.size();
    if (!only_texts || operands.empty() || operands.size() > most_links)
        throw Error(
            ErrorKind::unsupported, list,
            "is not a list of the names of 1 to " + std::to_string(most_links) + " plug-ins");
    return operands;
}

// A fault names the link, counted from 1, unless it is the only one.
Source find_link(const std::vector<std::string>& operands, std::size_t link) try {
    return find_source(operands[link]);
} catch (const Error& error) {
    if (operands.size() == 1) throw;
    throw Error(error.kind(), "link " + std::to_string(link + 1), error.what());
}

class ChainOpener : public Opener {
 public:
    std::string_view kind() const override { return chain_kind; }
    bool claims(const std::string& path) const override { return is_chain(path); }

    Source find(const std::string& path) const override {
        const auto operands = operands_in(path);
        Source chain{.kind = std::string(chain_kind), .identifier = {}, .files = {}};
        std::string identifiers;
        for (std::size_t i = 0; i < operands.size(); ++i) {
            const auto source = find_link(operands, i);
            chain.files.insert(chain.files.end(), source.files.begin(), source.files.end());
            identifiers += (identifiers.empty() ? "" : ",") + json_text(source.identifier);
            chain.part += (chain.part.empty() ? "chain " : ",") + source.part;
        }
        chain.identifier = "[" + identifiers + "]";
        return chain;
    }

    NeededFiles needed(const Source& source) const override {
        NeededFiles all;
        for (const auto& operand : operands_in(source.identifier)) {
            const auto files = needed_files(find_source(operand));
            all.read.insert(all.read.end(), files.read.begin(), files.read.end());
            all.listed.insert(all.listed.end(), files.listed.begin(), files.listed.end());
            all.foreign.insert(all.foreign.end(), files.foreign.begin(), files.foreign.end());
        }
        return all;
    }

    std::unique_ptr<Processor> open(const Source& source,
                                    const BlockSettings& settings) const override {
        Chain::Links links;
        for (const auto& operand : operands_in(source.identifier))
            links.push_back(open_source(find_source(operand), settings));
        return std::make_unique<Chain>(std::move(links), settings.block_size);
    }
};

const ChainOpener chain;

}  // namespace
}  // namespace patchpipe
