import Glibc

/// A client that says exactly what it is told to, over a socket that blocks.
final class Caller {
    let descriptor: Int32
    private var received: [UInt8] = []

    struct Heard {
        let status: Int
        /// With names in lower case.
        let headers: [(name: String, value: String)]
        let body: [UInt8]

        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// - Parameter from: an address of this machine, so that a test can be several clients.
    init(
        _ port: Int, from: String = "127.0.0.1", to: String = "127.0.0.1", receiveBytes: Int32? = nil,
        patienceMilliseconds: Int = 20_000
    ) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        precondition(descriptor >= 0, "no socket: \(errno)")
        if var receiveBytes {
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBytes, socklen_t(MemoryLayout<Int32>.size))
        }
        // A test that waits for what does not come fails instead of hanging.
        var patience = timeval(
            tv_sec: patienceMilliseconds / 1_000, tv_usec: patienceMilliseconds % 1_000 * 1_000)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        // Binding takes a port for itself alone, of which there are not so many.
        if from != "127.0.0.1" { unsafe Self.address(from, 0) { _ = unsafe bind(descriptor, $0, $1) } }
        let isConnected = unsafe Self.address(to, port) { unsafe connect(descriptor, $0, $1) == 0 }
        precondition(isConnected, "cannot connect: \(errno)")
    }

    deinit { close(descriptor) }

    /// Says that nothing more comes, and still listens.
    func endSaying() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Goes without a word, for both directions.
    func leave() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private static func address<Answer>(
        _ text: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Answer
    ) -> Answer {
        var internet = sockaddr_in()
        internet.sin_family = sa_family_t(AF_INET)
        internet.sin_port = UInt16(port).bigEndian
        unsafe inet_pton(AF_INET, text, &internet.sin_addr)
        return unsafe withUnsafePointer(to: &internet) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    // MARK: Saying

    /// False when the other side has closed.
    @discardableResult
    func say(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func say(_ text: String) -> Bool { say(Array(text.utf8)) }

    @discardableResult
    func ask(_ method: String, _ target: String, headers: [String] = [], body: String? = nil) -> Heard? {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for header in headers { text += header + "\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        say(text + "\r\n" + (body ?? ""))
        return hear(bodyless: method == "HEAD")
    }

    // MARK: Hearing

    /// The next answer, nil when the connection ended before it was whole.
    func hear(bodyless: Bool = false) -> Heard? {
        guard let head = hearHead() else { return nil }
        if bodyless || head.status == 204 || head.status == 304 { return head }
        if head.header("transfer-encoding") == "chunked" {
            var body: [UInt8] = []
            while let chunk = hearChunk() {
                if chunk.isEmpty { return Heard(status: head.status, headers: head.headers, body: body) }
                body += chunk
            }
            return nil
        }
        if let length = head.header("content-length").flatMap(Int.init) {
            guard let body = take(length) else { return nil }
            return Heard(status: head.status, headers: head.headers, body: body)
        }
        return Heard(status: head.status, headers: head.headers, body: hearAll())
    }

    func hearHead() -> Heard? {
        guard let line = hearLine() else { return nil }
        let words = line.split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
        var headers: [(name: String, value: String)] = []
        while let line = hearLine() {
            if line.isEmpty { return Heard(status: status, headers: headers, body: []) }
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            headers.append((line[..<colon].lowercased(), String(line[colon...].dropFirst().drop { $0 == " " })))
        }
        return nil
    }

    /// Empty at the end of the body, nil when it was cut off.
    func hearChunk() -> [UInt8]? {
        guard let line = hearLine(), let size = Int(line, radix: 16), let chunk = take(size), take(2) != nil else {
            return nil
        }
        return chunk
    }

    /// Everything up to the end of the connection.
    func hearAll() -> [UInt8] {
        while more() {}
        defer { received = [] }
        return received
    }

    private func hearLine() -> String? {
        var searched = 0
        while true {
            if let end = received[searched...].firstIndex(of: 0x0A) {
                let line = received[..<end]
                defer { received.removeFirst(end + 1) }
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            searched = received.count
            guard more() else { return nil }
        }
    }

    private func take(_ count: Int) -> [UInt8]? {
        while received.count < count { guard more() else { return nil } }
        defer { received.removeFirst(count) }
        return Array(received.prefix(count))
    }

    private func more() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }
}
