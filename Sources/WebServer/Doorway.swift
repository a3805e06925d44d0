import CMicroHTTPD
import Glibc

/// A socket that listens.
struct Doorway {
    let descriptor: Int32
    let port: Int

    init(_ options: Listener.Options) throws(ListenerError) {
        let place = options.address.contains(":") ? "[\(options.address)]" : options.address
        let name = options.socket == nil ? "\(place):\(options.port)" : "the socket that was handed over"
        do throws(Failure) {
            if let socket = options.socket {
                descriptor = socket
            } else {
                descriptor = try Self.open(options.address, options.port)
            }
            port = try Self.port(of: descriptor)
        } catch {
            throw ListenerError(code: error.code, place: name)
        }
    }

    private struct Failure: Error {
        let code: Int32
    }

    private static func open(_ address: String, _ port: Int) throws(Failure) -> Int32 {
        guard let number = UInt16(exactly: port) else { throw Failure(code: EINVAL) }
        var internet = sockaddr_in()
        var internet6 = sockaddr_in6()
        if inet_pton(AF_INET, address, &internet.sin_addr) == 1 {
            internet.sin_family = sa_family_t(AF_INET)
            internet.sin_port = number.bigEndian
            return try bind(AF_INET, &internet, MemoryLayout<sockaddr_in>.size)
        }
        if inet_pton(AF_INET6, address, &internet6.sin6_addr) == 1 {
            internet6.sin6_family = sa_family_t(AF_INET6)
            internet6.sin6_port = number.bigEndian
            return try bind(AF_INET6, &internet6, MemoryLayout<sockaddr_in6>.size)
        }
        throw Failure(code: EINVAL)
    }

    private static func bind(_ family: Int32, _ address: UnsafeRawPointer, _ size: Int) throws(Failure) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let socket = Glibc.socket(family, kind, 0)
        guard socket >= 0 else { throw Failure(code: errno) }
        var yes: Int32 = 1
        // A port that was just used can be used again at once.
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let isBound = Glibc.bind(socket, address.assumingMemoryBound(to: sockaddr.self), socklen_t(size)) == 0
        guard isBound, listen(socket, SOMAXCONN) == 0 else {
            let failure = Failure(code: errno)
            close(socket)
            throw failure
        }
        return socket
    }

    /// 0 for a Unix socket.
    private static func port(of socket: Int32) throws(Failure) -> Int {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let family = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32? in
                getsockname(socket, address, &size) == 0 ? Int32(address.pointee.sa_family) : nil
            }
        }
        guard let family else { throw Failure(code: errno) }
        return withUnsafeBytes(of: storage) {
            switch family {
            case AF_INET: Int(UInt16(bigEndian: $0.load(as: sockaddr_in.self).sin_port))
            case AF_INET6: Int(UInt16(bigEndian: $0.load(as: sockaddr_in6.self).sin6_port))
            default: 0
            }
        }
    }

    /// How many connections the process can have open, of those that are wanted: a half of its descriptors is left for the rest
    /// of the program. The limit is raised as far as the system allows.
    static func connections(wanted: Int) -> Int {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return wanted }
        let needed = rlim_t(wanted) * 2
        if limit.rlim_cur < needed, limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = min(needed, limit.rlim_max)
            setrlimit(files, &limit)
            getrlimit(files, &limit)
        }
        return max(1, min(wanted, Int(clamping: limit.rlim_cur / 2)))
    }
}
