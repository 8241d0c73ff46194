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

class ChainOpener : public Opener {
 public:
    std::string_view kind() const override { return chain_kind; }
    bool claims(const std::string& path) const override { return is_chain(path); }

    Source find(const std::string& path) const override {
        const auto operands = json_texts(path);
        if (operands.empty() || operands.size() > most_links)
            throw Error(ErrorKind::unsupported, path,
                        "is not a list of 1 to " + std::to_string(most_links) + " plug-ins");
        Source chain{.kind = std::string(chain_kind), .identifier = {}, .files = {}};
        std::string identifiers;
        for (const auto& operand : operands) {
            const auto source = find_source(operand);
            chain.files.insert(chain.files.end(), source.files.begin(), source.files.end());
            identifiers += (identifiers.empty() ? "" : ",") + json_text(source.identifier);
            chain.part += (chain.part.empty() ? "chain " : ",") + source.part;
        }
        chain.identifier = "[" + identifiers + "]";
        return chain;
    }

    std::unique_ptr<Processor> open(const Source& source,
                                    const BlockSettings& settings) const override {
        Chain::Links links;
        for (const auto& operand : json_texts(source.identifier))
            links.push_back(open_source(find_source(operand), settings));
        return std::make_unique<Chain>(std::move(links), settings.block_size);
    }
};

const ChainOpener chain;

}  // namespace
}  // namespace patchpipe
