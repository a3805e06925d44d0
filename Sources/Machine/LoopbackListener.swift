import Glibc

/// Waits on this machine for a browser that a provider sends back after its user has said yes or no.
///
/// It listens on 127.0.0.1 alone, and takes one request: a GET of its address that bears the state with which the browser
/// was sent away. All else is answered and forgotten: other names and paths, other states, pages that try their luck, clients that
/// are slow or talk rubbish.
public final class LoopbackListener {
    public let port: Int
    private let host: String
    private let path: String
    private let socket: Int32
    private var visitors: [Visitor] = []

    /// Browsers open connections that they never use, and a second one for an icon.
    private static let mostVisitors = 16
    /// For a request with all its headers. Other programs on this machine may have left cookies for its name.
    private static let longestRequest = 32 << 10
    private static let visitorPatience: Int64 = 10_000

    /// - Parameters:
    ///   - port: 0 takes one that is free.
    ///   - host: the name under which the browser is to find this machine, `127.0.0.1` or `localhost`.
    ///   - path: begins with a slash.
    public init(port: Int = 0, host: String = "127.0.0.1", path: String) throws(MachineError) {
        let name = "127.0.0.1:\(port == 0 ? "any" : String(port))"
        guard let number = UInt16(exactly: port) else { throw MachineError("listen on", name, code: EINVAL) }
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw MachineError("listen on", name) }
        Self.prepare(socket)
        // A port that was just used can be used again at once.
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard Self.bind(socket, number), listen(socket, 16) == 0, let bound = Self.boundPort(socket) else {
            let error = MachineError("listen on", name)
            close(socket)
            throw error
        }
        (self.socket, self.host, self.path, self.port) = (socket, host, path, bound)
    }

    deinit {
        for visitor in visitors { close(visitor.descriptor) }
        close(socket)
    }

    /// The address to which the browser is to be sent back.
    public var address: String { "http://\(host):\(port)\(path)" }

    /// Waits for the request that bears the state, and answers the whole address that it asked for. Nil when the time is
    /// over.
    public func wait(state: String, milliseconds: Int) throws(MachineError) -> String? {
        let end = Moment.monotonicMilliseconds() + Int64(milliseconds)
        defer { dismiss { _ in true } }
        while true {
            let now = Moment.monotonicMilliseconds()
            if Interruption.signalNumber != nil { throw MachineError("wait for", "the browser", code: EINTR) }
            dismiss { $0.until <= now }
            if now >= end { return nil }
            // Not for longer than a moment, so that whoever interrupts is heard whichever thread hears the signal.
            for index in ready(within: min(200, end - now)).reversed() {
                guard let index else {
                    welcome()
                    continue
                }
                if let address = hear(index, state) { return address }
            }
        }
    }
}

// MARK: Visitors

extension LoopbackListener {
    private struct Visitor {
        let descriptor: Int32
        let until: Int64
        var bytes: [UInt8] = []
    }

    /// The visitors that have something to say, and nil for a new one at the door.
    private func ready(within milliseconds: Int64) -> [Int?] {
        var places = ([socket] + visitors.map(\.descriptor)).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        guard poll(&places, nfds_t(places.count), Int32(milliseconds)) > 0 else { return [] }
        return places.indices.filter { places[$0].revents != 0 }.map { $0 == 0 ? nil : $0 - 1 }
    }

    private func welcome() {
        let descriptor = accept(socket, nil, nil)
        guard descriptor >= 0 else { return }
        Self.prepare(descriptor)
        if visitors.count == Self.mostVisitors { close(visitors.removeFirst().descriptor) }
        visitors.append(
            Visitor(descriptor: descriptor, until: Moment.monotonicMilliseconds() + Self.visitorPatience))
    }

    /// Reads on; answers the address when it is the request that was waited for.
    private func hear(_ index: Int, _ state: String) -> String? {
        guard visitors.indices.contains(index) else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(visitors[index].descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        guard count > 0 else {
            close(visitors.remove(at: index).descriptor)
            return nil
        }
        let known = visitors[index].bytes.count
        visitors[index].bytes += buffer.prefix(count)
        let isTooLong = visitors[index].bytes.count > Self.longestRequest
        guard isTooLong || BrowserRequest.isWhole(visitors[index].bytes, known: known) else { return nil }
        let visitor = visitors.remove(at: index)
        let (page, address) = judge(isTooLong ? nil : BrowserRequest(visitor.bytes), state)
        let answer = page.answer
        _ = send(visitor.descriptor, answer, answer.count, Int32(MSG_NOSIGNAL))
        close(visitor.descriptor)
        return address
    }

    private func judge(_ request: BrowserRequest?, _ state: String) -> (BrowserPage, address: String?) {
        guard let request else { return (.unreadable, nil) }
        // A page elsewhere may give this machine a name of its own; then the browser tells that name.
        guard request.host == "\(host):\(port)" else { return (.elsewhere, nil) }
        guard request.path == path else { return (.nothing, nil) }
        guard request.method == "GET" else { return (.notAllowed, nil) }
        let states = request.values(of: "state")
        guard states.count == 1, Self.isSame(states[0], state), !state.isEmpty else { return (.notWaitedFor, nil) }
        return (.done, "http://\(request.host)\(request.target)")
    }

    /// Found out in a time that does not tell where they differ.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        guard one.utf8.count == other.utf8.count else { return false }
        return zip(one.utf8, other.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func dismiss(_ isOver: (Visitor) -> Bool) {
        for visitor in visitors where isOver(visitor) { close(visitor.descriptor) }
        visitors.removeAll(where: isOver)
    }
}

// MARK: Sockets

extension LoopbackListener {
    private static func prepare(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    private static func bind(_ socket: Int32, _ port: UInt16) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func boundPort(_ socket: Int32) -> Int? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        return code == 0 ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
