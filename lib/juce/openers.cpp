// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The kinds that JUCE hosts.

#include "base/error.h"
#include "file/absolute.h"
#include "juce/juce_processor.h"
#include "juce/lv2_bundle.h"
#include "lv2/lv2_search.h"
#include "plugin/binary.h"
#include "plugin/opener.h"
#include "plugin/vst_source.h"

namespace patchpipe {
namespace {

class JuceOpener : public Opener {
 public:
    std::unique_ptr<Processor> open(const Source& source,
                                    const BlockSettings& settings) const override {
        return open_in_juce(source, settings);
    }
};

// find_source() looks for a VST2 in everything that no other kind claims.
class Vst2Opener : public JuceOpener {
 public:
    std::string_view kind() const override { return vst2_kind; }
    bool claims(const std::string& /*path*/) const override { return false; }
    Source find(const std::string& path) const override { return find_vst2(path); }
};

class Vst3Opener : public JuceOpener {
 public:
    std::string_view kind() const override { return vst3_kind; }
    bool claims(const std::string& path) const override { return !vst3_bundle_of(path).empty(); }
    Source find(const std::string& path) const override { return find_vst3(vst3_bundle_of(path)); }
    NeededFiles needed(const Source& source) const override {
        return {.read = {source.identifier}};
    }
};

class Lv2Opener : public JuceOpener {
 public:
    std::string_view kind() const override { return lv2_kind; }

    bool claims(const std::string& path) const override {
        return is_uri(path) || path.ends_with(".lv2");
    }

    Source find(const std::string& path) const override {
        if (!is_uri(path)) refuse_bundle(path);
        const auto found = find_lv2(path);
        if (!found && path.starts_with("file://"))
            throw Error(ErrorKind::not_found, path, "is a file's URI; give the path instead");
        if (!found)
            throw Error(ErrorKind::not_found, path,
                        "no such plug-in: no LV2 with this URI is installed; lv2ls lists them, "
                        "LV2_PATH names the folders");
        if (found->binary.empty())
            throw Error(ErrorKind::unsupported, path,
                        "is described in an LV2 bundle, but without a binary; install it again");
        check_plugin_is_there(found->binary);
        inspect_binary(found->binary, lv2_kind);
        return {.kind = std::string(lv2_kind),
                .identifier = path,
                .files = {found->binary},
                .part = path};
    }

    // Its bundle and those with presets for it, and the folders that they are in.
    NeededFiles needed(const Source& source) const override {
        NeededFiles files{.read = lv2_bundles_naming(source.identifier), .listed = lv2_folders()};
        files.read.insert(files.read.end(), source.files.begin(), source.files.end());
        return files;
    }

    std::string operand_for(const std::string& binary) const override {
        const auto uris = lv2_uris_in(std::string(folder_of(binary)), binary);
        return "the plug-in's URI" + (uris.empty() ? ", which lv2ls lists" : ": " + uris);
    }

 private:
    [[noreturn]] static void refuse_bundle(const std::string& path) {
        const auto uris = lv2_uris_in(path);
        throw Error(ErrorKind::unsupported, path,
                    uris.empty() ? "is an LV2 bundle, but no plug-in is described in it"
                                 : "is an LV2 bundle; give the URI of a plug-in in it: " + uris);
    }
};

const Vst2Opener vst2;
const Vst3Opener vst3;
const Lv2Opener lv2;

}  // namespace
}  // namespace patchpipe
