import CCurl
import Glibc

/// A number under which a machine is reached, and what kind of place that is.
struct InternetAddress: Hashable, CustomStringConvertible {
    /// 4 or 16.
    let bytes: [UInt8]

    init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// `192.0.2.1`, `2001:db8::1` or `[2001:db8::1]`, and none of the shorter or stranger spellings.
    init?(_ text: String) {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let bare = isBracketed ? String(text.dropFirst().dropLast()) : text
        var four = in_addr()
        var six = in6_addr()
        if !isBracketed, inet_pton(AF_INET, bare, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, bare, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    /// What a socket is about to be connected to.
    init?(socket: UnsafePointer<curl_sockaddr>) {
        guard let start = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
        let address = UnsafeRawPointer(socket) + start
        let length = Int(socket.pointee.addrlen)
        switch socket.pointee.family {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            let four = address.loadUnaligned(as: sockaddr_in.self).sin_addr
            bytes = withUnsafeBytes(of: four) { Array($0) }
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            let six = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            bytes = withUnsafeBytes(of: six) { Array($0) }
        default: return nil
        }
    }

    enum Place: Equatable {
        /// Reached by everybody under this number.
        case anywhere
        /// The machine itself, or a network that is not the Internet. An owner may allow it.
        case inside
        /// Where clouds hand out the keys of a machine, and numbers that belong to no single machine. Never.
        case never
    }

    var place: Place {
        if bytes.count == 4 { return Self.place(four: bytes) }
        // It lies among the wrapped ones, as 0.0.0.1, and is none of them.
        if self == Self.loopback { return .inside }
        if Self.metadata.contains(self) { return .never }
        if Self.never.contains(where: { $0.contains(self) }) { return .never }
        // An address of the older kind in a newer coat is reached through whatever unpacks it.
        let wrapped = self.wrapped.map { Self.place(four: $0) }
        if wrapped.contains(.never) { return .never }
        if wrapped.contains(.inside) { return .inside }
        if Self.translated.contains(self) { return .anywhere }
        return Self.global.contains(self) && !Self.special.contains { $0.contains(self) } ? .anywhere : .inside
    }

    /// The addresses of four bytes that an address of sixteen stands for.
    var wrapped: [[UInt8]] {
        guard bytes.count == 16 else { return [] }
        let last = Array(bytes[12...])
        if Self.mapped.contains(self) || Self.compatible.contains(self) || Self.translated.contains(self)
            || Self.translatedLocally.contains(self) || Self.translatedMapped.contains(self)
        {
            return [last]
        }
        if Self.sixToFour.contains(self) { return [Array(bytes[2..<6])] }
        // Server and, with its bits turned over, client.
        if Self.teredo.contains(self) { return [Array(bytes[4..<8]), last.map(~)] }
        if bytes[8] & 0xfd == 0, bytes[9] == 0, bytes[10] == 0x5e, bytes[11] == 0xfe { return [last] }  // ISATAP
        return []
    }

    /// The same machine in the shortest form: what is mapped into six is four.
    var plain: InternetAddress {
        guard Self.mapped.contains(self) else { return self }
        return InternetAddress(bytes: Array(bytes[12...])) ?? self
    }

    var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func place(four bytes: [UInt8]) -> Place {
        guard let address = InternetAddress(bytes: bytes) else { return .never }
        if metadata.contains(address) || never.contains(where: { $0.contains(address) }) { return .never }
        return inside.contains { $0.contains(address) } ? .inside : .anywhere
    }

    /// Amazon, Google, Azure, Oracle, Alibaba and those who took over their numbers. What is in 169.254.0.0/16 needs no
    /// line of its own.
    private static let metadata = Set(
        [
            "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23", "fd00:ec2::253",
            "fd20:ce::254",
        ].compactMap { InternetAddress($0) })

    private static let never = networks([
        "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128", "fe80::/10", "ff00::/8",
    ])

    private static let inside = networks([
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    ])

    private static let global = Network(known: "2000::/3")
    /// Within `global`: protocols, Teredo, documentation, 6to4.
    private static let special = networks(["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"])

    private static let loopback = InternetAddress("::1")
    private static let mapped = Network(known: "::ffff:0:0/96")
    private static let compatible = Network(known: "::/96")
    private static let translated = Network(known: "64:ff9b::/96")
    private static let translatedLocally = Network(known: "64:ff9b:1::/48")
    private static let translatedMapped = Network(known: "::ffff:0:0:0/96")
    private static let sixToFour = Network(known: "2002::/16")
    private static let teredo = Network(known: "2001::/32")

    private static func networks(_ texts: [String]) -> [Network] { texts.map { Network(known: $0) } }
}

/// All addresses that begin with the same bits.
struct Network: Hashable, Sendable {
    let first: InternetAddress
    let bits: Int

    /// `10.0.0.0/8`, or one address.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = InternetAddress(String(parts[0])) else { return nil }
        let longest = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(address, longest)
            return
        }
        guard let bits = Int(parts[1]), (0...longest).contains(bits), parts[1].allSatisfy(\.isNumber) else {
            return nil
        }
        self.init(address, bits)
    }

    init(_ first: InternetAddress, _ bits: Int) {
        self.first = first
        self.bits = bits
    }

    fileprivate init(known text: String) {
        guard let network = Network(text) else { preconditionFailure("\(text) is no network") }
        self = network
    }

    func contains(_ address: InternetAddress) -> Bool {
        guard address.bytes.count == first.bytes.count else { return false }
        let whole = bits / 8
        guard address.bytes[..<whole] == first.bytes[..<whole] else { return false }
        let rest = bits % 8
        if rest == 0 { return true }
        return (address.bytes[whole] ^ first.bytes[whole]) >> (8 - rest) == 0
    }
}
