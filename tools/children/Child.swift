public import Foundation
import Glibc

/// A process that runs beside a test, with the names of Foundation's own `Process`: that one reads behind the end of a buffer
/// when a thousand and more files are open, as they are while servers are flooded, and then ends the tests.
public final class Child: @unchecked Sendable {
    public enum TerminationReason: Sendable { case exit, uncaughtSignal }

    public var executableURL: URL?
    public var arguments: [String]?
    /// Nil is that of the tests.
    public var environment: [String: String]?
    public var currentDirectoryURL: URL?
    /// A `FileHandle` or a `Pipe`; nil is that of the tests.
    public var standardInput: Any?
    public var standardOutput: Any?
    public var standardError: Any?
    /// Called once, when it has ended.
    public var terminationHandler: (@Sendable (Child) -> Void)?
    public private(set) var processIdentifier: pid_t = 0

    public struct Unstarted: Error, CustomStringConvertible {
        public let description: String
    }

    private let ending = NSCondition()
    private var status: Int32?

    public init() {}

    public func run() throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        var ours: [FileHandle] = []
        for (number, stream) in [standardInput, standardOutput, standardError].enumerated() {
            guard let stream else { continue }
            let file: FileHandle
            switch stream {
            case let pipe as Pipe:
                file = number == 0 ? pipe.fileHandleForReading : pipe.fileHandleForWriting
                // The other side hears of the end only when nobody else holds this one.
                ours.append(file)
            case let handle as FileHandle: file = handle
            default: throw Unstarted(description: "\(stream) is no stream")
            }
            unsafe posix_spawn_file_actions_adddup2(&actions, file.fileDescriptor, Int32(number))
        }
        Self.keepFiles()
        try unsafe spawn(&actions)
        for file in ours { try? file.close() }
        Thread.detachNewThread { self.await() }
    }

    private func spawn(_ actions: inout posix_spawn_file_actions_t) throws {
        var words = [executableURL?.path ?? ""] + (arguments ?? [])
        if let folder = currentDirectoryURL?.path { words = ["/usr/bin/env", "-C", folder] + words }
        let path = words[0]
        let named = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // What the tests made of signals is not what a program expects.
        var (usual, none) = (sigset_t(), sigset_t())
        unsafe sigfillset(&usual)
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &usual)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var texts = unsafe words.map { unsafe strdup($0) } + [nil]
        var variables = unsafe named.map { unsafe strdup($0) } + [nil]
        defer {
            let all = unsafe texts + variables
            for index in unsafe all.indices { unsafe free(all[index]) }
        }
        let code = unsafe posix_spawn(&processIdentifier, path, &actions, &attributes, &texts, &variables)
        guard code == 0 else { throw Unstarted(description: "\(path) was not started, error \(code)") }
    }

    /// What the tests have open is no business of a child: whoever waits for the end of a stream would wait for all children.
    private static func keepFiles() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            if let number = Int32(name), number > 2 { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
        }
    }

    private func await() {
        var word: Int32 = 0
        while unsafe waitpid(processIdentifier, &word, 0) < 0, errno == EINTR {}
        ending.withLock {
            status = word
            ending.broadcast()
        }
        terminationHandler?(self)
    }

    private func ended<Answer>(_ body: (Int32?) -> Answer) -> Answer { ending.withLock { body(status) } }

    public var isRunning: Bool { processIdentifier != 0 && ended { $0 == nil } }

    public func waitUntilExit() {
        ending.withLock { while status == nil { ending.wait() } }
    }

    public var terminationReason: TerminationReason { ended { ($0 ?? 0) & 0x7f == 0 ? .exit : .uncaughtSignal } }

    /// The number of the signal that ended it, where one did.
    public var terminationStatus: Int32 {
        ended { status in
            let word = status ?? 0
            return word & 0x7f == 0 ? (word >> 8) & 0xff : word & 0x7f
        }
    }

    public func terminate() { if isRunning { kill(processIdentifier, SIGTERM) } }
}
