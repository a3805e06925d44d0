import Glibc

/// A connection between two processes of this machine, over a socket in the file system: lines of text, both ways.
///
/// One thread reads and any may write. It is unchecked because the descriptor is guarded by nothing but that rule.
public final class LocalConnection: @unchecked Sendable {
    private let descriptor: Int32
    private var waiting: [UInt8] = []
    private var looked = 0
    private let writing = Guarded(false)

    /// A line of more is refused: no answer comes near it.
    public static let longestLine = 256 << 20

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Connects to who listens at a path; nil where nobody does.
    public static func connect(to path: String) throws(MachineError) -> LocalConnection? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw MachineError("open", "a socket") }
        let connection = LocalConnection(descriptor)
        guard let place = SocketPlace(path) else { throw MachineError("connect to", path, code: ENAMETOOLONG) }
        let code = place.withPointer { Glibc.connect(descriptor, $0, $1) }
        if code == 0 { return connection }
        // Nobody ever listened there, or whoever did has died.
        if errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR { return nil }
        throw MachineError("connect to", path)
    }

    /// The user of the process at the other end, as the kernel says it.
    public var peerUser: UInt32? {
        var credentials = PeerCredentials()
        var length = socklen_t(MemoryLayout<PeerCredentials>.size)
        let code = getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
        return code == 0 ? credentials.user : nil
    }

    /// Whether something comes within a time, or has come, or nothing ever will.
    public func hasNews(milliseconds: Int32) -> Bool {
        if waiting[looked...].contains(0x0a) { return true }
        var place = pollfd(fd: descriptor, events: Int16(POLLIN) | Self.readHangUp, revents: 0)
        return poll(&place, 1, milliseconds) != 0
    }

    /// The next line without its end; nil when the other side has gone.
    public func readLine() throws(MachineError) -> [UInt8]? {
        while true {
            if let end = waiting[looked...].firstIndex(of: 0x0a) {
                defer {
                    waiting.removeFirst(end + 1)
                    looked = 0
                }
                return Array(waiting[..<end])
            }
            looked = waiting.count
            guard waiting.count <= Self.longestLine else { throw MachineError("read", "the socket", code: EMSGSIZE) }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 {
                if errno == EINTR {
                    if Interruption.signalNumber != nil { throw MachineError("read", "the socket", code: EINTR) }
                    continue
                }
                if errno == ECONNRESET { return nil }
                throw MachineError("read", "the socket")
            }
            if count == 0 { return nil }
            waiting += buffer.prefix(count)
        }
    }

    /// Sends a line; false when the other side has gone.
    @discardableResult
    public func write(line: [UInt8]) -> Bool {
        writing.with { _ in
            var bytes = line[...]
            bytes.append(0x0a)
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                bytes = bytes.dropFirst(count)
            }
            return true
        }
    }

    /// Whether the other side is still there, without waiting.
    public var isOpen: Bool {
        var place = pollfd(fd: descriptor, events: Self.readHangUp, revents: 0)
        guard poll(&place, 1, 0) > 0 else { return true }
        return place.revents & (Self.readHangUp | Int16(POLLHUP) | Int16(POLLERR)) == 0
    }

    /// POLLRDHUP, which Swift does not see.
    private static let readHangUp: Int16 = 0x2000

    /// Nothing more is heard from the other side; what is said to it still arrives.
    public func stopReading() { shutdown(descriptor, Int32(SHUT_RD)) }

    /// Ends the connection in both directions; whoever waits for a line gets none.
    public func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Someone who neither reads nor writes for so long has gone.
    public func limit(writingSeconds seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }
}

/// `struct ucred`, which Swift does not see.
private struct PeerCredentials {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0
}

/// Listens at a path of the file system for other processes of the same user.
public final class LocalListener: @unchecked Sendable {
    private let descriptor: Int32
    private let path: String

    /// A socket that a kill has left there is replaced: whoever calls this holds the lock of the home.
    public init(path: String) throws(MachineError) {
        self.path = path
        guard let place = SocketPlace(path) else { throw MachineError("listen at", path, code: ENAMETOOLONG) }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw MachineError("listen at", path) }
        unlink(path)
        let before = umask(0o177)
        defer { umask(before) }
        guard place.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, 64) == 0 else {
            let error = MachineError("listen at", path)
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// The next who connects; nil once the listener has been ended.
    public func accept() -> LocalConnection? {
        while true {
            let visitor = Glibc.accept(descriptor, nil, nil)
            if visitor >= 0 {
                _ = fcntl(visitor, F_SETFD, FD_CLOEXEC)
                return LocalConnection(visitor)
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            // Too many files are open; one of them will be closed.
            case EMFILE, ENFILE, ENOMEM, ENOBUFS: usleep(50_000)
            default: return nil
            }
        }
    }

    /// Nobody gets in any more, and the path is free.
    public func end() {
        unlink(path)
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

/// A path as the address of a socket. The kernel takes 107 bytes; a longer path is named by its folder, held open.
private final class SocketPlace {
    private let address: LocalAddress
    private let folder: Int32

    init?(_ path: String) {
        if let address = LocalAddress(path) {
            (self.address, folder) = (address, -1)
            return
        }
        guard let slash = path.lastIndex(of: "/") else { return nil }
        let folder = open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        guard let address = LocalAddress("/proc/self/fd/\(folder)/\(path[path.index(after: slash)...])") else {
            close(folder)
            return nil
        }
        (self.address, self.folder) = (address, folder)
    }

    deinit { if folder >= 0 { close(folder) } }

    func withPointer<Answer>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Answer) -> Answer {
        address.withPointer(body)
    }
}
