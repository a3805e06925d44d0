import CMicroHTTPD
import Glibc

/// A connection of the library, while it lives.
///
/// It is unchecked because the library may be asked to resume a connection from any thread. Whoever does that holds the
/// lock of the call or of the channel to which the connection belongs, and both forget the connection under that lock
/// before the library does. All else is asked on the thread of the connection.
struct Connection: @unchecked Sendable {
    let handle: OpaquePointer

    /// Stops looking at it, also at whether the client goes. The library forgets a resumption that comes before the
    /// suspension, so both are decided under one lock.
    func suspend() { MHD_suspend_connection(handle) }
    func resume() { MHD_resume_connection(handle) }

    var descriptor: Int32 { mhd_descriptor(handle) }
    /// The number that `Watch` gave it.
    var line: UInt { UInt(bitPattern: mhd_socket_context(handle)) }

    var peer: String {
        guard let address = mhd_peer(handle) else { return "" }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            var internet = raw.load(as: sockaddr_in.self).sin_addr
            inet_ntop(AF_INET, &internet, &text, socklen_t(text.count))
        case AF_INET6:
            var internet = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            inet_ntop(AF_INET6, &internet, &text, socklen_t(text.count))
        default: return ""
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The headers as bytes, one more than the limit at the most.
    func headers(limit: Int) -> [(name: [UInt8], value: [UInt8])] {
        var gathering = Gathering(limit: limit)
        withUnsafeMutablePointer(to: &gathering) {
            _ = MHD_get_connection_values_n(
                handle, .HEADER_KIND,
                { gathering, _, name, nameSize, value, valueSize in
                    let gathering = gathering!.assumingMemoryBound(to: Gathering.self)
                    gathering.pointee.fields.append((bytes(name, nameSize), bytes(value, valueSize)))
                    return gathering.pointee.fields.count > gathering.pointee.limit ? .NO : .YES
                }, $0)
        }
        return gathering.fields
    }

    private struct Gathering {
        let limit: Int
        var fields: [(name: [UInt8], value: [UInt8])] = []
    }
}

private func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> [UInt8] {
    guard let start, count > 0 else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: count))
}
