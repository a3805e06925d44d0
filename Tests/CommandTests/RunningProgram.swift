import Children
import Foundation
import Testing

/// The program as it is built, run as a user would, in a folder of its own which is gone afterwards.
final class RunningProgram: Sendable {
    /// What lies in it and beside it: the home, and what commands write.
    let place: String
    let home: String

    struct Ended {
        let status: Int32
        let output: String
        let error: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// With a home for Ada in it, unless none is wanted.
    init(withHome: Bool = true) throws {
        place = FileManager.default.temporaryDirectory.appending(path: "command-\(UUID().uuidString)").path
        home = place + "/home"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        if withHome {
            let made = try run("init", "--name", "Ada Brandt")
            try #require(made.status == 0, "\(made.error)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: place) }

    /// The program stands beside the tests.
    static let path: String = {
        let words = CommandLine.arguments
        let named = words.firstIndex(of: "--test-bundle-path").map { words[$0 + 1] } ?? words[0]
        return URL(filePath: named).deletingLastPathComponent().appending(path: "daybook").path
    }()

    /// The folder of the package, from the place of this file in it.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    func path(_ name: String) -> String { place + "/" + name }

    // MARK: Running

    /// Runs a command to its end. What it says goes to files, so that it never waits for a reader.
    func run(_ words: String..., input: String = "", with more: [String: String] = [:]) throws -> Ended {
        try run(Self.path, words, input: input, more)
    }

    /// Runs a line of shell, in which `daybook` is the program.
    func shell(_ line: String, with more: [String: String] = [:]) throws -> Ended {
        try run("/bin/bash", ["-c", line], input: "", more)
    }

    private func run(_ path: String, _ words: [String], input: String, _ more: [String: String]) throws -> Ended {
        let name = place + "/." + UUID().uuidString
        let files = ["in", "out", "err"].map { "\(name).\($0)" }
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        try Data(input.utf8).write(to: URL(filePath: files[0]))
        for file in files.dropFirst() { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        let process = process(path, words, more)
        process.standardInput = FileHandle(forReadingAtPath: files[0])
        process.standardOutput = FileHandle(forWritingAtPath: files[1])
        process.standardError = FileHandle(forWritingAtPath: files[2])
        try process.run()
        process.waitUntilExit()
        // A signal ends a process without a number of its own; shells count from 128.
        let status = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
        return Ended(status: status, output: text(files[1]), error: text(files[2]))
    }

    private func process(_ path: String, _ words: [String], _ more: [String: String]) -> Child {
        let process = Child()
        process.executableURL = URL(filePath: path)
        process.arguments = words
        process.currentDirectoryURL = URL(filePath: place)
        let folder = URL(filePath: Self.path).deletingLastPathComponent().path
        process.environment = [
            "DAYBOOK_HOME": home, "HOME": place, "TZ": "UTC", "PATH": folder + ":/usr/bin:/bin",
            "SWIFT_BACKTRACE": "enable=no",
        ].merging(more) { $1 }
        return process
    }

    /// A command that goes on, and what it has said so far.
    func start(_ words: String..., with more: [String: String] = [:]) throws -> Going {
        try Going(process(Self.path, words, more))
    }

    final class Going {
        let process: Child
        private let input = Pipe()
        private let output = Pipe()
        private var said = ""

        fileprivate init(_ process: Child) throws {
            self.process = process
            process.standardInput = input
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
        }

        deinit { stop() }

        /// Ends it, without asking: a process that Foundation starts may have inherited that signals wait.
        func stop() { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

        func say(_ text: String) { input.fileHandleForWriting.write(Data(text.utf8)) }

        /// Waits until its output contains a text; false when it ended before.
        func says(_ text: String) -> Bool {
            while !said.contains(text) {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { return false }
                said += String(decoding: more, as: UTF8.self)
            }
            return true
        }

        /// Ends what it reads, and answers how it ended.
        func finish() throws -> Int32 {
            try input.fileHandleForWriting.close()
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    // MARK: Entries and files

    /// A line for `daybook append`.
    static func line(
        _ type: String = "user.changed", stream: String = "user/u", owner: String? = nil,
        data: String = #"{"user":"u"}"#,
        personal: String? = nil, key: String? = nil, cause: Int? = nil
    ) -> String {
        var line = #"{"type":"\#(type)","stream":"\#(stream)","data":\#(data)"#
        if let owner { line += #","owner":"\#(owner)""# }
        if let personal { line += #","personal":\#(personal)"# }
        if let key { line += #","key":"\#(key)""# }
        if let cause { line += #","cause":\#(cause)"# }
        return line + "}\n"
    }

    @discardableResult
    func append(_ lines: String..., batch: Int = 100) throws -> Ended {
        let ended = try run("append", "--batch", String(batch), input: lines.joined())
        try #require(ended.status == 0, "\(ended.error)")
        return ended
    }

    /// Replaces bytes of a file by as many others, as a fault of the disk or a hand would.
    func alter(_ name: String, _ text: String, to other: String) throws {
        let url = URL(filePath: home + "/" + name)
        var data = try Data(contentsOf: url)
        let place = try #require(data.range(of: Data(text.utf8)), "\(text) is not in \(name)")
        data.replaceSubrange(place, with: Data(other.utf8))
        try data.write(to: url)
    }

    func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

    func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}

/// A JSON object, or why the text is none.
func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
}
