// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "serum/xferjson.h"

#include <zstd.h>
#include <zstd_errors.h>
#include <algorithm>
#include <new>
#include <stdexcept>

#include "base/byte_order.h"
#include "base/error.h"
#include "record/record.h"

namespace patchpipe {
namespace {

constexpr std::string_view magic = xferjson_magic;
constexpr std::size_t metadata_at = magic.size() + 8;
constexpr std::uint32_t known_version = 2;

std::string bytes_text(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

void check_metadata(std::string_view metadata, std::string_view name) {
    try {
        (void)Record(std::string(metadata));
    } catch (const Error& error) {
        refuse_corrupt(name, std::string("its metadata is damaged: ") + error.what());
    }
}

void check_version(std::uint32_t version, std::string_view name) {
    if (version == known_version) return;
    throw Error(ErrorKind::unsupported, name,
                "XferJson format version " + std::to_string(version) +
                    " is not known, only version 2 is; save the preset with Serum 2");
}

// A zstd context, made once per thread: making one takes longer than a small frame.
template <typename Zstd, auto create, auto destroy>
class Context {
 public:
    Context() {
        if (!zstd_) throw std::bad_alloc();
    }
    ~Context() { destroy(zstd_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    [[nodiscard]] Zstd* get() const { return zstd_; }

 private:
    Zstd* zstd_ = create();
};

[[noreturn]] void fail_zstd(std::size_t error, std::string_view name) {
    switch (ZSTD_getErrorCode(error)) {
        case ZSTD_error_srcSize_wrong:
            refuse_corrupt(name, "ends within its zstd frame; the file is cut short");
        case ZSTD_error_prefix_unknown:
            refuse_corrupt(name, "its payload is not a zstd frame; the file is damaged");
        default:
            refuse_corrupt(name,
                           std::string("its zstd frame is damaged: ") + ZSTD_getErrorName(error));
    }
}

// The frame must fill the payload: bytes behind it would be lost silently.
void check_frame(std::string_view payload, std::string_view name) {
    if (payload.empty()) refuse_corrupt(name, "ends before its zstd frame; the file is cut short");
    const auto size = ZSTD_findFrameCompressedSize(payload.data(), payload.size());
    if (ZSTD_isError(size)) fail_zstd(size, name);
    if (size < payload.size())
        refuse_corrupt(name, "has " + bytes_text(payload.size() - size) +
                                 " too many after its zstd frame; the file is damaged");
}

std::size_t most_cbor(std::size_t payload_size) {
    constexpr std::size_t always = std::size_t{16} << 20, most_ratio = 256;
    return std::max(always, most_ratio * payload_size);
}

// The first size of the buffer: what a frame of that size usually holds. More of the declared size
// is allocated only when the frame has filled that, since the declaration may be made up.
std::size_t first_room(std::string_view payload, std::size_t declared) {
    constexpr std::size_t usual_ratio = 64, least = std::size_t{1} << 20;
    return std::min(declared, std::max(least, usual_ratio * payload.size()));
}

// Returns the decompressed size or zstd's error.
std::size_t decompress(std::string_view payload, std::string& out) {
    thread_local const Context<ZSTD_DCtx, ZSTD_createDCtx, ZSTD_freeDCtx> context;
    return ZSTD_decompressDCtx(context.get(), out.data(), out.size(), payload.data(),
                               payload.size());
}

[[noreturn]] void wrong_size(std::string_view name, std::uint32_t declared,
                             const std::string& held) {
    refuse_corrupt(name, "declares " + bytes_text(declared) + " of CBOR and its zstd frame holds " +
                             held + "; the file is damaged");
}

}  // namespace

void check_cbor_size(std::size_t cbor_size, std::size_t payload_size, std::string_view name) {
    const auto most = most_cbor(payload_size);
    if (cbor_size <= most) return;
    throw Error(ErrorKind::unsupported, name,
                "has " + bytes_text(cbor_size) + " of CBOR in a zstd frame of " +
                    bytes_text(payload_size) + "; the limit for such a frame is " +
                    bytes_text(most) + ", which no real preset comes near");
}

std::size_t xferjson_head_size(std::string_view head) {
    if (!is_xferjson(head) || head.size() < metadata_at) return 0;
    const auto size = read_little_endian<std::uint64_t>(head.substr(magic.size()));
    return size > largest_xferjson_metadata ? 0 : metadata_at + size;
}

std::string_view parse_xferjson_metadata(std::string_view bytes, std::string_view name) {
    if (!magic.starts_with(bytes.substr(0, magic.size())))
        refuse_corrupt(name,
                       "does not begin with 'XferJson'; it is not a preset or a state of Serum 2");
    if (bytes.size() < metadata_at)
        refuse_corrupt(name, "ends within its header, after " + bytes_text(bytes.size()) +
                                 "; the file is cut short");
    const auto size = read_little_endian<std::uint64_t>(bytes.substr(magic.size()));
    if (size > largest_xferjson_metadata)
        throw Error(ErrorKind::unsupported, name,
                    "declares " + bytes_text(size) + " of metadata; the limit is " +
                        bytes_text(largest_xferjson_metadata));
    const auto left = bytes.size() - metadata_at;
    if (size > left)
        refuse_corrupt(name, "declares " + bytes_text(size) + " of metadata and only " +
                                 std::to_string(left) + " follow; the file is cut short");
    const auto metadata = bytes.substr(metadata_at, size);
    check_metadata(metadata, name);
    return metadata;
}

XferJson parse_xferjson(std::string_view bytes, std::string_view name) {
    XferJson container;
    container.metadata = parse_xferjson_metadata(bytes, name);
    const auto sizes = bytes.substr(metadata_at + container.metadata.size());
    if (sizes.size() < 8)
        refuse_corrupt(name, "ends between its metadata and its zstd frame; the file is cut short");
    container.cbor_size = read_little_endian<std::uint32_t>(sizes);
    container.payload = sizes.substr(8);
    check_version(read_little_endian<std::uint32_t>(sizes.substr(4)), name);
    if (container.cbor_size > largest_cbor)
        throw Error(ErrorKind::unsupported, name,
                    "declares " + bytes_text(container.cbor_size) + " of CBOR; the limit is " +
                        bytes_text(largest_cbor));
    return container;
}

std::string decompress_cbor(const XferJson& container, std::string_view name) {
    const auto [metadata, declared, payload] = container;
    check_frame(payload, name);
    const auto told = ZSTD_getFrameContentSize(payload.data(), payload.size());
    if (told != ZSTD_CONTENTSIZE_UNKNOWN && told != ZSTD_CONTENTSIZE_ERROR && told != declared)
        wrong_size(name, declared, std::to_string(told));
    const auto most = std::min<std::size_t>(declared, most_cbor(payload.size()));
    for (auto room = first_room(payload, most);; room = std::min(4 * room, most)) {
        std::string cbor(room, '\0');
        const auto size = decompress(payload, cbor);
        if (!ZSTD_isError(size)) {
            if (size != declared) wrong_size(name, declared, std::to_string(size));
            return cbor;
        }
        if (ZSTD_getErrorCode(size) != ZSTD_error_dstSize_tooSmall) fail_zstd(size, name);
        if (room < most) continue;
        check_cbor_size(declared, payload.size(), name);
        wrong_size(name, declared, "more");
    }
}

std::string compress_cbor(std::string_view cbor) {
    thread_local const Context<ZSTD_CCtx, ZSTD_createCCtx, ZSTD_freeCCtx> context;
    std::string frame(ZSTD_compressBound(cbor.size()), '\0');
    const auto size = ZSTD_compressCCtx(context.get(), frame.data(), frame.size(), cbor.data(),
                                        cbor.size(), ZSTD_CLEVEL_DEFAULT);
    if (ZSTD_isError(size))
        throw std::runtime_error(std::string("zstd: ") + ZSTD_getErrorName(size));
    frame.resize(size);
    return frame;
}

std::string build_xferjson(const XferJson& container) {
    std::string bytes;
    bytes.reserve(metadata_at + container.metadata.size() + 8 + container.payload.size());
    bytes += magic;
    append_little_endian<std::uint64_t>(bytes, container.metadata.size());
    bytes += container.metadata;
    append_little_endian(bytes, container.cbor_size);
    append_little_endian(bytes, known_version);
    return bytes.append(container.payload);
}

}  // namespace patchpipe
