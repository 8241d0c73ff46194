// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/elf_file.h"

#include <elf.h>
#include <link.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "file/read_file.h"

namespace patchpipe {
namespace {

// The Value at this offset in the bytes.
template <typename Value>
Value read(std::string_view bytes, std::uint64_t offset) {
    if (offset > bytes.size() || bytes.size() - offset < sizeof(Value))
        throw std::out_of_range("it is cut off");
    Value value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

// The index-th Value of an array. An index is never more than 32 bits wide.
template <typename Value>
Value read_item(std::string_view bytes, std::uint64_t index) {
    return read<Value>(bytes, index * sizeof(Value));
}

std::string_view from(std::string_view bytes, std::uint64_t offset) {
    if (offset > bytes.size()) throw std::out_of_range("it is cut off");
    return bytes.substr(offset);
}

std::uint32_t gnu_hash_of(std::string_view symbol) {
    std::uint32_t hash = 5381;
    for (const unsigned char c : symbol) hash = hash * 33 + c;
    return hash;
}

std::uint32_t hash_of(std::string_view symbol) {
    std::uint32_t hash = 0;
    for (const unsigned char c : symbol) {
        hash = (hash << 4) + c;
        hash ^= hash >> 24 & 0xf0;
        hash &= 0x0fffffff;
    }
    return hash;
}

}  // namespace

std::string machine_name(const ElfMachine& machine) {
    struct Name {
        unsigned machine;
        std::string_view name;
    };
    static constexpr std::array<Name, 12> names{{{EM_386, "i386"},
                                                 {EM_X86_64, "x86_64"},
                                                 {EM_ARM, "arm"},
                                                 {EM_AARCH64, "aarch64"},
                                                 {EM_RISCV, "riscv"},
                                                 {EM_PPC, "ppc"},
                                                 {EM_PPC64, "ppc64"},
                                                 {EM_S390, "s390"},
                                                 {EM_MIPS, "mips"},
                                                 {EM_SPARCV9, "sparc64"},
                                                 {EM_IA_64, "ia64"},
                                                 {258, "loongarch"}}};
    const auto* const found = std::find_if(names.begin(), names.end(), [&](const Name& one) {
        return one.machine == machine.machine;
    });
    if (found == names.end()) return "machine " + std::to_string(machine.machine);
    return std::string(found->name);
}

std::optional<ElfMachine> elf_machine(std::string_view bytes) {
    constexpr std::size_t head = 20;  // e_ident, e_type, e_machine: the same for every class
    if (bytes.size() < head || !bytes.starts_with(std::string_view(ELFMAG, SELFMAG))) return {};
    const int byte_order = bytes[EI_DATA];
    const auto first = static_cast<unsigned char>(bytes[18]);
    const auto second = static_cast<unsigned char>(bytes[19]);
    const unsigned machine = byte_order == ELFDATA2MSB ? first << 8 | second : second << 8 | first;
    return ElfMachine{bytes[EI_CLASS] == ELFCLASS64 ? 64 : 32, byte_order, machine};
}

ElfMachine own_machine() { return elf_machine(read_file_head("/proc/self/exe", 20)).value(); }

ElfLibrary::ElfLibrary(std::string_view bytes) : bytes_(bytes) {
    const auto header = read<ElfW(Ehdr)>(bytes_, 0);
    is_library_ = header.e_type == ET_DYN;
    if (is_library_) read_segments();
}

void ElfLibrary::read_segments() {
    const auto header = read<ElfW(Ehdr)>(bytes_, 0);
    const auto table = from(bytes_, header.e_phoff);
    std::optional<ElfW(Phdr)> dynamic;
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
        const auto segment = read_item<ElfW(Phdr)>(table, i);
        if (segment.p_type == PT_DYNAMIC) dynamic = segment;
        if (segment.p_type == PT_NOTE)
            notes_.push_back({from(bytes_, segment.p_offset).substr(0, segment.p_filesz),
                              segment.p_align == 8 ? 8U : 4U});
        if (segment.p_type != PT_LOAD) continue;
        if (from(bytes_, segment.p_offset).size() < segment.p_filesz)
            throw std::out_of_range("it is cut off");
        segments_.push_back({segment.p_vaddr, segment.p_offset, segment.p_filesz});
    }
    if (dynamic) read_dynamic(dynamic->p_offset, dynamic->p_filesz);
}

void ElfLibrary::read_dynamic(std::uint64_t offset, std::uint64_t size) {
    const auto table = from(bytes_, offset).substr(0, size);
    std::vector<std::uint64_t> names;
    for (std::uint64_t i = 0; i < table.size() / sizeof(ElfW(Dyn)); ++i) {
        const auto entry = read_item<ElfW(Dyn)>(table, i);
        const auto value = entry.d_un.d_val;
        if (entry.d_tag == DT_NULL) break;
        if (entry.d_tag == DT_NEEDED) names.push_back(value);
        if (entry.d_tag == DT_STRTAB) strings_ = at_address(value);
        if (entry.d_tag == DT_SYMTAB) symbols_ = at_address(value);
        if (entry.d_tag == DT_GNU_HASH) gnu_hash_ = at_address(value);
        if (entry.d_tag == DT_HASH) hash_ = at_address(value);
        if (entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH) has_search_path_ = true;
        if (entry.d_tag == DT_FLAGS_1 && (value & DF_1_PIE) != 0) is_library_ = false;
        if (entry.d_tag == DT_FLAGS_1 && (value & DF_1_NODELETE) != 0) is_permanent_ = true;
    }
    for (const auto name : names) needed_.emplace_back(string(name));
}

// The bytes of the file from this address of the loaded library to the end of its segment.
std::string_view ElfLibrary::at_address(std::uint64_t address) const {
    for (const auto& segment : segments_)
        if (address >= segment.address && address - segment.address < segment.size)
            return bytes_.substr(segment.offset, segment.size).substr(address - segment.address);
    throw std::out_of_range("it refers to bytes that it does not have");
}

std::string_view ElfLibrary::string(std::uint64_t offset) const {
    const auto text = from(strings_, offset);
    const auto end = text.find('\0');
    if (end == text.npos) throw std::out_of_range("a name in it has no end");
    return text.substr(0, end);
}

bool ElfLibrary::defines(std::string_view symbol) const {
    if (!gnu_hash_.empty()) return defines_by_gnu_hash(symbol);
    return !hash_.empty() && defines_by_hash(symbol);
}

bool ElfLibrary::is_definition(std::uint64_t index, std::string_view symbol) const {
    const auto entry = read_item<ElfW(Sym)>(symbols_, index);
    if (entry.st_shndx == SHN_UNDEF) return false;
    const auto name = from(strings_, entry.st_name);
    return name.starts_with(symbol) && name.size() > symbol.size() && name[symbol.size()] == '\0';
}

// Bucket count, index of the first symbol, size of the Bloom filter in words, its shift; the
// filter; the buckets; a hash a symbol, whose lowest bit ends a chain.
bool ElfLibrary::defines_by_gnu_hash(std::string_view symbol) const {
    using Word = std::uint32_t;
    const auto buckets = read_item<Word>(gnu_hash_, 0), first = read_item<Word>(gnu_hash_, 1);
    const std::uint64_t filter_size = read_item<Word>(gnu_hash_, 2);
    if (buckets == 0) return false;
    const auto table = from(gnu_hash_, 4 * sizeof(Word) + filter_size * sizeof(ElfW(Addr)));
    const auto chains = from(table, std::uint64_t{buckets} * sizeof(Word));
    const auto hash = gnu_hash_of(symbol);
    std::uint64_t index = read_item<Word>(table, hash % buckets);
    if (index < first) return false;
    for (;; ++index) {  // reading stops it at the end of the file at the latest
        const auto other = read_item<Word>(chains, index - first);
        if ((other | 1) == (hash | 1) && is_definition(index, symbol)) return true;
        if ((other & 1) != 0) return false;
    }
}

// Bucket count, symbol count; the buckets; for each symbol the next one in its chain, 0 at the end.
bool ElfLibrary::defines_by_hash(std::string_view symbol) const {
    using Word = std::uint32_t;
    const auto buckets = read_item<Word>(hash_, 0);
    if (buckets == 0) return false;
    auto index = read_item<Word>(hash_, 2 + std::uint64_t{hash_of(symbol) % buckets});
    const auto most = hash_.size() / sizeof(Word);  // a chain that is longer goes round
    for (std::uint64_t steps = 0; index != 0 && steps < most; ++steps) {
        if (is_definition(index, symbol)) return true;
        index = read_item<Word>(hash_, 2 + std::uint64_t{buckets} + index);
    }
    return false;
}

// The symbols that the hash tables find come last, so the last one of them ends the table. Neither
// table has more entries than it has bytes.
std::uint64_t ElfLibrary::symbol_count() const {
    using Word = std::uint32_t;
    if (gnu_hash_.empty()) return hash_.empty() ? 0 : read_item<Word>(hash_, 1);
    const auto buckets = read_item<Word>(gnu_hash_, 0), first = read_item<Word>(gnu_hash_, 1);
    const std::uint64_t filter_size = read_item<Word>(gnu_hash_, 2);
    const auto table = from(gnu_hash_, 4 * sizeof(Word) + filter_size * sizeof(ElfW(Addr)));
    const auto chains = from(table, std::uint64_t{buckets} * sizeof(Word));
    std::uint64_t last = 0;
    for (std::uint64_t i = 0; i < buckets; ++i)
        last = std::max<std::uint64_t>(last, read_item<Word>(table, i));
    if (last < first || last == 0) return first;
    while ((read_item<Word>(chains, last - first) & 1) == 0) ++last;
    return last + 1;
}

std::vector<ElfSymbol> ElfLibrary::symbols() const {
    constexpr std::size_t longest_name = 65536;  // or a hostile file takes hours
    std::vector<ElfSymbol> symbols;
    const auto count = symbol_count();
    for (std::uint64_t i = 1; i < count; ++i) {  // the first one is none
        const auto entry = read_item<ElfW(Sym)>(symbols_, i);
        const auto text = from(strings_, entry.st_name).substr(0, longest_name);
        symbols.push_back({.name = text.substr(0, text.find('\0')),
                           .is_defined = entry.st_shndx != SHN_UNDEF,
                           .is_unique = entry.st_info >> 4 == STB_GNU_UNIQUE});
    }
    return symbols;
}

// Sizes and a type, the owner with a NUL, the content; the last two each padded.
std::vector<ElfNote> ElfLibrary::notes() const {
    std::vector<ElfNote> notes;
    for (const auto& segment : notes_) {
        const auto padded = [&](std::uint64_t size) {
            return (size + segment.alignment - 1) / segment.alignment * segment.alignment;
        };
        for (auto rest = segment.bytes; rest.size() >= sizeof(ElfW(Nhdr));) {
            const auto head = read<ElfW(Nhdr)>(rest, 0);
            const auto owner = from(rest, sizeof head).substr(0, head.n_namesz);
            const auto content = from(rest, padded(sizeof head + head.n_namesz));
            if (content.size() < head.n_descsz) throw std::out_of_range("a note in it is cut off");
            notes.push_back({.owner = owner.substr(0, owner.find('\0')),
                             .type = head.n_type,
                             .content = content.substr(0, head.n_descsz)});
            rest = content.substr(std::min<std::uint64_t>(padded(head.n_descsz), content.size()));
        }
    }
    return notes;
}

}  // namespace patchpipe
