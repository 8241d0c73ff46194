// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads an ELF file: its machine, the libraries it needs, the symbols it defines. Nothing of it is
// loaded or run. The format is in elf(5), and in System V's generic ABI.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// What decides whether a loader can take a file at all.
struct ElfMachine {
    int bits = 0;          ///< 32 or 64
    int byte_order = 0;    ///< 1 little-endian, 2 big-endian
    unsigned machine = 0;  ///< e_machine

    bool operator==(const ElfMachine&) const = default;
};

/// "x86_64", "aarch64" as uname(1) has them; "machine 4711" for one without a name here.
[[nodiscard]] std::string machine_name(const ElfMachine& machine);

/// The machine of an ELF file by its first bytes; nothing if they are not ELF's.
[[nodiscard]] std::optional<ElfMachine> elf_machine(std::string_view bytes);

/// The machine that this very program was built for. Throws Error io.
[[nodiscard]] ElfMachine own_machine();

/// An entry of a library's notes: what its maker wrote down for other programs.
struct ElfNote {
    std::string_view owner;  ///< "GNU"
    std::uint32_t type;
    std::string_view content;
};

/// A name that the loader knows a library by.
struct ElfSymbol {
    std::string_view name;
    bool is_defined;  ///< else another library has to have it
    bool is_unique;   ///< STB_GNU_UNIQUE: one in the whole process, for as long as that lives
};

/// A library of our own machine, seen as the dynamic loader sees it: by its program headers.
class ElfLibrary {
 public:
    /// The bytes of the whole file; they must outlive this. Throws std::out_of_range if what they
    /// refer to lies beyond their end.
    explicit ElfLibrary(std::string_view bytes);

    /// False for a program, which no loader takes as a library, and for an object file.
    [[nodiscard]] bool is_library() const { return is_library_; }

    /// The libraries that it names as needed, as it names them: "libz.so.1".
    [[nodiscard]] const std::vector<std::string>& needed() const { return needed_; }

    /// True if it brings folders of its own in which the loader looks for what it needs.
    [[nodiscard]] bool has_search_path() const { return has_search_path_; }

    /// True if it is marked to stay loaded for as long as the process lives (-z nodelete).
    [[nodiscard]] bool is_permanent() const { return is_permanent_; }

    /// True if it offers that function or variable to others.
    [[nodiscard]] bool defines(std::string_view symbol) const;

    /// All that it offers and needs, in the file's order. They refer to the bytes. Of a name that
    /// has more than 64 KiB, only those.
    [[nodiscard]] std::vector<ElfSymbol> symbols() const;

    /// Its notes, in the file's order. They refer to the bytes.
    [[nodiscard]] std::vector<ElfNote> notes() const;

 private:
    struct Segment {
        std::uint64_t address, offset, size;
    };

    struct NoteSegment {
        std::string_view bytes;
        std::uint64_t alignment;  // of what is in it, in bytes
    };

    void read_segments();
    void read_dynamic(std::uint64_t offset, std::uint64_t size);
    [[nodiscard]] std::string_view at_address(std::uint64_t address) const;
    [[nodiscard]] std::string_view string(std::uint64_t offset) const;
    [[nodiscard]] bool is_definition(std::uint64_t index, std::string_view symbol) const;
    [[nodiscard]] bool defines_by_gnu_hash(std::string_view symbol) const;
    [[nodiscard]] bool defines_by_hash(std::string_view symbol) const;
    [[nodiscard]] std::uint64_t symbol_count() const;

    std::string_view bytes_;
    std::vector<Segment> segments_;
    std::vector<NoteSegment> notes_;
    // Each from where it begins to the end of its segment.
    std::string_view strings_, symbols_, gnu_hash_, hash_;
    std::vector<std::string> needed_;
    bool is_library_ = false, has_search_path_ = false, is_permanent_ = false;
};

}  // namespace patchpipe
