import HTTP

/// An address of this machine and a port, as they are typed: `127.0.0.1:7460`, `[::1]:7460`.
public struct ListeningPlace: Sendable, Equatable, CustomStringConvertible {
    public let address: String
    public let port: Int

    /// Nobody but this machine itself.
    public static let usual = ListeningPlace(address: "127.0.0.1", port: 7_460)

    init(address: String, port: Int) { (self.address, self.port) = (address, port) }

    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var address = String(text[..<colon])
        if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
        if address == "localhost" { address = "127.0.0.1" }
        guard !address.contains("/"), TrustedProxies.canonical(address) != nil else { return nil }
        self.init(address: address, port: port)
    }

    public var description: String { "\(hostShown):\(port)" }

    var hostShown: String { address.contains(":") ? "[\(address)]" : address }

    /// Others can reach it, and nothing on the way is encrypted unless a proxy does it.
    public var isOpen: Bool { !address.hasPrefix("127.") && address != "::1" }
}
