/// Which addresses of the Internet may be asked: public ones, and those of one's own that the owner of the home named.
///
/// What counts is the address that is really connected to. A name may lead anywhere, and elsewhere at the next question.
struct AddressGuard: Sendable {
    /// A host, perhaps with a port, or a network, as the owner wrote it.
    struct Allowance: Sendable {
        var host: String?
        var network: (bytes: [UInt8], bits: Int)?
        var port: Int?
    }

    private let allowances: [Allowance]

    init(allowed: [String]) { allowances = allowed.compactMap(Self.allowance) }

    /// Where calendars are usually served; what lies at other ports is something else.
    static let ports: Set<Int> = [80, 443, 5232, 8443]

    /// Before a name is looked up.
    func allows(_ origin: Origin) -> Bool {
        Self.ports.contains(origin.port) || allowances.contains { isFor($0, origin, nil) }
    }

    /// - Parameter bytes: 4 of IPv4 or 16 of IPv6.
    func allows(_ origin: Origin, at bytes: [UInt8]) -> Bool {
        let forms = IPForm.forms(of: bytes)
        if forms.contains(where: IPForm.isMetadata) { return false }
        if forms.allSatisfy(IPForm.isPublic) { return true }
        return allowances.contains { isFor($0, origin, bytes) }
    }

    private func isFor(_ allowance: Allowance, _ origin: Origin, _ bytes: [UInt8]?) -> Bool {
        if let port = allowance.port, port != origin.port { return false }
        if let host = allowance.host { return host == origin.host }
        guard let network = allowance.network, let bytes = bytes ?? IPForm.literal(origin.host) else { return false }
        return IPForm.forms(of: bytes).contains {
            $0.count == network.bytes.count && IPForm.isIn($0, network.bytes, network.bits)
        }
    }

    private static func allowance(_ text: String) -> Allowance? {
        var allowance = Allowance()
        if let slash = text.lastIndex(of: "/") {
            guard let bytes = IPForm.literal(String(text[..<slash])),
                let bits = Int(text[text.index(after: slash)...]), (0...bytes.count * 8).contains(bits)
            else { return nil }
            allowance.network = (bytes, bits)
            return allowance
        }
        var host = text.lowercased()
        if let colon = host.lastIndex(of: ":"), let port = Int(host[host.index(after: colon)...]),
            host.hasSuffix("]") == false, host.hasPrefix("[") || host.count(where: { $0 == ":" }) == 1
        {
            allowance.port = port
            host = String(host[..<colon])
        }
        if let bytes = IPForm.literal(host) {
            allowance.network = (bytes, bytes.count * 8)
        } else {
            allowance.host = host
        }
        return allowance
    }
}

/// Internet addresses as bytes, and what they are good for.
enum IPForm {
    /// The address, and the IPv4 addresses that are written into it: what reaches one of them must be allowed as that.
    static func forms(of bytes: [UInt8]) -> [[UInt8]] {
        guard bytes.count == 16 else { return [bytes] }
        let last = Array(bytes[12...])
        if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff { return [last] }
        // Written as IPv6, but for the address of the machine itself.
        if bytes[..<12].allSatisfy({ $0 == 0 }), last[0] != 0 || last[1] != 0 { return [bytes, last] }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return [bytes, Array(bytes[2..<6])] }
        if bytes[0] == 0x00, bytes[1] == 0x64, bytes[2] == 0xff, bytes[3] == 0x9b { return [bytes, last] }
        if bytes[0] == 0x20, bytes[1] == 0x01, bytes[2] == 0, bytes[3] == 0 {
            return [bytes, Array(bytes[4..<8]), last.map { ~$0 }]
        }
        return [bytes]
    }

    /// Where a cloud tells its machines their secrets: never, whatever is allowed.
    static func isMetadata(_ bytes: [UInt8]) -> Bool {
        if bytes.count == 4 {
            return bytes == [169, 254, 169, 254] || bytes == [169, 254, 170, 2] || bytes == [100, 100, 100, 200]
                || bytes == [192, 0, 0, 192] || bytes == [168, 63, 129, 16]
        }
        return bytes == [0xfd, 0x00, 0x0e, 0xc2] + [UInt8](repeating: 0, count: 10) + [0x02, 0x54]
            || bytes == [0xfd, 0x20, 0x00, 0xce] + [UInt8](repeating: 0, count: 10) + [0x02, 0x54]
    }

    static func isPublic(_ bytes: [UInt8]) -> Bool {
        bytes.count == 4
            ? !closed.contains { isIn(bytes, $0.0, $0.1) }
            : isIn(bytes, [0x20], 3) && !closed6.contains { isIn(bytes, $0.0, $0.1) }
    }

    /// Networks that are nobody's, everybody's, or one's own.
    private static let closed: [([UInt8], Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24),
        ([192, 0, 2], 24), ([192, 88, 99], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24),
        ([203, 0, 113], 24), ([224], 4), ([240], 4),
    ]

    /// Of those that are global by their beginning: special uses, and tunnels whose inner address decides.
    private static let closed6: [([UInt8], Int)] = [
        ([0x20, 0x01, 0x0d, 0xb8], 32), ([0x20, 0x01, 0x00, 0x02], 48), ([0x20, 0x01, 0x00, 0x10], 28),
        ([0x20, 0x01, 0x00, 0x20], 28), ([0x3f, 0xff], 20),
    ]

    /// Whether an address of the same family begins with so many bits of a network's; what is not written of it is zero.
    static func isIn(_ bytes: [UInt8], _ network: [UInt8], _ bits: Int) -> Bool {
        for bit in 0..<bits {
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            let want = bit / 8 < network.count ? network[bit / 8] : 0
            if bytes[bit / 8] & mask != want & mask { return false }
        }
        return true
    }
}
