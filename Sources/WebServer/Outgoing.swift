import CMicroHTTPD

/// A reply as the library sends it.
///
/// The library refuses header names and values with line breaks, and lengths that contradict the body. Such a reply is
/// not sent without that header, which might be one that protects; nil says that there is none, and 500 is sent instead.
struct Outgoing: ~Copyable {
    let handle: OpaquePointer
    /// So much is read from a stream at once where the client knows no chunks.
    private static let blockBytes = 16 << 10

    init?(_ reply: Reply) {
        guard (200...599).contains(reply.status) else { return nil }
        let made: OpaquePointer? =
            switch reply.body {
            case .bytes(let bytes): Self.whole(bytes)
            case .stream(let stream): Self.stream(stream.channel)
            }
        guard let made else { return nil }
        for field in reply.headers {
            guard !Self.isHostile(field), MHD_add_response_header(made, field.name, field.value) == .YES else {
                MHD_destroy_response(made)
                return nil
            }
        }
        handle = made
    }

    deinit { MHD_destroy_response(handle) }

    // A text with a NUL would be cut off there.
    private static func isHostile(_ field: Visit.Field) -> Bool {
        (Array(field.name.utf8) + Array(field.value.utf8)).contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
    }

    private static func whole(_ bytes: [UInt8]) -> OpaquePointer? {
        var bytes = bytes
        return bytes.withUnsafeMutableBytes {
            MHD_create_response_from_buffer($0.count, $0.baseAddress, .RESPMEM_MUST_COPY)
        }
    }

    private static func stream(_ channel: Channel) -> OpaquePointer? {
        let held = Unmanaged.passRetained(channel)
        let made = MHD_create_response_from_callback(
            mhd_size_unknown, blockBytes,
            { channel, _, buffer, size in
                Unmanaged<Channel>.fromOpaque(channel!).takeUnretainedValue()
                    .fill(UnsafeMutableRawBufferPointer(start: buffer, count: size))
            }, held.toOpaque(), { Unmanaged<Channel>.fromOpaque($0!).release() })
        if made == nil { held.release() }
        return made
    }
}
