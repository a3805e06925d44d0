import HTTP

/// Where this Daybook is reached from everywhere: what providers are told to send their messages to.
///
/// It is an https address, perhaps with the beginning of a path, as a proxy that stands before several services has it.
/// Providers refuse everything else, so it is refused here, where somebody can still say what they meant.
public struct PublicAddress: Sendable, Equatable {
    /// Without a slash at its end.
    public let text: String

    public init(_ text: String) throws(SettingFault) {
        let hint = "As in: https://daybook.example.org or https://example.org/daybook"
        guard text.lowercased().hasPrefix("https://") else {
            throw SettingFault(message: "“\(text)” is no https address, and providers send to no other", hint: hint)
        }
        guard let address = try? Address(text), !text.contains("@") else {
            throw SettingFault(message: "“\(text)” cannot be read as an address", hint: hint)
        }
        guard address.query == nil, !text.contains("#"), !text.contains("?"), address.text.utf8.count <= Self.mostBytes,
            address.text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
        else {
            throw SettingFault(message: "“\(text)” is more than a host and the beginning of a path", hint: hint)
        }
        self.init(plain: address.text)
    }

    /// An address on this machine, for emulators that take messages without certificates.
    public static func local(port: Int, prefix: String = "") -> PublicAddress {
        PublicAddress(plain: "http://127.0.0.1:\(port)\(prefix)")
    }

    private init(plain: String) {
        var text = plain
        while text.hasSuffix("/") { text.removeLast() }
        self.text = text
    }

    /// Google takes 2,048 bytes, with what follows.
    private static let mostBytes = 1_000

    /// Where messages of Google go.
    public var google: String { text + "/hooks/google" }

    /// Where messages of Microsoft go, about calendars and about subscriptions.
    public var microsoft: String { text + "/hooks/microsoft" }
}
