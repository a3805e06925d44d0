import Glibc

/// Why nobody can be listened to.
public struct ListenerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the operating system said; 0 when it was the library that would not start.
    public let code: Int32
    /// The address and the port.
    public let place: String

    public var isInUse: Bool { code == EADDRINUSE }
    public var isForbidden: Bool { code == EACCES || code == EPERM }

    public var description: String {
        let reason = code == 0 ? "libmicrohttpd would not start" : String(cString: strerror(code))
        return "cannot listen on \(place): \(reason)"
    }
}
