import Glibc

/// Waits on this machine for a browser that a provider sends back, and takes the address to which it was sent.
///
/// Whatever else asks there (the icon of the page, a port scan, garbage) is turned away, and the wait goes on. It listens on
/// 127.0.0.1 alone.
public final class LoopbackListener {
    public let port: Int
    private let descriptor: Int32

    private static let mostBytes = 16 << 10

    /// - Parameter port: where to wait; nil takes any that is free.
    public init(port wanted: Int?) throws(MachineError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw MachineError("open a socket for", "the browser") }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(wanted ?? 0).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                bind(descriptor, general, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, general, &length) == 0
            }
        }
        guard bound else {
            let code = errno
            close(descriptor)
            throw MachineError("wait at", "port \(wanted ?? 0) of this machine", code: code)
        }
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    /// The query of the address to which the browser was sent; nil when the time is over.
    ///
    /// - Parameter now: milliseconds, in which `end` is counted.
    public func wait(until end: Int64, now: () -> Int64) throws(MachineError) -> String? {
        while true {
            let left = end - now()
            guard left > 0 else { return nil }
            if Interruption.signalNumber != nil { throw MachineError("wait", "for the browser", code: EINTR) }
            guard Self.isReady(descriptor, milliseconds: min(left, 250)) else { continue }
            let visitor = accept(descriptor, nil, nil)
            guard visitor >= 0 else { continue }
            defer { close(visitor) }
            guard let line = Self.requestLine(visitor), let query = Self.query(line) else {
                Self.answer(visitor, "404 Not Found", "There is nothing here.")
                continue
            }
            Self.answer(visitor, "200 OK", "That is done. You can close this page and go back to the terminal.")
            return query
        }
    }

    private static func isReady(_ descriptor: Int32, milliseconds: Int64) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, Int32(clamping: milliseconds)) > 0
    }

    /// Who says nothing for a while is not waited for.
    private static let patienceMilliseconds: Int64 = 2_000

    private static func requestLine(_ visitor: Int32) -> String? {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < mostBytes {
            guard isReady(visitor, milliseconds: patienceMilliseconds) else { return nil }
            let count = recv(visitor, &room, room.count, 0)
            guard count > 0 else { return nil }
            bytes += room.prefix(count)
            // All of the request, so that the browser gets to hear the answer.
            if bytes.firstRange(of: Array("\r\n\r\n".utf8)) != nil {
                let line = bytes.prefix { $0 != 13 && $0 != 10 }
                return String(decoding: line, as: UTF8.self)
            }
        }
        return nil
    }

    /// What the answer of a grant has, and nothing else has.
    private static func query(_ line: String) -> String? {
        let words = line.split(separator: " ")
        guard words.count >= 2, words[0] == "GET", let mark = words[1].firstIndex(of: "?") else { return nil }
        let query = String(words[1][words[1].index(after: mark)...])
        return query.contains("state=") ? query : nil
    }

    private static func answer(_ visitor: Int32, _ status: String, _ text: String) {
        let page =
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Daybook</title><p>\(text)</p></html>\n"
        let head = """
            HTTP/1.1 \(status)\r
            Content-Type: text/html; charset=utf-8\r
            Content-Length: \(page.utf8.count)\r
            Cache-Control: no-store\r
            Referrer-Policy: no-referrer\r
            X-Content-Type-Options: nosniff\r
            Content-Security-Policy: default-src 'none'\r
            Connection: close\r
            \r

            """
        let bytes = Array((head + page).utf8)
        _ = send(visitor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        shutdown(visitor, Int32(SHUT_WR))
    }
}
