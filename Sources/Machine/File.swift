import Glibc

/// An open file. It is closed when its owner ends.
public struct File: ~Copyable {
    let descriptor: Int32
    public let path: String

    private init(_ path: String, flags: Int32, mode: mode_t = 0o600, action: String) throws(MachineError) {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw MachineError(action, path) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    public static func reading(_ path: String) throws(MachineError) -> File {
        try File(path, flags: O_RDONLY, action: "read")
    }

    /// A file that must not be there yet, readable by its owner alone. No link is followed.
    public static func creating(_ path: String) throws(MachineError) -> File {
        try File(path, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, action: "create")
    }

    static func locking(_ path: String) throws(MachineError) -> File {
        try File(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, action: "open")
    }

    static func changing(_ path: String) throws(MachineError) -> File {
        try File(path, flags: O_RDWR | O_NOFOLLOW, action: "write")
    }

    static func folder(_ path: String) throws(MachineError) -> File {
        try File(path, flags: O_RDONLY | O_DIRECTORY, action: "open")
    }

    /// Up to `limit` bytes from where the last read ended; none at the end.
    public func read(upTo limit: Int) throws(MachineError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var count = 0
        while count < limit {
            let done = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + count, limit - count) }
            if done < 0 && errno == EINTR { continue }
            guard done >= 0 else { throw MachineError("read", path) }
            if done == 0 { break }
            count += done
        }
        bytes.removeLast(limit - count)
        return bytes
    }

    public func write(_ bytes: [UInt8]) throws(MachineError) {
        var written = 0
        while written < bytes.count {
            let done = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if done < 0 && errno == EINTR { continue }
            guard done > 0 else { throw MachineError("write", path) }
            written += done
        }
    }

    func replaceContent(_ bytes: [UInt8]) throws(MachineError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw MachineError("write", path)
        }
        try write(bytes)
    }

    /// Writes what is in the file over itself, and returns when the disk has it.
    func writeAgain() throws(MachineError) {
        var offset: off_t = 0
        while true {
            guard lseek(descriptor, offset, SEEK_SET) == offset else { throw MachineError("read", path) }
            let bytes = try read(upTo: 1 << 20)
            if bytes.isEmpty { break }
            guard lseek(descriptor, offset, SEEK_SET) == offset else { throw MachineError("write", path) }
            try write(bytes)
            offset += bytes.count
        }
        try synchronize()
    }

    /// Returns when the disk has it.
    public func synchronize() throws(MachineError) {
        guard fsync(descriptor) == 0 else { throw MachineError("write", path) }
    }
}
