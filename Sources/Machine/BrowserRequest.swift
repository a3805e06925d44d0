/// As much of a request over HTTP as `LoopbackListener` needs: the first line and the host.
struct BrowserRequest {
    let method: String
    /// Path and query, as they came.
    let target: String
    let host: String

    var path: String { String(target.prefix { $0 != "?" }) }

    /// Whether the end of the headers is there, where it was not among the first `known` bytes.
    static func isWhole(_ bytes: [UInt8], known: Int) -> Bool {
        let end = Array("\r\n\r\n".utf8)
        guard bytes.count >= end.count else { return false }
        let first = max(0, known - end.count + 1)
        return (first...(bytes.count - end.count)).contains { bytes[$0..<($0 + end.count)].elementsEqual(end) }
    }

    /// Nil unless it is a request whose parts are plain: letters that can be seen, one host.
    init?(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: 0x0a).map { $0.last == 0x0d ? $0.dropLast() : $0 }
        guard let first = lines.first, first.allSatisfy({ (0x20...0x7e).contains($0) }) else { return nil }
        let words = first.split(separator: 0x20, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 3, words[1].hasPrefix("/"), words[2].hasPrefix("HTTP/1.") else { return nil }
        let hosts = lines.dropFirst().filter { String(decoding: $0.prefix(5), as: UTF8.self).lowercased() == "host:" }
            .map { String(decoding: $0.dropFirst(5).filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self) }
        guard hosts.count == 1 else { return nil }
        (method, target, host) = (words[0], words[1], hosts[0].lowercased())
    }

    /// Every value of a name in the query, as it came.
    func values(of name: String) -> [String] {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        return target[target.index(after: mark)...].split(separator: "&")
            .filter { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }
}

/// What a browser is shown.
enum BrowserPage {
    case done, nothing, notAllowed, notWaitedFor, elsewhere, unreadable

    private var status: String {
        switch self {
        case .done: "200 OK"
        case .nothing: "404 Not Found"
        case .notAllowed: "405 Method Not Allowed"
        case .notWaitedFor, .elsewhere, .unreadable: "400 Bad Request"
        }
    }

    private var text: String {
        switch self {
        case .done: "You can close this window. Daybook goes on where you started it."
        case .notWaitedFor:
            "This is not the sign-in that Daybook waits for. Go back to where you started it, and open the newest address "
                + "that it shows."
        case .nothing, .notAllowed, .elsewhere, .unreadable: "There is nothing here."
        }
    }

    /// The whole answer. The address of the page has a code in it, so it is not passed on and not kept.
    var answer: [UInt8] {
        let page = """
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Daybook</title>\
            <meta name="viewport" content="width=device-width"></head><body><h1>Daybook</h1><p>\(text)</p></body></html>

            """
        let head = [
            "HTTP/1.1 \(status)", "Content-Type: text/html; charset=utf-8", "Content-Length: \(page.utf8.count)",
            "Cache-Control: no-store", "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff",
            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'", "Connection: close",
        ]
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + page).utf8)
    }
}
