import Glibc

/// An exclusive lock on a file, held until its owner ends, also when that is a crash: the kernel lets go of it.
public struct Lock: ~Copyable {
    private let file: File

    /// Who holds the lock, as its holder wrote it down.
    public struct Holder: Error, Equatable, Sendable {
        public let process: Int32?
        public let purpose: String
    }

    /// True for as long as there is a value to ask: it keeps the lock alive up to where it is asked.
    public var isHeld: Bool { file.descriptor >= 0 }

    private init(_ file: consuming File) { self.file = file }

    /// Takes the lock, waiting for at most `milliseconds`; throws the holder when it stays taken.
    public static func take(
        _ path: String, purpose: String, waitingMilliseconds milliseconds: Int = 0
    ) throws -> Lock {
        let file = try File.locking(path)
        let deadline = Moment.monotonicMilliseconds() + Int64(milliseconds)
        while flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw MachineError("lock", path) }
            if Moment.monotonicMilliseconds() >= deadline { throw holder(path) }
            usleep(10_000)
        }
        try file.replaceContent(Array("\(getpid())\n\(purpose)\n".utf8))
        return Lock(file)
    }

    private static func holder(_ path: String) -> Holder {
        let lines = ((try? Folder.read(path, limit: 4096)) ?? []).split(separator: 0x0a)
            .map { String(decoding: $0, as: UTF8.self) }
        return Holder(process: lines.first.flatMap { Int32($0) }, purpose: lines.count > 1 ? lines[1] : "")
    }
}
