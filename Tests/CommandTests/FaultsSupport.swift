import Children
import Entries
import Foundation
import Rehearsal
import Testing

/// The built `daybook`, run as its user runs it: a process with words, an environment and a standard input.
enum FaultProgram {
    /// The tests were built with a sanitizer.
    static let isSanitized = ProcessInfo.processInfo.environment["DAYBOOK_TEST_SANITIZED"] != nil

    /// It lies beside the bundle of the tests.
    static let path: String = {
        let arguments = CommandLine.arguments
        let bundle = arguments.firstIndex(of: "--test-bundle-path").flatMap { arguments.dropFirst($0 + 1).first }
        return URL(filePath: bundle ?? arguments[0]).deletingLastPathComponent().appending(path: "daybook").path
    }()

    static let isThere = FileManager.default.isExecutableFile(atPath: path)

    /// A sanitizer wants to be the first library of a process, and so does what the tests preload.
    static let takesShims: Bool = {
        guard isThere, FaultShim.compiler != nil, let bytes = FileManager.default.contents(atPath: path) else {
            return false
        }
        return ["__asan_init", "__tsan_init"].allSatisfy { bytes.range(of: Data($0.utf8)) == nil }
    }()

    static let hasPython = (try? FaultRun(["python3", "--version"], by: "/usr/bin/env").code) == 0

    static let mayMount: Bool = {
        guard isThere else { return false }
        let script = "mount -t tmpfs -o size=64k none /mnt"
        return (try? FaultRun(["-m", "sh", "-c", script], by: "/usr/bin/unshare").code) == 0
    }()

    /// A number from the environment, for those who want more of it.
    static func count(_ name: String, otherwise standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
    }

    /// Whether every N is wanted, however long it takes.
    static let sweepsAll = count("DAYBOOK_TEST_SWEEP", otherwise: 0) > 0

    /// The seed of a run: printed when something fails, and taken from the environment to repeat it.
    static let seed = UInt64(count("DAYBOOK_TEST_SEED", otherwise: Int(Date().timeIntervalSince1970)))
}

/// A process that has run to its end.
struct FaultRun {
    /// The exit code; -9 and the like when a signal ended it.
    let code: Int32
    let output: String
    let errors: String

    init(
        _ words: [String], by program: String = FaultProgram.path, environment: [String: String] = [:],
        input: String = ""
    ) throws {
        let folder = try FaultFolder.make()
        defer { FaultFolder.remove(folder) }
        try Data(input.utf8).write(to: URL(filePath: folder + "/input"))
        for name in ["output", "errors"] { try Data().write(to: URL(filePath: "\(folder)/\(name)")) }
        let streams = [
            FileHandle(forReadingAtPath: folder + "/input"), FileHandle(forWritingAtPath: folder + "/output"),
            FileHandle(forWritingAtPath: folder + "/errors"),
        ]
        defer { for stream in streams { try? stream?.close() } }
        let child = Child()
        child.executableURL = URL(filePath: program)
        child.arguments = words
        child.environment = Self.environment(environment)
        (child.standardInput, child.standardOutput, child.standardError) = (streams[0], streams[1], streams[2])
        code = try child.runToEnd()
        output = String(decoding: FileManager.default.contents(atPath: folder + "/output") ?? Data(), as: UTF8.self)
        errors = String(decoding: FileManager.default.contents(atPath: folder + "/errors") ?? Data(), as: UTF8.self)
    }

    static func environment(_ added: [String: String]) -> [String: String] {
        let own = ProcessInfo.processInfo.environment.filter { ["PATH", "LD_LIBRARY_PATH", "TMPDIR"].contains($0.key) }
        let fixed = ["SWIFT_BACKTRACE": "enable=no", "TZ": "UTC", "HOME": "/nonexistent", "USER": "ada"]
        return own.merging(fixed) { $1 }.merging(added) { $1 }
    }

