import Application
import HTTP
import WebServer

/// The cookie that bears the id of a session.
///
/// It is called `__Host-daybook`, which a browser keeps for this host alone and sends over TLS alone. A browser on the machine
/// itself that asks `http://localhost` or `http://127.0.0.1` gets one without these two: browsers differ about whether they
/// would keep the other there, and nothing travels.
struct SessionCookie {
    static let secureName = "__Host-daybook"
    static let plainName = "daybook"

    /// The browser is on this machine, and asks without TLS.
    let isPlain: Bool

    init(_ visit: Visit, _ proxies: TrustedProxies) {
        let isForwarded = visit.headers.contains {
            ["x-forwarded-for", "x-forwarded-proto", "forwarded"].contains($0.name.lowercased())
        }
        let isNear = ["127.0.0.1", "::1", "::ffff:127.0.0.1", ""].contains(visit.peer)
        isPlain = isNear && !isForwarded && Self.isLoopback(host: visit.header("Host") ?? "")
    }

    private var name: String { isPlain ? Self.plainName : Self.secureName }

    /// The id that a browser sent; nil where there is none, or two that differ.
    func id(_ visit: Visit) -> String? {
        let pairs = visit.headers.filter { $0.name.lowercased() == "cookie" }.flatMap { $0.value.split(separator: ";") }
        let values = Set(
            pairs.compactMap { pair -> String? in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, parts[0].drop(while: \.isWhitespace) == name[...] else { return nil }
                return String(parts[1].filter { !$0.isWhitespace })
            })
        guard values.count == 1, let id = values.first, Self.isID(id) else { return nil }
        return id
    }

    func setting(_ id: String) -> Visit.Field {
        .init("Set-Cookie", "\(name)=\(id); \(attributes); Max-Age=\(SessionBook.longestMilliseconds / 1_000)")
    }

    func ending() -> Visit.Field { .init("Set-Cookie", "\(name)=; \(attributes); Max-Age=0") }

    private var attributes: String { "Path=/; HttpOnly; SameSite=Lax" + (isPlain ? "" : "; Secure") }

    /// 32 bytes, as they are written.
    private static func isID(_ text: String) -> Bool {
        text.utf8.count == 43
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                    || byte == 95
            }
    }

    static func isLoopback(host: String) -> Bool {
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return ["localhost", "127.0.0.1", "[::1]"].contains(name.lowercased())
    }
}
