import Glibc

/// What is done to files by their name.
public enum Folder {
    /// A file that is small enough to be held; more than `limit` bytes are an error, not a cut.
    public static func read(_ path: String, limit: Int = 64 << 20) throws(MachineError) -> [UInt8] {
        let file = try File.reading(path)
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let more = try file.read(upTo: 64 << 10)
            if more.isEmpty { return bytes }
            bytes += more
        }
        throw MachineError("read", path, code: EFBIG)
    }

    /// Writes beside the file, and puts it in its place when the disk has it: a reader sees the old or the new.
    public static func replace(_ path: String, with bytes: [UInt8]) throws(MachineError) {
        let temporary = "\(path).new-\(getpid())"
        unlink(temporary)
        do {
            let file = try File.creating(temporary)
            try file.write(bytes)
            try file.synchronize()
            try rename(temporary, to: path)
        } catch {
            unlink(temporary)
            throw MachineError("write", path, code: error.code)
        }
    }

    /// Renames, and returns when the disk has it.
    public static func rename(_ path: String, to target: String) throws(MachineError) {
        guard Glibc.rename(path, target) == 0 else { throw MachineError("replace", target) }
        try File.folder(parent(of: target)).synchronize()
    }

    public static func remove(_ path: String) throws(MachineError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw MachineError("remove", path) }
    }

    /// Removes the folder with all that is in it; of a link the link, and not what it leads to.
    public static func removeFolder(_ path: String) throws(MachineError) {
        for name in try names(in: path) {
            let inner = "\(path)/\(name)"
            if isFolder(inner), !isLink(inner) { try removeFolder(inner) } else { try remove(inner) }
        }
        guard rmdir(path) == 0 else { throw MachineError("remove", path) }
    }

    /// Makes the folder and those above it, for the owner alone. One that is there already is left as it is.
    public static func create(_ path: String) throws(MachineError) {
        if isFolder(path) { return }
        let above = parent(of: path)
        if above != path { try create(above) }
        guard mkdir(path, 0o700) == 0 || (errno == EEXIST && isFolder(path)) else { throw MachineError("create", path) }
    }

    /// Lets nobody but its owner into a folder.
    public static func makePrivate(_ path: String) throws(MachineError) {
        guard chmod(path, 0o700) == 0 else { throw MachineError("close", path) }
    }

    /// The names in a folder, sorted, without `.` and `..`.
    public static func names(in path: String) throws(MachineError) -> [String] {
        guard let stream = opendir(path) else { throw MachineError("read", path) }
        defer { closedir(stream) }
        var names: [String] = []
        while let item = readdir(stream) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// What tells a file from any other, as long as it lasts.
    public struct Identity: Sendable, Equatable {
        let device: UInt64
        let number: UInt64
    }

    /// Nil if there is no such file.
    public static func identity(_ path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    public struct Facts: Sendable, Equatable {
        public let byteCount: Int64
        /// The permission bits, as in 0o600.
        public let mode: UInt32
        /// Milliseconds since 1970.
        public let changedAt: Int64
        /// The user whose file it is.
        public let user: UInt32
    }

    /// Nil if there is no such file.
    public static func facts(_ path: String) -> Facts? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Facts(
            byteCount: Int64(status.st_size), mode: status.st_mode & 0o777,
            changedAt: Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000,
            user: status.st_uid)
    }

    public static func exists(_ path: String) -> Bool { facts(path) != nil }

    public static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// A file that can be read to its end, and no pipe or device.
    public static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether this process may make and replace files there.
    public static func isWritable(_ path: String) -> Bool { access(path, W_OK | X_OK) == 0 }

    /// The bytes that are free for this user on the disk of a folder; nil if nobody knows.
    public static func freeBytes(_ path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }

    public static func parent(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    /// The path from the root, so that it still holds when it is read elsewhere.
    public static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let buffer = getcwd(nil, 0) else { return path }
        defer { free(buffer) }
        return String(cString: buffer) + "/" + path
    }
}

extension Folder {
    /// Writes the file over itself, byte for byte, so that the disk has it whatever became of the writes before.
    public static func writeAgain(_ path: String) throws(MachineError) { try File.changing(path).writeAgain() }

    /// Returns when the disk has the file.
    public static func synchronize(_ path: String) throws(MachineError) { try File.reading(path).synchronize() }
}