    /// Whether it said once and in words what is wrong: a message, and below it nothing but what to do.
    var isOneClearMessage: Bool {
        let lines = errors.split(separator: "\n")
        return lines.filter { $0.hasPrefix("daybook: ") }.count == 1 && lines.last?.hasPrefix("  → ") == true
            && !["Fatal error", "in: SELECT", "stack"].contains { errors.contains($0) }
    }
}

extension Child {
    func runToEnd() throws -> Int32 {
        let end = DispatchSemaphore(value: 0)
        terminationHandler = { _ in end.signal() }
        try run()
        end.wait()
        return endCode
    }

    var endCode: Int32 { terminationReason == .uncaughtSignal ? -terminationStatus : terminationStatus }
}

enum FaultFolder {
    /// In memory where that can be had: what a disk would lose is simulated, and need not be waited for.
    private static let parent =
        FileManager.default.isWritableFile(atPath: "/dev/shm")
        ? "/dev/shm" : FileManager.default.temporaryDirectory.path

    static func make() throws -> String {
        let folder = "\(parent)/faults-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// Every file below a folder, by its name within it.
    static func contents(_ path: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            files[name] = FileManager.default.contents(atPath: "\(path)/\(name)")
        }
        return files
    }

    static func write(_ files: [String: Data], to path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for (name, bytes) in files {
            _ = FileManager.default.createFile(
                atPath: "\(path)/\(name)", contents: bytes, attributes: [.posixPermissions: 0o600])
        }
    }
}

/// One of the libraries in tools/faults, compiled for this run, to be preloaded.
struct FaultShim {
    let path: String

    static let compiler: String? = ["clang", "cc", "gcc"].lazy.compactMap { name in
        ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }.first

    init(_ name: String, in folder: String) throws {
        path = "\(folder)/\(name).so"
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../tools/faults")
        let words = ["-shared", "-fPIC", "-O1", "-o", path, root.appending(path: "\(name).c").path, "-ldl"]
        let made = try FaultRun(words, by: try #require(Self.compiler))
        try #require(made.code == 0, "\(made.errors)")
    }
}

/// A home of its own in a folder of its own. Beside it there is room for what a test needs.
struct FaultHome {
    let folder: String
    var path: String { folder + "/home" }

    /// What every home begins with: a user, a small history, and views of it.
    static let beginning: Result<(files: [String: Data], entries: [Found]), any Error> = Result {
        let folder = try FaultFolder.make()
        defer { FaultFolder.remove(folder) }
        let home = FaultHome(folder: folder)
        _ = try home.succeeds("init", "--name", "Ada")
        _ = try home.appends(FaultLines.first)
        _ = try home.succeeds("metrics")
        return (try FaultFolder.contents(home.path), try home.entries())
    }

    static func with<Answer>(isEmpty: Bool = false, _ body: (FaultHome) throws -> Answer) throws -> Answer {
        let folder = try FaultFolder.make()
        defer { FaultFolder.remove(folder) }
        let home = FaultHome(folder: folder)
        if !isEmpty { try home.reset() }
        return try body(home)
    }

    func reset() throws {
        FaultFolder.remove(path)
        try FaultFolder.write(try Self.beginning.get().files, to: path)
    }

    func run(_ words: String..., environment: [String: String] = [:], input: String = "") throws -> FaultRun {
        try FaultRun(words + ["--home", path], environment: environment, input: input)
    }

    func succeeds(_ words: String..., input: String = "") throws -> FaultRun {
        let ran = try FaultRun(words + ["--home", path], input: input)
        try #require(ran.code == 0, "daybook \(words.joined(separator: " ")): \(ran.code) \(ran.errors)")
        return ran
    }

    @discardableResult
    func appends(_ lines: [String]) throws -> [Acknowledged] {
        try Acknowledged.read(succeeds("append", "--batch", "100", input: lines.joined(separator: "\n")).output)
    }

