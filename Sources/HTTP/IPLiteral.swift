import Glibc

extension IPForm {
    /// The bytes of an address that is written as one, with or without brackets; nil for a name.
    static func literal(_ text: String) -> [UInt8]? {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        var four = in_addr()
        if inet_pton(AF_INET, bare, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var six = in6_addr()
        if inet_pton(AF_INET6, bare, &six) == 1 { return withUnsafeBytes(of: &six) { Array($0) } }
        return nil
    }

    /// The bytes of a socket's address; nil for one that is no Internet address.
    static func bytes(_ address: UnsafePointer<sockaddr>) -> [UInt8]? {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { four in
                var number = four.pointee.sin_addr
                return withUnsafeBytes(of: &number) { Array($0) }
            }
        case AF_INET6:
            return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { six in
                var number = six.pointee.sin6_addr
                return withUnsafeBytes(of: &number) { Array($0) }
            }
        default: return nil
        }
    }
}
