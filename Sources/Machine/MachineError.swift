#if canImport(Glibc)
    import Glibc
#endif

/// What the operating system said, about which file, while what was tried.
public struct MachineError: Error, Equatable, Sendable, CustomStringConvertible {
    public let code: Int32
    /// As a verb: "open", "write".
    public let action: String
    public let path: String

    init(_ action: String, _ path: String, code: Int32 = errno) {
        self.code = code
        self.action = action
        self.path = path
    }

    public var reason: String { String(cString: strerror(code)) }

    public var description: String { "cannot \(action) \(path): \(reason)" }

    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    public var isForbidden: Bool { code == EACCES || code == EPERM || code == EROFS }
    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
    /// The disk could not read or write.
    public var isDiskFailure: Bool { code == EIO }
    /// A folder where a file should be, or a file where a folder should be.
    public var isOfAnotherKind: Bool { code == EISDIR || code == ENOTDIR || code == EEXIST }
    public var exists: Bool { code == EEXIST || code == ENOTEMPTY }
    /// A signal came while it waited.
    public var isInterrupted: Bool { code == EINTR }
    /// Nobody reads any more: the other end of the pipe is closed.
    public var isBrokenPipe: Bool { code == EPIPE }
}