    /// An entry as `log --json` tells it.
    struct Found: Equatable {
        let position: Int64
        let key: String?
        let hash: String
        let at: Int64
    }

    func entries(_ words: String...) throws -> [Found] {
        let ran = try FaultRun(["log", "--json", "--all"] + words + ["--home", path])
        try #require(ran.code == 0, "log: \(ran.code) \(ran.errors)")
        return try ran.output.split(separator: "\n").map { line in
            let read = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let members = try #require(read as? [String: Any])
            return Found(
                position: try #require(members["position"] as? Int64), key: members["key"] as? String,
                hash: try #require(members["hash"] as? String), at: try #require(members["at"] as? Int64))
        }
    }

    /// Nil if `verify` is content; else what it said.
    func flaw(withViews: Bool = true) throws -> String? {
        let ran = try FaultRun(["verify", "--home", path] + (withViews ? [] : ["--ledger-only"]))
        return ran.code == 0 ? nil : "verify ended with \(ran.code): \(ran.output)\(ran.errors)"
    }

    /// What is wrong with a home in which these were acknowledged; nil if nothing is.
    func flaw(after acknowledged: [Acknowledged], withViews: Bool = true) throws -> String? {
        if let flaw = try flaw(withViews: withViews) { return flaw }
        let entries = try entries()
        for (index, entry) in entries.enumerated() where entry.position != Int64(index + 1) {
            return "entry \(index + 1) is missing"
        }
        for known in acknowledged {
            guard known.position <= Int64(entries.count) else { return "entry \(known.position) is lost" }
            if entries[Int(known.position) - 1].hash != known.hash { return "entry \(known.position) is another" }
        }
        let keys = entries.compactMap(\.key)
        return Set(keys).count == keys.count ? nil : "a key stands there twice"
    }
}

/// What `append` answers for a line, when the disk has it.
struct Acknowledged: Equatable {
    let position: Int64
    let hash: String
    let isRepeated: Bool

    /// The whole lines of an output that may have been cut.
    static func read(_ output: String) throws -> [Acknowledged] {
        let whole = output[..<(output.lastIndex(of: "\n") ?? output.startIndex)]
        return try whole.split(separator: "\n").map { line in
            let members = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            return Acknowledged(
                position: try #require(members["position"] as? Int64), hash: try #require(members["hash"] as? String),
                isRepeated: try #require(members["is_repeated"] as? Bool))
        }
    }
}

/// Invented entries as lines for `append`, each with a key.
enum FaultLines {
    /// The entries that `init` writes.
    static let made: Int64 = 2

    static let first = lines(12, seed: 1, after: made)

    /// Such as go on behind those of `FaultHome.beginning`.
    static func following(_ count: Int, seed: UInt64 = 2) -> [String] {
        lines(count, seed: seed, after: made + Int64(first.count))
    }

    private static func lines(_ count: Int, seed: UInt64, after position: Int64) -> [String] {
        var invention = Invention(seed: seed, users: 2, after: position)
        return (0..<count).map { number in line(invention.next(), key: seed << 32 | UInt64(number)) }
    }

    private static func line(_ draft: Draft, key: UInt64) -> String {
        let digits = String(key, radix: 16)
        var members = [
            #""type":"\#(draft.type)""#, #""stream":"\#(draft.stream)""#, #""owner":"\#(draft.owner)""#,
            #""actor":"\#(draft.actor)""#,
            #""key":"\#(String(repeating: "0", count: 16 - digits.count))\#(digits)""#,
            #""data":\#(String(decoding: draft.content.data, as: UTF8.self))"#,
        ]
        if let cause = draft.cause { members.append(#""cause":\#(cause)"#) }
        if let personal = draft.content.personal {
            members.append(#""personal":\#(String(decoding: personal, as: UTF8.self))"#)
        }
        return "{" + members.joined(separator: ",") + "}"
    }
}
